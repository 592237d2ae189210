"""The Mirakl connector and the simulated Mirakl, each in its own process, over real HTTP."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from comptoir.connectors.mirakl import CONNECTOR
from comptoir.connectors.mirakl.connection import MiraklConnection
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.records import (
    LineAmount,
    Order,
    OrderDecision,
    Outcome,
    Parcel,
    PriceUpdate,
    Refund,
    Shipment,
    ShippedLine,
    StockUpdate,
)
from comptoir.sdk.statuses import ImportState, OrderStatus
from comptoir.sdk.testing import FakeCache, FakeThrottle

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("bazaar.mirakl") is None, reason="the simulated Mirakl is not in this tree"
)
SRC = Path(__file__).parents[2] / "src"
CONFIG = """
party = ["mirakl"]
orders_per_hour = 0.0
speed = 0.0
port = 0
[parties.mirakl]
initial_offers = "all"
limits = "off"
order_taxes = true
"""


@dataclass
class Bazaar:
    """A running world, pushed by its admin."""

    url: str
    cache: FakeCache = field(default_factory=FakeCache)

    def admin(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_bazaar{path}", data=data)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def now(self) -> datetime:
        return datetime.fromisoformat(self.admin("/state")["now"])

    def advance(self, seconds: float) -> None:
        self.admin("/clock/advance", {"seconds": seconds})

    def order(self, *lines: tuple[str, int]) -> str:
        wanted = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
        return str(self.admin("/parties/mirakl-1/orders", {"lines": wanted})["order_id"])

    def connect(self) -> MiraklConnection:
        context = Context(
            clock=self.now,
            throttle=FakeThrottle(),
            observe=lambda _: None,
            cache=self.cache,
            account="mirakl-1",
            allow_loopback=True,
            timeout_s=2.0,
            sleep=self.advance,
        )
        values = {"base_url": f"{self.url}/mirakl-1", "api_key": "mirakl-1-api-key", "refund_reason": "15"}
        return MiraklConnection(CONNECTOR.settings.load(values), context)  # type: ignore[arg-type]


@pytest.fixture
def bazaar(tmp_path: Path) -> Iterator[Bazaar]:
    (tmp_path / "world.toml").write_text(CONFIG, "utf-8")
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-c", "from bazaar.cli import app; app()", "serve"]
    command += ["--config", str(tmp_path / "world.toml"), "--ready-file", str(ready)]
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            yield Bazaar(_address(ready, process))
        finally:
            process.terminate()


def _address(ready: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(200):
        if ready.exists():
            return str(json.loads(ready.read_text("utf-8"))["url"])
        assert process.poll() is None, "the simulated world did not start"
        time.sleep(0.1)
    raise AssertionError("the simulated world is not ready after 20 s")


@pytest.fixture
def mirakl(bazaar: Bazaar) -> Iterator[MiraklConnection]:
    connection = bazaar.connect()
    yield connection
    connection.close()


def orders(connection: MiraklConnection, *ids: str) -> list[Order]:
    pages = connection.orders_by_id(ids) if ids else connection.order_pages("")
    return [order for page in pages for order in page.orders]


def accept(order: Order) -> OrderDecision:
    return OrderDecision(order_id=order.external_id, lines={line.external_id: True for line in order.lines})


def departure(order: Order, at: datetime) -> Shipment:
    return Shipment(
        reference=f"SHP-{order.external_id}",
        order_id=order.external_id,
        parcel=Parcel(carrier="COLISSIMO", tracking_number=f"6A{order.external_id}"),
        lines=tuple(
            ShippedLine(line_id=line.external_id, sku=line.sku, quantity=line.quantity)
            for line in order.lines
        ),
        shipped_at=at,
        completes_order=True,
    )


def test_an_order_lives_from_purchase_to_refund(bazaar: Bazaar, mirakl: MiraklConnection) -> None:
    skus = [offer.sku for batch in mirakl.listed_offers() for offer in batch]
    order_id = bazaar.order((skus[0], 2), (skus[1], 1))
    (placed,) = orders(mirakl)
    assert (placed.external_id, placed.status, placed.shipping_address) == (
        order_id,
        OrderStatus.TO_ACCEPT,
        None,
    )
    assert sum(line.amount for line in placed.lines) + placed.shipping_amount == placed.total_amount
    assert [v.outcome for v in mirakl.decide_orders([accept(placed)])] == [Outcome.DONE]
    assert [v.outcome for v in mirakl.decide_orders([accept(placed)])] == [Outcome.DONE]
    bazaar.advance(1200)
    (ready,) = orders(mirakl, order_id)
    assert ready.status is OrderStatus.TO_SHIP
    assert ready.shipping_address is not None
    parcel = departure(ready, bazaar.now())
    assert [v.outcome for v in mirakl.confirm_shipments([parcel])] == [Outcome.DONE]
    assert [v.outcome for v in mirakl.confirm_shipments([parcel])] == [Outcome.DONE]
    amount = LineAmount(line_id=ready.lines[0].external_id, quantity=1, amount=Decimal("1.00"))
    refund = Refund(reference="REF-1", order_id=order_id, lines=(amount,))
    assert [v.outcome for v in mirakl.refund_orders([refund])] == [Outcome.DONE]
    assert [v.outcome for v in mirakl.refund_orders([refund])] == [Outcome.DONE]
    (shipped,) = orders(mirakl, order_id)
    assert shipped.status is OrderStatus.SHIPPED
    assert shipped.lines[0].refunded_amount == Decimal("1.00")


def test_stock_and_prices_arrive_and_refusals_come_back_by_sku(
    bazaar: Bazaar, mirakl: MiraklConnection
) -> None:
    skus = [offer.sku for batch in mirakl.listed_offers() for offer in batch]
    stock = mirakl.submit_stock([StockUpdate(sku=sku, quantity=3) for sku in [*skus, "NO-SUCH"]])
    price = [
        PriceUpdate(sku=sku, price=Decimal("19.99"), currency="EUR", floor=Decimal(1))
        for sku in [*skus, "NO-SUCH"]
    ]
    prices = mirakl.submit_prices(price)
    assert mirakl.read_submission("stock", stock.external_id).state is ImportState.PENDING
    bazaar.advance(200)
    for kind, receipt in (("stock", stock), ("price", prices)):
        report = mirakl.read_submission(kind, receipt.external_id)
        assert report.state is ImportState.COMPLETE
        assert [(one.key, one.outcome) for one in report.verdicts] == [("NO-SUCH", Outcome.REJECTED)]
    told = {(one.quantity, one.price) for batch in mirakl.listed_offers() for one in batch}
    assert told == {(3, Decimal("19.99"))}


def test_no_order_is_lost_and_no_refund_is_paid_twice_on_a_bad_day(
    bazaar: Bazaar, mirakl: MiraklConnection
) -> None:
    skus = [offer.sku for batch in mirakl.listed_offers() for offer in batch]
    placed = {bazaar.order((sku, 1)) for sku in skus}
    rates = {"down": 0.0, "expired_key": 0.0, "storm": 0.0}
    bazaar.admin("/faults", {"party": "mirakl-1", "level": "harsh", "set": {"hold_s": 0.1, "rates": rates}})
    found = {order.external_id: order for order in _all_orders(mirakl)}
    assert set(found) == placed
    _insist([accept(order) for order in found.values()], lambda one: one.order_id, mirakl.decide_orders)
    bazaar.advance(1200)
    some = list(found.values())[:40]
    refunds = [
        Refund(
            reference=f"REF-{order.external_id}",
            order_id=order.external_id,
            lines=(LineAmount(line_id=order.lines[0].external_id, quantity=1, amount=Decimal("1.00")),),
        )
        for order in some
    ]
    _insist(refunds, lambda one: one.reference, mirakl.refund_orders)
    bazaar.admin("/faults", {"party": "mirakl-1", "level": "none"})
    paid = [order.lines[0].refunded_amount for order in orders(mirakl, *[one.external_id for one in some])]
    assert paid == [Decimal("1.00")] * 40


def _all_orders(connection: MiraklConnection) -> list[Order]:
    """Go on at the cursor after each failure, as a flow does."""
    cursor, found = "", []
    for _ in range(100):
        try:
            for page in connection.order_pages(cursor):
                found += page.orders
                cursor = page.cursor
        except ConnectorError:
            continue
        return found
    raise AssertionError("the orders were not read in 100 attempts")


def _insist(items: list[Any], key: Any, write: Any) -> None:
    """Repeat what was not done or not answered until everything is done; nothing may be refused."""
    waiting = {key(item): item for item in items}
    for _ in range(200):
        try:
            for verdict in write(list(waiting.values())):
                assert verdict.outcome is not Outcome.REJECTED, verdict
                if verdict.outcome is Outcome.DONE:
                    del waiting[verdict.key]
        except ConnectorError:
            continue
        if not waiting:
            return
    raise AssertionError(f"{len(waiting)} items were not done in 200 attempts")
