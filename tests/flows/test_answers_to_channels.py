"""What we tell channels: yes or no, departures, cancellations; and what an unknown outcome leads to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue
from comptoir.offers.models import Offer
from comptoir.orders.decisions import (
    CannotCancel,
    CannotDecide,
    decide_order,
    hold_order,
    request_cancellation,
)
from comptoir.orders.models import Order
from comptoir.sdk.records import Outcome, Parcel
from comptoir.sdk.statuses import OrderStatus
from comptoir.shipping.models import Shipment
from comptoir.shipping.services import CannotShip, ship_by_hand
from tests.domain.conftest import NOW, make_product
from tests.domain.records import Sold, order
from tests.flows.fakes import Market, became
from tests.flows.test_stock_counts import sell

Shop = tuple[Channel, Market]


def to_accept(name: str, *sold: Any, **fields: Any) -> Any:
    return order(name, *sold, status=OrderStatus.TO_ACCEPT, **fields)


def offered(shop: Shop, price: str, currency: str = "EUR") -> None:
    Offer.objects.create(channel=shop[0], sku="MOUSE", state="listed", currency=currency,
                         confirmed_price=Decimal(price), changed_at=NOW)  # fmt: skip


def stored(name: str = "A") -> Order:
    return Order.objects.get(external_id=name)


def test_an_order_whose_units_are_all_there_is_accepted_once(shop: Shop) -> None:
    make_product("MOUSE", on_hand=2)
    sell(shop, to_accept("A", Sold("MOUSE", 2)))
    run_flow("accept_orders", "shop")
    run_flow("accept_orders", "shop")
    assert [(d.order_id, d.lines) for d in shop[1].decisions] == [("A", {"A-1": True})]
    assert stored().decision == "sent"


def test_the_last_units_go_to_the_order_placed_first_and_the_other_waits_for_a_person(shop: Shop) -> None:
    make_product("MOUSE", on_hand=2)
    sell(shop, to_accept("LATE", Sold("MOUSE", 2), placed_at=NOW), to_accept("EARLY", Sold("MOUSE", 2)))
    run_flow("accept_orders", "shop")
    assert [d.order_id for d in shop[1].decisions] == ["EARLY"]
    issue = Issue.objects.get()
    assert (issue.reason, issue.subject) == ("to_decide", "LATE")


@pytest.mark.parametrize(
    ("price", "offer", "currency", "accepted"),
    [
        ("45.00", "49.90", "EUR", True),
        ("44.00", "49.90", "EUR", False),
        ("0", "49.90", "EUR", False),
        ("49.90", "49.90", "GBP", False),
        ("60.00", "49.90", "EUR", True),
    ],
)
def test_a_price_that_fell_too_far_or_means_something_else_is_left_to_a_person(
    shop: Shop, price: str, offer: str, currency: str, accepted: bool
) -> None:
    make_product("MOUSE", on_hand=5)
    offered(shop, offer, currency)
    sell(shop, to_accept("A", Sold("MOUSE", 1, price)))
    run_flow("accept_orders", "shop")
    assert bool(shop[1].decisions) is accepted
    assert stored().decision == ("sent" if accepted else "manual")


def test_a_unit_price_that_is_the_price_of_all_units_does_not_hide_a_fall(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    offered(shop, "49.90")
    told = to_accept("A", Sold("MOUSE", 2, "25"))
    line = msgspec.structs.replace(told.lines[0], unit_price=Decimal("50"))
    sell(shop, msgspec.structs.replace(told, lines=(line,)))
    run_flow("accept_orders", "shop")
    assert stored().decision == "manual"


def test_something_sold_for_nothing_is_left_to_a_person_even_without_an_offer(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, to_accept("A", Sold("MOUSE", 1, "0")))
    run_flow("accept_orders", "shop")
    assert stored().decision == "manual"


def test_a_channel_accepted_by_hand_waits_for_a_person_whose_word_is_told_and_kept(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    Channel.objects.update(auto_accept=False)
    sell(shop, to_accept("A", "MOUSE"))
    run_flow("accept_orders", "shop")
    assert shop[1].decisions == []
    decide_order(stored().pk, accept=False, actor="zoe")
    run_flow("accept_orders", "shop")
    assert [d.lines for d in shop[1].decisions] == [{"A-1": False}]
    assert Issue.objects.get().closed_by == "zoe"
    with pytest.raises(CannotDecide):
        decide_order(stored().pk, accept=True, actor="zoe")


def test_a_person_may_accept_an_order_whose_total_is_wrong(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, to_accept("A", "MOUSE", total_amount=Decimal(1)))
    assert run_flow("accept_orders", "shop") is None
    decide_order(stored().pk, accept=True, actor="zoe")
    run_flow("accept_orders", "shop")
    assert len(shop[1].decisions) == 1


def test_an_answer_of_unknown_outcome_is_looked_up_and_given_again_only_if_it_is_still_awaited(
    shop: Shop,
) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, to_accept("A", "MOUSE"), to_accept("B", "MOUSE"))
    shop[1].verdict = Outcome.UNKNOWN
    shop[1].orders["A"] = became(shop[1].orders["A"], OrderStatus.TO_SHIP, at=NOW)
    run_flow("accept_orders", "shop")
    assert "orders_by_id" in shop[1].calls
    shop[1].verdict = Outcome.DONE
    run_flow("accept_orders", "shop")
    assert [d.order_id for d in shop[1].decisions] == ["A", "B", "B"]


def test_a_refused_answer_is_an_issue_for_a_person_and_is_not_repeated(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, to_accept("A", "MOUSE"))
    shop[1].verdict = Outcome.REJECTED
    run_flow("accept_orders", "shop")
    run_flow("accept_orders", "shop")
    assert len(shop[1].decisions) == 1
    assert Issue.objects.get().reason == "rejected"


def test_an_order_cancelled_after_it_was_decided_is_not_answered(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, to_accept("A", "MOUSE"))
    hold_order(stored().pk, reason="look", actor="zoe")
    decide_order(stored().pk, accept=True, actor="zoe")
    sell(shop, order("A", "MOUSE", status=OrderStatus.CANCELLED, after=5))
    assert run_flow("accept_orders", "shop") is None
    assert shop[1].decisions == []


def shipped(shop: Shop, name: str = "A", units: int = 1) -> Shipment:
    line = stored(name).lines.get()
    parcel = Parcel(carrier="COLISSIMO", tracking_number="6A1")
    ship_by_hand(stored(name).pk, parcel=parcel, lines={line.pk: units}, actor="zoe")
    return Shipment.objects.latest("id")


def test_a_departure_is_told_once_and_says_whether_it_completes_the_order(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", Sold("MOUSE", 3)))
    shipped(shop, units=1)
    shipped(shop, units=2)
    run_flow("confirm_shipments", "shop")
    run_flow("confirm_shipments", "shop")
    assert [s.completes_order for s in shop[1].shipments] == [False, True]
    assert set(Shipment.objects.values_list("state", flat=True)) == {"confirmed"}


def test_more_than_is_left_cannot_be_shipped_by_hand(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", "MOUSE"))
    with pytest.raises(CannotShip):
        shipped(shop, units=2)


def test_a_departure_of_unknown_outcome_is_looked_up_before_it_is_told_again(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", "MOUSE"), order("B", "MOUSE"))
    shipped(shop, "A")
    shipped(shop, "B")
    shop[1].verdict = Outcome.UNKNOWN
    run_flow("confirm_shipments", "shop")
    shop[1].orders["A"] = order("A", "MOUSE", status=OrderStatus.SHIPPED, after=5)
    shop[1].verdict = Outcome.DONE
    run_flow("confirm_shipments", "shop")
    assert [s.order_id for s in shop[1].shipments] == ["A", "B", "B"]
    assert set(Shipment.objects.values_list("state", flat=True)) == {"confirmed"}


def test_a_refused_departure_is_an_issue_and_one_to_try_later_is_not(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", "MOUSE"))
    shipment = shipped(shop)
    shop[1].verdict = Outcome.RETRY
    run_flow("confirm_shipments", "shop")
    assert not Issue.objects.exists()
    shop[1].verdict = Outcome.REJECTED
    run_flow("confirm_shipments", "shop")
    shipment.refresh_from_db()
    assert (shipment.state, shipment.attempts) == ("rejected", 2)
    assert Issue.objects.get().detail == {"shipment": shipment.reference}


def test_confirming_an_order_leaves_the_issue_of_another_channels_order_of_the_same_id_open(
    shop: Shop, other_shop: Shop
) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", "MOUSE"))
    shipped(shop)
    shop[1].verdict = Outcome.REJECTED
    run_flow("confirm_shipments", "shop")
    other_shop[1].orders = {"A": order("A", "MOUSE")}
    run_flow("import_orders", "other")
    other = Order.objects.get(channel=other_shop[0])
    ship_by_hand(other.pk, parcel=Parcel(carrier="X"), lines={other.lines.get().pk: 1}, actor="zoe")
    run_flow("confirm_shipments", "other")
    assert Issue.objects.get().state == "open"


def test_units_are_cancelled_on_the_channel_with_their_share_of_the_price(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", Sold("MOUSE", 3)))
    request_cancellation(stored().pk, lines={"A-1": 1}, actor="zoe")
    run_flow("cancel_orders", "shop")
    (told,) = shop[1].cancellations
    assert [(line.line_id, line.quantity, line.amount) for line in told.lines] == [
        ("A-1", 1, Decimal("49.90"))
    ]
    assert run_flow("cancel_orders", "shop") is None


@pytest.mark.parametrize("lines", [{"A-1": 4}, {"A-1": 0}, {"A-1": -1}, {"A-9": 1}])
def test_units_that_are_not_there_cannot_be_cancelled(shop: Shop, lines: dict[str, int]) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", Sold("MOUSE", 3)))
    with pytest.raises(CannotCancel):
        request_cancellation(stored().pk, lines=lines, actor="zoe")


def test_a_cancellation_of_unknown_outcome_is_looked_up_first(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", Sold("MOUSE", 3)))
    request_cancellation(stored().pk, actor="zoe")
    shop[1].verdict = Outcome.UNKNOWN
    run_flow("cancel_orders", "shop")
    shop[1].orders["A"] = order("A", Sold("MOUSE", 3, cancelled=3), status=OrderStatus.CANCELLED, after=5)
    run_flow("cancel_orders", "shop")
    assert len(shop[1].cancellations) == 1
    assert stored().cancel_requests.get().state == "done"
