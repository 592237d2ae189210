"""A whole hub with two channels of one simulated Amazon account: real flows, real HTTP, real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from comptoir.catalog.models import Barcode
from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel
from comptoir.core import clock
from comptoir.flows.connect import connector_type
from comptoir.flows.policy import run_flow
from comptoir.inventory.models import Reservation
from comptoir.journal.models import Exchange, Issue
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.orders.models import Order
from tests.conformance.amazon.stage import Stage, played
from tests.domain.conftest import make_product


def connect(stage: Stage, key: str, **changes: object) -> Channel:
    told = stage.market.describe()["settings"]
    assert isinstance(told, dict)
    connector = connector_type("amazon")
    settings = connector.settings.load({**told, "base_url": stage.url, **changes})
    return add_channel(key=key, name=key, connector=connector, settings=settings, actor="test")


@pytest.fixture
def stage(db: None, settings: Any) -> Iterator[Stage]:
    settings.ALLOW_LOOPBACK = True
    with played(countries=("FR", "DE")) as stage, clock.clock_at(stage.world.now):
        yield stage


def run(flow: str, channel: Channel) -> None:
    done = run_flow(flow, channel.key, trigger="test")
    assert done is not None
    assert done.outcome == "succeeded", done.error


def test_one_sweep_fills_the_channels_of_both_marketplaces_with_one_token(stage: Stage) -> None:
    make_product(stage.sku(), on_hand=1000)
    french = connect(stage, "amazon-fr", order_sweep="region")
    german = connect(stage, "amazon-de", country="DE", order_sweep="none")
    assert (french.account, french.stock_pool) == (german.account, german.stock_pool)
    placed = {stage.market.place_by_hand([(stage.sku(), 1)]) for _ in range(12)}
    stage.advance(minutes=40)
    for channel in (french, german):
        run("import_orders", channel)
    orders = stage.market.account.orders
    wanted = {i: orders.get(i) for i in placed}
    stored = dict(Order.objects.values_list("external_id", "channel__key"))
    place = {"A13V1IB3VIYZZH": "amazon-fr", "A1PA6795UKMFR9": "amazon-de"}
    assert stored == {i: place[order.place] for i, order in wanted.items() if order}
    assert set(stored.values()) == set(place.values())
    for channel in (french, german):
        run("reconcile_orders", channel)
    assert not Issue.objects.filter(reason="missing").exists()
    assert len(stage.market.account.tokens) == 1


def test_a_pending_order_reserves_and_one_of_amazon_s_own_warehouse_touches_nothing(
    db: None, settings: Any
) -> None:
    settings.ALLOW_LOOPBACK = True
    with played() as stage, clock.clock_at(stage.world.now):
        make_product(stage.sku(), on_hand=10)
        channel = connect(stage, "amazon-fr")
        stage.market.place_by_hand([(stage.sku(), 2)])
        stage.advance(minutes=5)
        run("import_orders", channel)
        order = Order.objects.get()
        assert (order.status, order.erp_state) == ("pending", "waiting")
        assert sum(Reservation.objects.values_list("quantity", flat=True)) == 2
    with played(amazon_stock_rate=1.0) as stage, clock.clock_at(stage.world.now):
        channel = connect(stage, "amazon-fba", seller_id="OTHER")
        stage.market.place_by_hand([(stage.sku(), 3)])
        stage.advance(minutes=40)
        run("import_orders", channel)
        order = Order.objects.get(channel=channel)
        assert order.erp_state == "not_needed"
        assert not Reservation.objects.filter(order_line__order=order).exists()


def test_new_offers_go_by_their_barcodes_within_amazon_s_quotas(db: None, settings: Any) -> None:
    settings.ALLOW_LOOPBACK = True
    with (
        played(limits="real", initial_offers="none") as stage,
        clock.clock_at(stage.world.now),
    ):
        settings.CONNECTOR_SLEEP = lambda seconds: stage.advance(seconds=seconds)
        channel = connect(stage, "amazon-fr")
        products = [make_product(sku, on_hand=5) for sku in stage.world.products]
        for product in products[1:]:
            Barcode.objects.create(product=product, code=stage.world.products[product.sku].ean)
        list_products(channel, [product.pk for product in products])
        Offer.objects.update(floor_price=1)
        for _ in range(12):
            for flow in ("publish_offers", "check_submissions"):
                run_flow(flow, channel.key, trigger="test")
            stage.advance(minutes=1)
        assert set(stage.market.account.listings) == {product.sku for product in products[1:]}
        assert set(Offer.objects.exclude(state="listed").values_list("sku", flat=True)) == {products[0].sku}
        told = Issue.objects.get(subject_kind="offer")
        assert (told.subject, "barcode" in told.message) == (products[0].sku, True)
        assert not Exchange.objects.filter(status=429).exists()
