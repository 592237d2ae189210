"""Our account at the channels: each movement once, provisional until the channel tells."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.channels.models import Channel
from comptoir.finance.models import SettlementEntry
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue, Run
from comptoir.sdk.errors import TransientError
from comptoir.sdk.settlements import EntryKind
from comptoir.sdk.settlements import SettlementEntry as Record
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import NOW, make_product
from tests.domain.records import PLACED, order
from tests.flows.conftest import MovingClock, connect_channel
from tests.flows.fakes import MARKETS, Market, became
from tests.flows.test_stock_counts import sell

Shop = tuple[Channel, Market]


def entry(name: str, amount: str, kind: EntryKind = EntryKind.SALE, **fields: Any) -> Record:
    values: dict[str, Any] = {
        "external_kind": kind.title(),
        "currency": "EUR",
        "booked_at": NOW,
        "order_id": "A",
    }
    return Record(external_id=name, kind=kind, amount=Decimal(amount), **(values | fields))


def read(channel: str = "shop") -> Run | None:
    return run_flow("import_settlements", channel)


def rows(**where: Any) -> list[tuple[str, str, Decimal]]:
    found = SettlementEntry.objects.filter(**where).order_by("id")
    return list(found.values_list("state", "kind", "amount"))


@pytest.fixture(autouse=True)
def mice(db: None) -> None:
    make_product("MOUSE", on_hand=99)


def test_an_entry_is_stored_once_with_its_order_and_follows_what_the_channel_changes(shop: Shop) -> None:
    sell(shop, order("A", "MOUSE"))
    shop[1].settlements = [entry("OP1", "49.90"), entry("OP2", "-7.48", EntryKind.COMMISSION)]
    first, second = read(), read()
    assert first is not None
    assert second is not None
    assert (first.counts["created"], second.counts.get("created"), second.counts["unchanged"]) == (2, None, 2)
    paid = NOW + timedelta(days=8)
    shop[1].settlements[0] = msgspec.structs.replace(shop[1].settlements[0], paid=True, payout_at=paid)
    read()
    sale = SettlementEntry.objects.get(external_id="OP1")
    assert (sale.order and sale.order.external_id, sale.paid, sale.payout_at) == ("A", True, paid)
    assert SettlementEntry.objects.count() == 2


def test_a_sale_is_provisional_until_the_channel_tells_it(shop: Shop) -> None:
    told = order("A", "MOUSE")
    line = msgspec.structs.replace(told.lines[0], commission_amount=Decimal("7.00"))
    sell(shop, msgspec.structs.replace(told, lines=(line,)))
    read()
    assert rows() == [("provisional", "commission", Decimal(-7)), ("provisional", "sale", Decimal("49.90"))]
    shop[1].settlements = [entry("OP1", "49.90")]
    read()
    assert sorted(rows()) == [("final", "sale", Decimal("49.90")), ("provisional", "commission", Decimal(-7))]
    shop[1].settlements.append(entry("OP2", "-7.48", EntryKind.COMMISSION))
    read()
    read()
    assert sorted(rows()) == [("final", "commission", Decimal("-7.48")), ("final", "sale", Decimal("49.90"))]


def test_a_cancelled_order_is_expected_no_more(shop: Shop) -> None:
    told = order("A", "MOUSE")
    sell(shop, told)
    read()
    assert len(rows()) == 1
    sell(shop, became(told, OrderStatus.CANCELLED, at=PLACED + timedelta(hours=1)))
    read()
    assert rows() == []


def test_one_account_with_two_channels_is_read_once_and_each_entry_goes_to_its_orders_channel(
    shop: Shop, other_shop: Shop
) -> None:
    sell(shop, order("A", "MOUSE"))
    other_shop[1].orders = {"B": order("B", "MOUSE")}
    run_flow("import_orders", "other")
    Channel.objects.update(account="fake:seller-1")
    fee = entry("OP3", "-39", EntryKind.FEE, order_id="")
    MARKETS["fake:seller-1"] = Market(
        settlements=[entry("OP1", "49.90"), entry("OP2", "49.90", order_id="B"), fee]
    )
    assert read("other") is None
    read("shop")
    found = SettlementEntry.objects.filter(state="final").order_by("external_id")
    assert list(found.values_list("external_id", "channel__key")) == [
        ("OP1", "shop"), ("OP2", "other"), ("OP3", "shop"),
    ]  # fmt: skip
    # Even when both read it, by hand, nothing is doubled.
    run_flow("import_settlements", "other", trigger="hand")
    assert found.count() == 3


def test_an_entry_told_before_its_order_is_linked_when_the_order_comes(shop: Shop) -> None:
    shop[1].settlements = [entry("OP1", "49.90")]
    read()
    assert SettlementEntry.objects.get().order is None
    sell(shop, order("A", "MOUSE"))
    read()
    assert SettlementEntry.objects.get().order is not None


def test_a_cut_in_the_middle_keeps_what_was_read_and_reads_the_rest_later(shop: Shop) -> None:
    shop[1].page_size = 1
    shop[1].settlements = [entry(f"OP{n}", "1") for n in range(3)]
    shop[1].fail_after = {"settlement_pages": (1, TransientError("cut"))}
    read()
    assert SettlementEntry.objects.count() == 1
    shop[1].fail_after = {}
    read()
    assert SettlementEntry.objects.count() == 3


def test_a_movement_that_makes_no_sense_is_set_aside_and_closed_when_it_can_be_read(shop: Shop) -> None:
    shop[1].settlements = [entry("OP1", "NaN"), entry("OP2", "5", order_id="")]
    run = read()
    assert run is not None
    assert run.outcome == "partial"
    assert rows() == [("final", "sale", Decimal(5))]
    assert Issue.objects.get().subject == "OP1"
    shop[1].settlements[0] = entry("OP1", "4", order_id="")
    read()
    assert Issue.objects.get().state == "closed"


def test_entries_that_change_days_later_are_read_again(shop: Shop, time: MovingClock) -> None:
    shop[1].settlements = [entry("OP1", "5", order_id="")]
    read()
    time.advance(days=10)
    shop[1].settlements = [entry("OP1", "5", order_id="", paid=True)]
    read()
    assert SettlementEntry.objects.get().paid


def test_a_channel_of_its_own_reads_its_own_account(shop: Shop) -> None:
    connect_channel("third")
    assert read("third") is not None
