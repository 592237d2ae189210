"""The hub's connector before the simulated storefronts, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from storefronts import Play, accept, parcel

from bazaar.world.facts import PurchaseChange, PurchaseLine
from comptoir.sdk.errors import ConfigurationError
from comptoir.sdk.records import (
    Cancellation,
    OfferDraft,
    Order,
    Outcome,
    Parcel,
    PriceUpdate,
    Refund,
    Shipment,
    ShippedLine,
    StockUpdate,
)
from comptoir.sdk.statuses import ImportState, OrderStatus

Start = Callable[..., Play]


def found(connection: Any, cursor: str = "") -> dict[str, Order]:
    return {order.external_id: order for page in connection.order_pages(cursor) for order in page.orders}


def test_the_connection_test_tells_the_shop_and_its_carriers(start: Start) -> None:
    play = start()
    profile = play.connect("fnac-2").check()
    assert profile.account_id == play.party("fnac-2").shop.shop_id
    assert profile.account_name == "Comptoir Demo"
    assert "SOCOLISSIMO" in {carrier.code for carrier in profile.carriers}


def test_a_key_of_one_shop_opens_no_other(start: Start) -> None:
    play = start()
    with pytest.raises(ConfigurationError, match="Authentication failed"):
        play.connect("fnac-1", key=play.party("fnac-2").shop.api_key).check()


def test_an_order_lives_from_its_purchase_to_its_delivery(start: Start) -> None:
    play = start()
    connection, party = play.connect(), play.party()
    first, second = list(play.world.products)[:2]
    order_id = party.place_by_hand([(first, 2), (second, 1)])

    order = found(connection)[order_id]
    assert order.status is OrderStatus.TO_ACCEPT
    assert order.shipping_address is None
    assert order.total_amount == party.shop.orders[order_id].total

    assert [v.outcome for v in connection.decide_orders([accept(order)])] == [Outcome.DONE]
    play.advance(minutes=16)
    order = found(connection)[order_id]
    assert order.status is OrderStatus.TO_SHIP
    assert order.shipping_address is not None
    assert order.shipping_address.country == "FR"

    assert [v.outcome for v in connection.confirm_shipments([parcel(order)])] == [Outcome.DONE]
    assert found(connection)[order_id].status is OrderStatus.SHIPPED
    assert party.shop.orders[order_id].lines[0].tracking_company == "SOCOLISSIMO"
    play.advance(days=3)
    assert found(connection)[order_id].status is OrderStatus.DELIVERED
    told = [fact.kind for fact in play.world.ledger.of_order("fnac-1", order_id)]
    assert told == ["order_placed", "order_accepted", "order_shipped", "order_delivered"]


def test_the_commission_is_the_one_that_the_storefront_takes(start: Start) -> None:
    play = start()
    order_id = play.party().place_by_hand([(next(iter(play.world.products)), 1)])
    [line] = found(play.connect())[order_id].lines
    expected = play.party().shop.orders[order_id].lines[0].fee * Decimal("1.20")
    assert line.commission_amount is not None
    assert abs(line.commission_amount - expected) < Decimal("0.01")


def test_an_answer_that_the_storefront_does_not_show_yet_only_delays_the_parcel(start: Start) -> None:
    play = start(fnac={"debit_minutes": 0})
    connection, party = play.connect(), play.party()
    order_id = party.place_by_hand([(next(iter(play.world.products)), 1)])
    list(connection.decide_orders([accept(found(connection)[order_id])]))
    seen = found(connection)[order_id]
    assert seen.status is OrderStatus.TO_ACCEPT
    line = seen.lines[0]
    early = Shipment(
        reference="S-1", order_id=order_id, parcel=Parcel(carrier="UPS", tracking_number="1Z"),
        lines=(ShippedLine(line_id=line.external_id, sku=line.sku, quantity=1),),
        shipped_at=seen.placed_at, completes_order=True,
    )  # fmt: skip
    assert [v.outcome for v in connection.confirm_shipments([early])] == [Outcome.RETRY]
    play.advance(seconds=4)
    assert [v.outcome for v in connection.confirm_shipments([early])] == [Outcome.DONE]


def test_a_cancellation_after_payment_and_a_refund_after_departure_are_told_apart(start: Start) -> None:
    play = start()
    connection, party = play.connect(), play.party()
    sku = next(iter(play.world.products))
    kept, dropped = party.place_by_hand([(sku, 1)]), party.place_by_hand([(sku, 1)])
    list(connection.decide_orders([accept(order) for order in found(connection).values()]))
    play.advance(minutes=16)
    list(connection.confirm_shipments([parcel(found(connection)[kept])]))
    cancel = Cancellation(reference="C-1", order_id=dropped, lines=())
    refund = Refund(reference="R-1", order_id=kept, lines=(), reason="returned_article")
    assert [v.outcome for v in connection.cancel_orders([cancel])] == [Outcome.DONE]
    assert [v.outcome for v in connection.refund_orders([refund])] == [Outcome.DONE]
    lines = {order_id: order.lines[0] for order_id, order in found(connection).items()}
    assert (lines[dropped].cancelled_quantity, lines[dropped].refunded_quantity) == (1, 0)
    assert (lines[kept].cancelled_quantity, lines[kept].refunded_quantity) == (0, 1)
    assert len(play.world.ledger.of_kind("order_cancelled")) == 1
    assert len(play.world.ledger.of_kind("order_refunded")) == 1


def test_a_buyer_who_gives_up_cancels_the_line(start: Start) -> None:
    play = start()
    connection, party = play.connect(), play.party()
    sku = next(iter(play.world.products))
    order_id = party.place_by_hand([(sku, 2)])
    lines = (PurchaseLine(sku=sku, quantity=2),)
    party.change(PurchaseChange(at=play.world.now(), order_id=order_id, lines=lines))
    order = found(connection)[order_id]
    assert order.status is OrderStatus.CANCELLED
    assert order.lines[0].cancelled_quantity == 2


def test_an_order_that_nobody_answers_is_refused_in_the_end(start: Start) -> None:
    play = start()
    order_id = play.party().place_by_hand([(next(iter(play.world.products)), 1)])
    play.advance(hours=49)
    assert found(play.connect())[order_id].status is OrderStatus.REFUSED


@pytest.mark.parametrize("way", [{}, {"partial_offers": True}], ids=["whole offers", "parts of offers"])
def test_prices_and_quantities_take_effect_when_their_batch_is_done(
    start: Start, way: dict[str, bool]
) -> None:
    play = start(fnac={"keeps_missing_fields": bool(way)})
    connection, party = play.connect(**way), play.party()
    sku = next(iter(play.world.products))
    before = party.listed_offer(sku)
    price = (before.price * Decimal("0.9")).quantize(Decimal("0.01"))
    stock = connection.submit_stock([StockUpdate(sku=sku, quantity=3)])
    prices = connection.submit_prices([PriceUpdate(sku=sku, price=price, currency="EUR", floor=Decimal(1))])
    assert connection.read_submission("stock", stock.external_id).state is ImportState.PENDING
    assert party.listed_offer(sku) == before
    play.advance(minutes=2)
    for kind, receipt in (("stock", stock), ("price", prices)):
        report = connection.read_submission(kind, receipt.external_id)
        assert (report.state, report.verdicts) == (ImportState.COMPLETE, ())
    after = party.listed_offer(sku)
    assert (after.quantity, after.price) == (3, price)
    assert {fact.sku for fact in play.world.ledger.of_kind("stock_told")} == {sku}


def test_where_missing_fields_are_lost_parts_of_offers_are_refused_not_applied(start: Start) -> None:
    play = start()
    connection, party = play.connect(partial_offers=True), play.party()
    sku = next(iter(play.world.products))
    before = party.listed_offer(sku)
    receipt = connection.submit_stock([StockUpdate(sku=sku, quantity=3)])
    play.advance(minutes=2)
    report = connection.read_submission("stock", receipt.external_id)
    assert [(v.key, v.outcome) for v in report.verdicts] == [(sku, Outcome.REJECTED)]
    assert party.listed_offer(sku) == before


def test_offers_are_created_listed_and_deleted(start: Start) -> None:
    play = start(fnac={"initial_offers": "none"})
    connection, party = play.connect(), play.party()
    product = next(iter(play.world.products.values()))
    draft = OfferDraft(
        sku=product.sku,
        ean=product.ean,
        price=Decimal("25.00"),
        currency="EUR",
        floor=Decimal("20"),
        quantity=2,
    )
    unknown = OfferDraft(
        sku="GHOST",
        ean="4006381333931",
        price=Decimal("25.00"),
        currency="EUR",
        floor=Decimal("20"),
        quantity=2,
    )
    receipt = connection.submit_offers([draft, unknown])
    play.advance(minutes=2)
    report = connection.read_submission("offer", receipt.external_id)
    assert {(v.key, v.outcome, v.code) for v in report.verdicts} == {
        (product.sku, Outcome.DONE, ""),
        ("GHOST", Outcome.REJECTED, "ERR_026"),
    }
    [[listed]] = list(connection.listed_offers())
    assert (listed.sku, listed.price, listed.quantity) == (product.sku, Decimal("25.00"), 2)
    connection.submit_offers([msgspec.structs.replace(draft, delete=True)])
    play.advance(minutes=2)
    assert party.listed_offer(product.sku) is None
    assert list(connection.listed_offers()) == [[]]


@pytest.mark.parametrize("shape", ["ranked", "listed"])
def test_the_others_prices_come_in_both_shapes(start: Start, shape: str) -> None:
    play = start(fnac={"pricing_shape": shape}, products=25)
    connection = play.connect()
    eans = [product.ean for product in play.world.products.values()]
    offers = [o for page in connection.competing_offers([*eans, "4006381333931"]) for o in page]
    assert {o.ean for o in offers} == set(eans)
    assert {o.ean for o in offers if o.is_ours} == set(eans)
    assert len(offers) > len(eans)
    if shape == "ranked":
        boxes = [o.ean for o in offers if o.has_buy_box]
        assert sorted(boxes) == sorted(eans)
        assert all(o.rank is not None for o in offers)


def test_the_storefront_s_clock_may_be_wrong(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    play = start()
    monkeypatch.setattr(play.world, "skew", lambda _: timedelta(minutes=-90))
    connection, party = play.connect(), play.party()
    cursor = list(connection.order_pages(""))[-1].cursor
    order_id = party.place_by_hand([(next(iter(play.world.products)), 1)])
    assert order_id in found(connection, cursor)
