"""A buyer asks to be forgotten: nothing of them is left, the sale stays, and nothing brings them back."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner, Result

from comptoir.channels.models import Channel
from comptoir.config import cli
from comptoir.config.commands import privacy
from comptoir.config.problems import StartupProblem
from comptoir.core import clock
from comptoir.journal.issues import Reason, Trouble, open_issues
from comptoir.journal.models import Change, Exchange, Issue
from comptoir.orders.models import Order, RawOrder
from comptoir.sdk.records import Buyer
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import make_product
from tests.domain.records import order
from tests.domain.test_intake import take

ADDRESS = "zoe@alias.example"
ZOE = Buyer(name="Zoé Martin", email=ADDRESS, phone="+33 6 12 34 56 78")
RAW = b'{"name": "Zo\xc3\xa9 Martin"}'


@pytest.fixture
def shop(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> Channel:
    """Two orders of Zoé, one of them still to be sent; one of Inès. Each left traces."""
    monkeypatch.setattr(privacy, "open_hub", lambda: None)  # the tests' own database is open
    make_product("MOUSE", on_hand=9)
    delivered = {"status": OrderStatus.DELIVERED, "raw": RAW}
    take(channel, order("ZOE-1", "MOUSE", buyer=ZOE, **delivered), order("ZOE-2", "MOUSE", buyer=ZOE, raw=RAW),
         order("INES-1", "MOUSE", buyer=Buyer(name="Inès", email="ines@alias.example"), **delivered))  # fmt: skip
    for name in ("ZOE-1", "ZOE-2", "INES-1"):
        Exchange.objects.create(
            channel=channel.key, operation="OR11", method="GET", url=f"https://shop.example/{name}", status=200,
            started_at=clock.now(), duration_ms=1.0, response_body=f'{{"order_id": "{name}", "lastname": "Martin"}}',
        )  # fmt: skip
        open_issues([Trouble(Reason.WRONG_TOTAL, "Totals differ.", channel=channel.key, subject_kind="order",
                             subject=name, detail={"raw": "Zoé Martin", "total": "49.90"})])  # fmt: skip
    return channel


def erase(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(cli.app, ["privacy", "erase", *arguments], input=answer)


def told(name: str) -> dict[str, Any]:
    """All that names the buyer of one order."""
    one = Order.objects.select_related("contact").get(external_id=name)
    contact = one.contact
    return {
        "contact": [contact.buyer_name, contact.buyer_email, contact.buyer_phone, contact.shipping_address],
        "raw": RawOrder.objects.get(order=one).text(),
        "trace": Exchange.objects.get(url__endswith=f"/{name}").response_body,
        "issue": Issue.objects.get(subject=name).detail,
    }


def test_what_names_the_buyer_of_one_order_is_gone_and_the_sale_stays(shop: Channel) -> None:
    one, others = Order.objects.get(external_id="ZOE-1"), [told("ZOE-2"), told("INES-1")]
    result = erase("--order", one.reference, "--yes")
    assert result.exit_code == 0, result.output
    assert "1 orders' contacts, 1 original messages, 1 traces, 1 issues' details" in result.output
    assert told("ZOE-1") == {
        "contact": ["", "", "", None],
        "raw": b"",
        "trace": "",
        "issue": {"total": "49.90"},
    }
    assert [told("ZOE-2"), told("INES-1")] == others
    kept = Order.objects.get(pk=one.pk)
    assert (kept.total_amount, kept.lines.count()) == (one.total_amount, 1)
    change = Change.objects.get(action="buyer.erased")
    assert change.subject == one.reference
    assert change.actor
    assert "Zo" not in f"{change.before}{change.after}"


def test_all_orders_of_an_address_but_those_still_to_be_sent(shop: Channel) -> None:
    result = erase("--buyer", ADDRESS.upper(), "--yes")
    assert result.exit_code == 0, result.output
    waiting = Order.objects.get(external_id="ZOE-2")
    assert f"{waiting.reference} is still to be sent" in result.output
    assert told("ZOE-1")["raw"] == b""
    assert waiting.contact.buyer_name == "Zoé Martin"
    assert told("INES-1")["contact"][0] == "Inès"


def test_news_of_the_order_do_not_bring_them_back(shop: Channel) -> None:
    assert erase("--buyer", ADDRESS, "--yes").exit_code == 0
    take(shop, order("ZOE-1", "MOUSE", status=OrderStatus.REFUNDED, after=9, buyer=ZOE, raw=RAW))
    assert Order.objects.get(external_id="ZOE-1").status == "refunded"
    assert (told("ZOE-1")["contact"], told("ZOE-1")["raw"]) == (["", "", "", None], b"")


def test_nothing_is_erased_without_a_yes(shop: Channel) -> None:
    before = told("ZOE-1")
    assert erase("--buyer", ADDRESS, answer="n\n").exit_code == 1
    assert told("ZOE-1") == before
    assert not Change.objects.filter(action="buyer.erased").exists()
    assert erase("--buyer", ADDRESS, answer="y\n").exit_code == 0
    assert told("ZOE-1") != before


@pytest.mark.parametrize("arguments", [(), ("--order", "CO-1", "--buyer", "a@b.example"), ("--buyer", "no@b.example"),
                                       ("--order", "CO-none"), ("--buyer", "  ")])  # fmt: skip
def test_what_is_unclear_or_unknown_is_refused(shop: Channel, arguments: tuple[str, ...]) -> None:
    before = [told(name) for name in ("ZOE-1", "INES-1")]
    assert isinstance(erase(*arguments, "--yes").exception, StartupProblem)
    assert [told(name) for name in ("ZOE-1", "INES-1")] == before
