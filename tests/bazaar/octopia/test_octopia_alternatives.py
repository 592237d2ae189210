"""Where the real behaviour is not known, the connector must be right under both readings of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from octopia_stand import Stand

from bazaar.faults.levels import FaultSettings
from bazaar.faults.names import PROTOCOL_FAULTS
from comptoir.sdk.certification import Finding
from comptoir.sdk.errors import TransientError, UnexpectedAnswer
from comptoir.sdk.records import OrderDecision, Outcome, Parcel, Shipment, ShippedLine

MakeStand = Callable[..., Stand]


def one(connection: Any, order_id: str) -> Any:
    (page,) = connection.orders_by_id([order_id])
    return page.orders[0]


def accept(connection: Any, order: Any) -> Any:
    lines = {line.external_id: True for line in order.lines}
    (verdict,) = connection.decide_orders([OrderDecision(order_id=order.external_id, lines=lines)])
    return verdict


@pytest.mark.parametrize("line_price", ["total", "unit"])
@pytest.mark.parametrize("holds_shipping", [True, False])
def test_amounts_add_up_under_both_readings(stand: MakeStand, line_price: str, holds_shipping: bool) -> None:
    settings = {"line_price": line_price, "total_holds_shipping": holds_shipping, "initial_offers": "all"}
    here = stand({"octopia-1": settings})
    first, second = here.skus(2)
    order_id = here.party().place_by_hand([(first, 3), (second, 2)])
    order = one(here.connect(), order_id)
    truth = here.party().account.orders.get(order_id)
    assert truth is not None
    assert [line.amount for line in order.lines] == [line.price for line in truth.lines]
    assert sum(line.amount for line in order.lines) + order.shipping_amount == order.total_amount
    assert order.warnings == ()


@pytest.mark.parametrize("status", ["201", "202", "204"])
def test_writes_are_understood_whatever_the_status_of_success(stand: MakeStand, status: str) -> None:
    here = stand({"octopia-1": {"write_answer": status, "initial_offers": "all"}})
    connection = here.connect()
    order_id = here.party().place_by_hand([(here.skus(1)[0], 1)])
    order = one(connection, order_id)
    assert accept(connection, order).outcome is Outcome.DONE
    here.advance(hours=1)
    line = order.lines[0]
    shipment = Shipment(
        reference="S-1",
        order_id=order_id,
        parcel=Parcel(carrier="DPD", tracking_number="P1"),
        lines=(ShippedLine(line_id=line.external_id, sku=line.sku, quantity=1),),
        shipped_at=order.placed_at,
        completes_order=True,
    )
    (verdict,) = connection.confirm_shipments([shipment])
    assert verdict.outcome is Outcome.DONE


@pytest.mark.parametrize("how", ["object", "number"])
def test_the_price_of_an_offer_is_read_in_both_forms(stand: MakeStand, how: str) -> None:
    here = stand({"octopia-1": {"integration_price": how, "initial_offers": "all"}})
    listed = {offer.sku: offer.price for page in here.connect().listed_offers() for offer in page}
    assert listed == {product.sku: product.list_price for product in here.world.products.values()}


def test_a_sort_that_is_ignored_is_told_and_then_costs_nothing_but_requests(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"sort": "ignored", "initial_offers": "all"}})
    sku = here.skus(1)[0]
    placed = []
    for _ in range(260):
        here.advance(seconds=3)
        placed.append(here.party().place_by_hand([(sku, 1)]))
    naive = here.connect()
    for order_id in placed[:120:5]:
        here.advance(seconds=1)
        accept(naive, one(naive, order_id))
    assert "sorted" in here.connect().check().warnings[0]
    careful = here.connect(trusts_sort=False)
    read = {order.external_id for page in careful.order_pages("") for order in page.orders}
    assert read == set(placed)


def test_orders_that_show_late_are_found_within_the_overlap(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"visible_after_seconds": 600, "initial_offers": "all"}})
    connection = here.connect()
    cursor, found, placed = "", set(), set()
    for _ in range(12):
        placed.add(here.party().place_by_hand([(here.skus(1)[0], 1)]))
        here.advance(minutes=4)
        for page in connection.order_pages(cursor):
            cursor = page.cursor
            found |= {order.external_id for order in page.orders}
    here.advance(minutes=11)
    found |= {order.external_id for page in connection.order_pages(cursor) for order in page.orders}
    assert found == placed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_under_harsh_faults_every_order_is_read_and_accepted_once(stand: MakeStand, seed: int) -> None:
    """Wire and protocol faults together; each turn goes on from the cursor that the last one left."""
    here = stand({"octopia-1": {"initial_offers": "all", "acceptance_hours": 2000}}, seed=seed)
    rates = dict.fromkeys(PROTOCOL_FAULTS, 0.1)
    harsh = FaultSettings(
        level="harsh", rates={**rates, "down": 0.0, "expired_key": 0.0}, hold_s=0.01, latency_s=0.01
    )
    here.world.faults.set("octopia-1", harsh)
    connection, chance = here.connect(), random.Random(seed)
    placed: set[str] = set()
    found: dict[str, Any] = {}
    cursor = ""
    for turn in range(60):
        if turn < 30:
            placed |= {here.party().place_by_hand([(sku, 1)]) for sku in chance.sample(here.skus(30), 4)}
        here.advance(minutes=chance.choice([1, 5, 40]))
        cursor = _read(connection, cursor, found)
        _accept(connection, found)
    assert set(found) == placed
    accepted = [fact.order_id for fact in here.world.ledger.of_kind("order_accepted")]
    assert sorted(accepted) == sorted(placed)
    assert sum(here.world.faults.counts["octopia-1"].values()) > 20


def _read(connection: Any, cursor: str, found: dict[str, Any]) -> str:
    try:
        for page in connection.order_pages(cursor):
            cursor = page.cursor
            assert not page.rejected
            found.update({order.external_id: order for order in page.orders})
    except (TransientError, UnexpectedAnswer):
        # What a flow does: it stops, and goes on from its cursor at the next turn.
        return cursor
    return cursor


def _accept(connection: Any, found: dict[str, Any]) -> None:
    waiting = [order for order in found.values() if order.external_status == "WaitingAcceptance"][:5]
    decisions = [
        OrderDecision(order_id=order.external_id, lines={line.external_id: True for line in order.lines})
        for order in waiting
    ]
    try:
        for verdict in connection.decide_orders(decisions):
            assert verdict.outcome is not Outcome.REJECTED, verdict.message
    except (TransientError, UnexpectedAnswer):
        return


@pytest.mark.parametrize(
    ("settings", "differs"),
    [
        ({}, set()),
        ({"line_price": "unit"}, {"a line's sellingPrice is for its quantity"}),
        ({"sort": "ignored"}, {"sort=asc:updatedAt is honoured"}),
        ({"integration_price": "number"}, {"integrationPrice is an object"}),
    ],
)
def test_certification_tells_exactly_what_differs(
    stand: MakeStand, settings: dict[str, object], differs: set[str]
) -> None:
    here = stand({"octopia-1": {"initial_offers": "all", **settings}})
    connection = here.connect()
    orders = []
    for sku in here.skus(6):
        here.advance(minutes=7)
        orders.append(here.party().place_by_hand([(sku, 3)]))
    here.party().write_message(orders[0], "Ma commande", "Bonjour, où est-elle ?")
    accept(connection, one(connection, orders[3]))
    here.advance(days=2)
    writes = sum(exchange.writes for exchange in here.exchanges)
    found = {told.subject: told.finding for told in connection.certify()}
    assert {subject for subject, finding in found.items() if finding is Finding.DIFFERS} == differs
    assert len(found) >= 18
    assert sum(exchange.writes for exchange in here.exchanges) == writes, "nothing is written"
