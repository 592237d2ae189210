"""What cannot be kept is named, and nothing that the other side writes can stop a flow for good."""

from __future__ import annotations

from decimal import Decimal

import pytest

from comptoir.channels.models import Channel
from comptoir.channels.services import read_cursor
from comptoir.flows.execution import Execution
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue, Run
from comptoir.orders.models import Order
from comptoir.sdk.errors import TransientError, UnexpectedAnswer
from comptoir.sdk.records import Outcome, Verdict
from tests.domain.conftest import make_product
from tests.domain.records import order
from tests.flows.fakes import Market

Shop = tuple[Channel, Market]
NAN = Decimal("NaN")


def test_an_order_that_cannot_be_stored_is_an_issue_with_its_raw_payload_and_the_run_is_partial(
    shop: Shop,
) -> None:
    make_product("MOUSE", on_hand=5)
    shop[1].orders = {"A": order("A", "MOUSE"), "B": order("B", "MOUSE", total_amount=NAN, raw=b'{"b":1}')}
    run = run_flow("import_orders", "shop")
    assert run is not None
    assert run.outcome == Run.Outcome.PARTIAL
    issue = Issue.objects.get()
    assert (issue.reason, issue.subject_kind, issue.subject) == ("unreadable", "order", "B")
    assert issue.detail["raw"] == '{"b":1}'
    assert Order.objects.get().external_id == "A"


def test_the_issue_of_an_unreadable_order_closes_when_the_order_can_be_read(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    shop[1].orders = {"B": order("B", "MOUSE", total_amount=NAN)}
    run_flow("import_orders", "shop")
    shop[1].orders = {"B": order("B", "MOUSE")}
    run_flow("import_orders", "shop")
    assert Issue.objects.get().state == "closed"
    assert Order.objects.get().external_id == "B"


def test_what_is_set_aside_and_the_cursor_that_passes_it_are_kept_together_or_not_at_all(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_product("MOUSE", on_hand=5)
    shop[1].page_size = 1
    shop[1].orders = {i: order(i, "MOUSE", total_amount=NAN) for i in "AB"}

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Execution, "set_aside", lambda *a, **k: killed())
        with pytest.raises(KeyboardInterrupt):
            run_flow("import_orders", "shop")
    assert read_cursor(shop[0], "orders") == ""
    run_flow("import_orders", "shop")
    assert set(Issue.objects.values_list("subject", flat=True)) == {"A", "B"}


@pytest.mark.parametrize("error", [UnexpectedAnswer("half\x00a \ud83d page"), TransientError("50\x003")])
def test_words_that_no_database_holds_do_not_hide_the_failure_that_they_tell(
    shop: Shop, error: UnexpectedAnswer | TransientError
) -> None:
    shop[1].fail_next = [error]
    run = run_flow("import_orders", "shop")
    assert run is not None
    run.refresh_from_db()
    assert run.outcome == Run.Outcome.FAILED
    assert "\ufffd" in run.error


def test_a_verdict_keeps_the_words_that_can_be_kept() -> None:
    verdict = Verdict(key="A", outcome=Outcome.REJECTED, code="\x00", message="non\x00 é")
    assert (verdict.code, verdict.message) == ("\ufffd", "non\ufffd é")


def test_an_id_with_a_nul_is_named_all_the_same(shop: Shop) -> None:
    shop[1].orders = {"B": order("B\x00", "MOUSE", raw=b"\x00")}
    run_flow("import_orders", "shop")
    issue = Issue.objects.get()
    assert (issue.subject, issue.detail["raw"]) == ("B\ufffd", "\ufffd")
