"""The hub's connector and the simulated Amazon, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from bazaar.world.facts import PurchaseChange, PurchaseLine
from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.sdk.errors import ConfigurationError, RateLimited
from comptoir.sdk.records import (
    Cancellation,
    LineAmount,
    OfferDraft,
    Order,
    Outcome,
    Parcel,
    PriceUpdate,
    Refund,
    Shipment,
    ShippedLine,
    StockUpdate,
    SubmissionReport,
)
from comptoir.sdk.statuses import ImportState, OrderStatus
from tests.conformance.amazon.stage import Stage, played


@pytest.fixture
def stage() -> Iterator[Stage]:
    with played() as stage:
        yield stage


def all_orders(amazon: AmazonConnection, cursor: str = "") -> tuple[dict[str, Order], str]:
    found: dict[str, Order] = {}
    for page in amazon.order_pages(cursor):
        assert not page.rejected
        found |= {order.external_id: order for order in page.orders}
        cursor = page.cursor
    return found, cursor


def only(amazon: AmazonConnection, order_id: str) -> Order:
    (page,) = amazon.orders_by_id([order_id])
    return page.orders[0]


def parcel(order: Order, reference: str, units: int) -> Shipment:
    line = order.lines[0]
    return Shipment(
        reference=reference,
        order_id=order.external_id,
        parcel=Parcel(carrier="COLISSIMO", tracking_number=f"6A{reference}"),
        lines=(ShippedLine(line_id=line.external_id, sku=line.sku, quantity=units),),
        shipped_at=order.placed_at + timedelta(hours=1),
        completes_order=units == line.quantity,
    )


def settled(stage: Stage, amazon: AmazonConnection, kind: str, external_id: str) -> SubmissionReport:
    for _ in range(60):
        report = amazon.read_submission(kind, external_id)
        if report.state is not ImportState.PENDING:
            return report
        stage.advance(seconds=30)
    raise AssertionError("the submission never ends")


def test_the_account_is_recognised(stage: Stage) -> None:
    with stage.connected() as amazon:
        profile = amazon.check()
    assert (profile.account_name, profile.currency, profile.state) == ("Comptoir Demo", "EUR", "open")


def test_wrong_keys_are_the_merchant_s_to_repair(stage: Stage) -> None:
    with stage.connected(refresh_token="Atzr|wrong") as amazon, pytest.raises(ConfigurationError):
        amazon.check()


def test_an_order_lives_from_pending_to_delivered(stage: Stage) -> None:
    order_id = stage.market.place_by_hand([(stage.sku(), 3)])
    with stage.connected() as amazon:
        stage.advance(minutes=3)
        found, cursor = all_orders(amazon)
        assert found[order_id].status is OrderStatus.PENDING
        assert found[order_id].total_amount == stage.facts("order_placed")[0].amount
        stage.advance(minutes=40)
        found, cursor = all_orders(amazon, cursor)
        order = found[order_id]
        assert order.status is OrderStatus.TO_SHIP
        assert order.shipping_address is not None
        (first,) = amazon.confirm_shipments([parcel(order, "1", 1)])
        (again,) = amazon.confirm_shipments([parcel(order, "1", 1)])
        assert (first.outcome, again.outcome) == (Outcome.DONE, Outcome.DONE)
        assert only(amazon, order_id).status is OrderStatus.PARTIALLY_SHIPPED
        list(amazon.confirm_shipments([parcel(order, "2", 2)]))
        shipped = only(amazon, order_id)
        assert (shipped.status, shipped.lines[0].shipped_quantity) == (OrderStatus.SHIPPED, 3)
        stage.advance(days=4)
        assert only(amazon, order_id).status is OrderStatus.DELIVERED
    units = [fact.detail["lines"][0]["quantity"] for fact in stage.facts("order_shipped")]  # type: ignore[index]
    assert units == [1, 2]


def test_a_sweep_of_many_orders_of_one_second_loses_none(stage: Stage) -> None:
    placed = {stage.market.place_by_hand([(stage.sku(n % 30), 1)]) for n in range(250)}
    stage.advance(minutes=3)
    with stage.connected() as amazon:
        pages = list(amazon.order_pages(""))
        assert [len(page.orders) for page in pages] == [100, 100, 50]
        assert {order.external_id for page in pages for order in page.orders} == placed
        cut, _ = all_orders(amazon, pages[0].cursor)
    assert {o.external_id for o in pages[0].orders} | cut.keys() == placed


def test_what_changes_while_pages_are_read_is_in_the_next_sweep(stage: Stage) -> None:
    placed = [stage.market.place_by_hand([(stage.sku(), 1)]) for _ in range(150)]
    stage.advance(minutes=3)
    with stage.connected() as amazon:
        pages = amazon.order_pages("")
        first = next(pages)
        stage.advance(minutes=60)  # every order is authorised meanwhile
        rest = list(pages)
        seen = {o.external_id for page in [first, *rest] for o in page.orders}
        found, _ = all_orders(amazon, rest[-1].cursor)
    assert seen | found.keys() == set(placed)
    assert {order.status for order in found.values()} == {OrderStatus.TO_SHIP}


def test_a_few_quantities_take_effect_a_little_later(stage: Stage) -> None:
    with stage.connected() as amazon:
        receipt = amazon.submit_stock([StockUpdate(sku=stage.sku(), quantity=77)])
        assert amazon.read_submission("stock", receipt.external_id).state is ImportState.PENDING
        report = settled(stage, amazon, "stock", receipt.external_id)
    assert [(v.key, v.outcome) for v in report.verdicts] == [(stage.sku(), Outcome.DONE)]
    assert [(f.sku, f.quantity) for f in stage.facts("stock_told")] == [(stage.sku(), 77)]


def test_many_quantities_go_by_feed_with_one_verdict_each(stage: Stage) -> None:
    updates = [StockUpdate(sku=stage.sku(n), quantity=n) for n in range(29)]
    with stage.connected() as amazon:
        receipt = amazon.submit_stock([*updates, StockUpdate(sku="NOT-THERE", quantity=1)])
        report = settled(stage, amazon, "stock", receipt.external_id)
    assert [(v.key, v.code) for v in report.verdicts] == [("NOT-THERE", "13013")]
    assert [fact.quantity for fact in stage.facts("stock_told")] == list(range(29))


def test_a_price_is_told_with_its_floor_and_a_later_one_below_it_is_refused(stage: Stage) -> None:
    sku = stage.sku()
    with stage.connected() as amazon:
        first = PriceUpdate(sku=sku, price=Decimal("25.00"), currency="EUR", floor=Decimal("20.00"))
        receipt = amazon.submit_prices([first])
        assert settled(stage, amazon, "price", receipt.external_id).verdicts[0].outcome is Outcome.DONE
    listing = stage.market.account.listings[sku]
    assert listing.minimums == {"A13V1IB3VIYZZH": Decimal("20.00")}
    assert [fact.amount for fact in stage.facts("price_told")] == [Decimal("25.00")]


def test_an_offer_is_made_from_a_barcode_and_deleted_again() -> None:
    with played(initial_offers="none") as stage, stage.connected() as amazon:
        draft = OfferDraft(
            sku="MINE-1",
            ean=stage.ean(),
            price=Decimal("30.00"),
            currency="EUR",
            floor=Decimal(20),
            quantity=5,
        )
        receipt = amazon.submit_offers([draft])
        report = settled(stage, amazon, "offer", receipt.external_id)
        assert [v.outcome for v in report.verdicts] == [Outcome.DONE]
        assert stage.market.listed_offer("MINE-1") is not None
        gone = OfferDraft(
            sku="MINE-1", ean="", price=Decimal(0), currency="EUR", floor=Decimal(0), quantity=0, delete=True
        )
        receipt = amazon.submit_offers([gone])
        assert settled(stage, amazon, "offer", receipt.external_id).verdicts[0].outcome is Outcome.DONE
    assert stage.market.listed_offer("MINE-1") is None


def test_what_amazon_shows_is_read_through_its_report(stage: Stage) -> None:
    with stage.connected() as amazon:
        with pytest.raises(RateLimited):
            list(amazon.listed_offers())
        stage.advance(minutes=5)
        (page,) = amazon.listed_offers()
    product = stage.world.products[stage.sku()]
    shown = {offer.sku: offer for offer in page}
    assert len(shown) == 30
    assert (shown[stage.sku()].price, shown[stage.sku()].ean) == (product.list_price, product.ean)


def test_competitors_and_the_holder_of_the_buy_box_are_seen(stage: Stage) -> None:
    with stage.connected() as amazon:
        pages = list(amazon.competing_offers([stage.ean(n) for n in range(30)]))
    offers = [offer for page in pages for offer in page]
    assert len(pages) == 2
    assert {offer.ean for offer in offers if offer.is_ours} == {stage.ean(n) for n in range(30)}
    by_ean: dict[str, int] = {}
    for offer in offers:
        by_ean[offer.ean] = by_ean.get(offer.ean, 0) + bool(offer.has_buy_box)
    assert set(by_ean.values()) <= {0, 1}
    assert any(by_ean.values())


def test_the_expected_price_wins_the_buy_box_when_we_ask_it(stage: Stage) -> None:
    eans = [stage.ean(n) for n in range(20)]
    with stage.connected() as amazon:
        ours = {o.ean: o for page in amazon.competing_offers(eans) for o in page if o.is_ours}
        lost = {e: o.expected_price for e, o in ours.items() if not o.has_buy_box and o.expected_price}
        assert lost
        skus = {product.ean: sku for sku, product in stage.world.products.items()}
        prices = [
            PriceUpdate(sku=skus[ean], price=price, currency="EUR", floor=Decimal("0.01"))
            for ean, price in lost.items()
        ]
        receipt = amazon.submit_prices(prices)
        settled(stage, amazon, "price", receipt.external_id)
        again = {o.ean: o for page in amazon.competing_offers(list(lost)) for o in page if o.is_ours}
    assert {ean: offer.price for ean, offer in again.items()} == lost
    assert all(offer.has_buy_box for offer in again.values())


def test_a_cancellation_goes_by_feed_and_is_done_when_its_report_says_so(stage: Stage) -> None:
    order_id = stage.market.place_by_hand([(stage.sku(), 2)])
    stage.advance(minutes=40)
    with stage.connected() as amazon:
        order = only(amazon, order_id)
        lines = (LineAmount(line_id=order.lines[0].external_id, quantity=2),)
        asked = Cancellation(reference="C-1", order_id=order_id, lines=lines)
        assert [v.outcome for v in amazon.cancel_orders([asked])] == [Outcome.UNKNOWN]
        stage.advance(minutes=5)
        assert [v.outcome for v in amazon.cancel_orders([asked])] == [Outcome.DONE]
        assert only(amazon, order_id).status is OrderStatus.CANCELLED
    (fact,) = stage.facts("order_cancelled")
    assert (fact.quantity, fact.detail["by"]) == (2, "seller")


def test_a_refund_goes_by_feed_once_and_too_much_is_refused(stage: Stage) -> None:
    order_id = stage.market.place_by_hand([(stage.sku(), 2)])
    stage.advance(minutes=40)
    with stage.connected() as amazon:
        order = only(amazon, order_id)
        list(amazon.confirm_shipments([parcel(order, "1", 2)]))
        line = order.lines[0].external_id
        one = LineAmount(line_id=line, quantity=1, amount=order.lines[0].unit_price)
        much = LineAmount(line_id=line, quantity=1, amount=Decimal(9999))
        asked = [
            Refund(reference="R-1", order_id=order_id, lines=(one,)),
            Refund(reference="R-2", order_id=order_id, lines=(much,)),
        ]
        list(amazon.refund_orders(asked))
        stage.advance(minutes=5)
        verdicts = {v.key: v.outcome for v in amazon.refund_orders(asked)}
        list(amazon.refund_orders(asked))
    assert verdicts == {"R-1": Outcome.DONE, "R-2": Outcome.REJECTED}
    assert [fact.amount for fact in stage.facts("order_refunded")] == [order.lines[0].unit_price]


def test_a_buyer_s_wish_to_cancel_is_told() -> None:
    with played(buyer_cancels="request") as stage, stage.connected() as amazon:
        order_id = stage.market.place_by_hand([(stage.sku(), 1)])
        stage.advance(minutes=40)
        wish = PurchaseLine(sku=stage.sku(), quantity=1)
        stage.market.change(
            PurchaseChange(at=stage.world.now(), order_id=order_id, lines=(wish,), reason="Ordered twice")
        )
        assert only(amazon, order_id).cancel_request == "Ordered twice"


def test_orders_of_amazon_s_own_warehouse_ship_themselves_and_are_marked() -> None:
    with played(amazon_stock_rate=1.0) as stage, stage.connected() as amazon:
        order_id = stage.market.place_by_hand([(stage.sku(), 1)])
        stage.advance(days=1)
        order = only(amazon, order_id)
    assert order.lines[0].fulfilled_by == "channel"
    assert order.status is OrderStatus.SHIPPED
    assert order.shipping_address is None


def test_without_the_roles_there_is_no_personal_data_and_no_error() -> None:
    with played(personal_data=False) as stage, stage.connected() as amazon:
        order_id = stage.market.place_by_hand([(stage.sku(), 1)])
        stage.advance(minutes=40)
        order = only(amazon, order_id)
    assert (order.shipping_address, order.buyer.name) == (None, "")
    assert order.status is OrderStatus.TO_SHIP


def test_a_missing_role_is_a_configuration_error() -> None:
    with (
        played(missing_roles=("searchOrders",)) as stage,
        stage.connected() as amazon,
        pytest.raises(ConfigurationError),
    ):
        list(amazon.order_pages(""))


def test_a_token_that_ended_is_renewed_and_the_call_goes_on(stage: Stage) -> None:
    with stage.connected() as amazon:
        amazon.check()
        stage.market.account.tokens.clear()
        amazon.check()
    assert [e.operation for e in stage.exchanges].count("lwaToken") == 2
