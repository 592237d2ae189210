"""What cannot be kept is named, and nothing that the other side writes can stop a flow for good."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.catalog.models import Product as Article
from comptoir.channels.models import Channel
from comptoir.channels.services import read_cursor
from comptoir.core.envelopes import open_text
from comptoir.flows.execution import Execution
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue, Run
from comptoir.offers.models import Offer
from comptoir.orders.models import Order
from comptoir.sdk.errors import TransientError, UnexpectedAnswer
from comptoir.sdk.records import ListedOffer, Outcome, Product, ProductBatch, Rejected, Verdict
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import NOW, make_product
from tests.domain.records import order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market
from tests.flows.test_stock_counts import Side, count, level

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
    assert open_text(issue.detail["raw"], "issue shop B") == '{"b":1}'
    assert issue.detail["raw"].startswith("CS1")
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
    assert issue.subject == "B\ufffd"
    assert open_text(issue.detail["raw"], "issue shop B\ufffd") == "\ufffd"


# --- products and listed offers -------------------------------------------------------------------------


def product(sku: str, **fields: Any) -> Product:
    return Product(sku=sku, title=f"Product {sku}", **fields)


def deliver(erp: Side, *products: Product, rejected: tuple[Rejected, ...] = ()) -> None:
    number = len(erp[1].products) + 1
    batch = ProductBatch(key=f"p-{number}", cursor=f"{number:03}", products=products, rejected=rejected,
                         lines=tuple(range(2, len(products) + 2)))  # fmt: skip
    erp[1].products.append(batch)
    run_flow("import_products_from_erp", "erp")


LONG = "L" * 81


@pytest.mark.parametrize(
    "odd",
    [
        product(LONG),
        product(""),
        product("ODD", list_price=NAN),
        product("ODD", purchase_price=Decimal("1e15")),
        product("ODD", vat_rate=Decimal(2000)),
        product("ODD", weight_g=2**40),
        product("ODD", currency="EURO"),
        product("ODD", brand="a\x00b"),
        product("ODD", ean="1" * 15),
    ],
    ids=lambda odd: str(msgspec.to_builtins(odd))[:60].replace("\x00", "NUL"),
)
def test_a_product_that_cannot_be_kept_whole_is_named_and_the_others_are_taken(
    erp: Side, odd: Product
) -> None:
    deliver(erp, product("MOUSE"), odd, product("KEYBOARD", supplier="S" * 200))
    assert list(Article.objects.order_by("sku").values_list("sku", flat=True)) == ["KEYBOARD", "MOUSE"]
    issue = Issue.objects.get()
    assert (issue.reason, issue.subject_kind, issue.detail["line"]) == ("unreadable", "products", 3)
    assert erp[1].acknowledged == [("p-1", 1)]


def test_a_product_that_can_be_taken_again_closes_its_issue_and_a_note_about_it_keeps_it_open(
    erp: Side,
) -> None:
    note = Rejected(external_id="ODD", message="bad barcode", line=2)
    deliver(erp, product("ODD", list_price=NAN))
    deliver(erp, product("ODD"), rejected=(note,))
    assert (Issue.objects.get().state, Issue.objects.get().occurrences) == ("open", 2)
    deliver(erp, product("ODD"))
    assert Issue.objects.get().state == "closed"


def test_a_count_of_an_unknown_article_is_closed_when_the_article_can_be_counted(
    shop: Shop, erp: Side
) -> None:
    count(erp, level("MOUSE", 3), at=NOW)
    assert Issue.objects.get().state == "open"
    make_product("MOUSE")
    count(erp, level("MOUSE", 3), at=NOW)
    assert Issue.objects.get().state == "closed"


@pytest.mark.parametrize(
    "odd",
    [
        ListedOffer(sku=LONG, quantity=1, price=Decimal(5)),
        ListedOffer(sku="ODD", quantity=2**31, price=Decimal(5)),
        ListedOffer(sku="ODD", quantity=1, price=NAN),
        ListedOffer(sku="ODD", quantity=1, price=Decimal(-1)),
        ListedOffer(sku="ODD", quantity=1, price=Decimal(5), external_id="x" * 121),
        ListedOffer(sku="O\x00D", quantity=1, price=Decimal(5)),
    ],
    ids=["sku", "quantity", "nan", "negative", "id", "nul"],
)
def test_a_listed_offer_that_cannot_be_kept_is_named_and_the_rest_of_its_page_is_compared(
    shop: Shop, odd: ListedOffer
) -> None:
    shop[1].listed = [odd, ListedOffer(sku="OLD", quantity=4, price=Decimal(9))]
    run = run_flow("read_back_offers", "shop")
    assert run is not None
    assert run.outcome == Run.Outcome.PARTIAL
    assert Offer.objects.get().sku == "OLD"
    assert Issue.objects.get().subject_kind == "offer"


def test_a_drift_is_closed_when_the_channel_shows_ours_again(shop: Shop) -> None:
    Offer.objects.create(channel=shop[0], sku="MOUSE", state="listed", sent_quantity=5, desired_quantity=5,
                         sent_price=Decimal(9), desired_price=Decimal(9), changed_at=NOW)  # fmt: skip
    shop[1].listed = [ListedOffer(sku="MOUSE", quantity=8, price=Decimal(9))]
    run_flow("read_back_offers", "shop")
    assert Issue.objects.get().state == "open"
    Offer.objects.update(sent_quantity=5)  # published again
    shop[1].listed = [ListedOffer(sku="MOUSE", quantity=5, price=Decimal(9))]
    run_flow("read_back_offers", "shop")
    assert Issue.objects.get().state == "closed"


def test_an_order_missing_in_the_erp_is_closed_when_the_erp_has_it(
    shop: Shop, erp: Side, time: MovingClock
) -> None:
    make_product("MOUSE", on_hand=5)
    shop[1].orders = {"A": order("A", "MOUSE")}
    run_flow("import_orders", "shop")
    time.advance(hours=6)
    run_flow("reconcile_orders", "shop")
    assert Issue.objects.get(reason="missing").state == "open"
    for _ in range(2):
        run_flow("export_orders_to_erp", "erp")
    assert Issue.objects.get(reason="missing").state == "closed"


def test_an_order_that_the_polls_had_missed_is_closed_at_the_next_reconciliation(
    shop: Shop, erp: Side, time: MovingClock
) -> None:
    make_product("MOUSE", on_hand=5)
    run_flow("import_orders", "shop")
    shop[1].orders = {"A": order("A", "MOUSE", updated_at=NOW - timedelta(hours=1))}
    run_flow("reconcile_orders", "shop")
    assert Issue.objects.get(reason="missing").state == "open"
    time.advance(hours=1)
    run_flow("reconcile_orders", "shop")
    assert Issue.objects.get(reason="missing").state == "open"
    Order.objects.update(erp_state="confirmed")
    run_flow("reconcile_orders", "shop")
    assert Issue.objects.get(reason="missing").state == "closed"


def test_of_a_channel_that_was_away_nothing_was_missed(shop: Shop, time: MovingClock) -> None:
    make_product("MOUSE", on_hand=5)
    run_flow("import_orders", "shop")
    later = NOW + timedelta(hours=3)
    shop[1].orders = {"A": order("A", "MOUSE", status=OrderStatus.TO_ACCEPT, updated_at=later)}
    time.advance(hours=24)
    run_flow("reconcile_orders", "shop")
    assert Order.objects.get().external_id == "A"
    assert not Issue.objects.filter(reason="missing").exists()
