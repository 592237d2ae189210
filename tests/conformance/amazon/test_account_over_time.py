"""Several marketplaces of one account, a world that is stopped and started again, and its faults."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from bazaar.amazon.market import AmazonMarket
from bazaar.faults.levels import FaultSettings
from bazaar.genesis import begin
from bazaar.settings import ServeSettings
from comptoir.sdk.records import Outcome, Parcel, PriceUpdate, Shipment, ShippedLine, StockUpdate
from comptoir.sdk.statuses import OrderStatus
from tests.conformance.amazon.stage import KEY, played

FR, DE = "A13V1IB3VIYZZH", "A1PA6795UKMFR9"


def test_a_quantity_is_the_region_s_and_a_price_is_a_marketplace_s() -> None:
    with played(countries=("FR", "DE")) as stage:
        sku = stage.sku()
        with stage.connected(country="DE") as german:
            german.submit_stock([StockUpdate(sku=sku, quantity=4)])
            german.submit_prices(
                [PriceUpdate(sku=sku, price=Decimal("12.34"), currency="EUR", floor=Decimal(1))]
            )
        stage.advance(minutes=2)
        listing = stage.market.account.listings[sku]
        assert listing.quantity == 4
        assert listing.prices[DE] == Decimal("12.34")
        assert listing.prices[FR] == stage.world.products[sku].list_price


def test_one_sweep_brings_in_every_marketplace_and_each_parcel_names_its_own() -> None:
    with played(countries=("FR", "DE")) as stage:
        placed = {stage.market.place_by_hand([(stage.sku(n % 30), 1)]) for n in range(20)}
        stage.advance(minutes=40)
        with stage.connected(order_sweep="region") as amazon:
            orders = {o.external_id: o for page in amazon.order_pages("") for o in page.orders}
            assert orders.keys() == placed
            assert {order.marketplace for order in orders.values()} == {FR, DE}
            german = next(order for order in orders.values() if order.marketplace == DE)
            line = german.lines[0]
            shipment = Shipment(
                reference="1",
                order_id=german.external_id,
                parcel=Parcel(carrier="DHL", tracking_number="1"),
                lines=(ShippedLine(line_id=line.external_id, sku=line.sku, quantity=1),),
                shipped_at=stage.world.now(),
                completes_order=True,
            )
            assert [v.outcome for v in amazon.confirm_shipments([shipment])] == [Outcome.DONE]
        with stage.connected(order_sweep="own") as french:
            seen = {o.marketplace for page in french.order_pages("") for o in page.orders}
        assert seen == {FR}


def test_an_account_goes_on_where_it_was_when_its_world_is_started_again(tmp_path: Path) -> None:
    settings = ServeSettings(
        party=["amazon"],
        products=5,
        speed=0.0,
        orders_per_hour=0.0,
        data=str(tmp_path),
        parties={"amazon": {"initial_offers": "all"}},
    )
    world = begin(settings)
    market = world.parties[KEY]
    assert isinstance(market, AmazonMarket)
    order_id = market.place_by_hand([(next(iter(world.products)), 1)])
    before = list(market.order_states())
    left = {offer.sku: offer.quantity for offer in market.listed_offers()}
    world.close()
    world = begin(settings)
    market = world.parties[KEY]
    assert isinstance(market, AmazonMarket)
    assert list(market.order_states()) == before
    assert {offer.sku: offer.quantity for offer in market.listed_offers()} == left
    account = market.account
    found = account.orders.changed(account.now().replace(year=2020), account.now(), None)
    assert found == [order_id]
    world.close()


def test_pages_that_are_bent_in_every_way_lose_and_double_nothing() -> None:
    bent = ("repeated_page", "reordered_page", "random_nulls", "unknown_fields", "new_enum_value")
    with played() as stage, stage.connected() as amazon:
        placed = {stage.market.place_by_hand([(stage.sku(n % 30), 1)]) for n in range(120)}
        stage.advance(minutes=40)
        stage.world.faults.set(KEY, FaultSettings(rates=dict.fromkeys(bent, 1.0)))
        pages = list(amazon.order_pages(""))
    found = [order for page in pages for order in page.orders]
    assert not [rejected for page in pages for rejected in page.rejected]
    assert {order.external_id for order in found} == placed
    assert {order.status for order in found} == {OrderStatus.TO_SHIP}
    assert {fact.detail["name"] for fact in stage.facts("fault")} == set(bent)


def test_a_feed_that_is_late_partly_refused_and_done_twice_still_ends_right() -> None:
    rates = {"late_import": 1.0, "partial_failure": 1.0, "duplicated_import": 1.0}
    with played() as stage, stage.connected() as amazon:
        stage.world.faults.set(KEY, FaultSettings(rates=rates))
        updates = [StockUpdate(sku=stage.sku(n), quantity=n) for n in range(25)]
        receipt = amazon.submit_stock(updates)
        stage.advance(minutes=30)
        report = amazon.read_submission("stock", receipt.external_id)
    assert [(v.outcome, v.code) for v in report.verdicts] == [(Outcome.REJECTED, "SIM005")]
    shown = {sku: listing.quantity for sku, listing in stage.market.account.listings.items()}
    refused = report.verdicts[0].key
    assert {u.sku: u.quantity for u in updates if u.sku != refused}.items() <= shown.items()
