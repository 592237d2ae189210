"""A running world with one simulated Sage X3 in it, and connections of ours to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from comptoir.connectors.sage_x3 import CONNECTOR
from comptoir.connectors.sage_x3.connection import SageX3Connection
from comptoir.sdk.connector import Context
from comptoir.sdk.records import (
    Address,
    Buyer,
    ErpOrder,
    ErpShipmentLine,
    Order,
    OrderLine,
    Receipt,
    Verdict,
)
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.testing import FakeCache, FakeThrottle

SRC = Path(__file__).parents[2] / "src"
START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PARTY = "sage-x3-1"


@dataclass
class X3:
    url: str
    settings: dict[str, Any]
    now: datetime = START
    timeout_s: float = 5.0
    cache: FakeCache = field(default_factory=FakeCache)
    opened: list[SageX3Connection] = field(default_factory=list)

    def post(self, path: str, body: object) -> Any:
        request = urllib.request.Request(f"{self.url}/_bazaar{path}", data=json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def advance(self, **span: float) -> None:
        """The memory of attempts ends with its time, as the hub's own does."""
        self.now += timedelta(**span)
        if timedelta(**span) >= timedelta(minutes=15):
            self.cache.kept.clear()
        self.post("/clock/advance", {"to": self.now.isoformat()})

    def fault(self, *names: str) -> None:
        self.post("/faults", {"party": PARTY, "next": list(names)})

    def documents(self) -> list[dict[str, Any]]:
        return self._lines("ledger/erp")

    def facts(self, kind: str) -> list[dict[str, Any]]:
        return self._lines(f"ledger?kind={kind}")

    def _lines(self, path: str) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/_bazaar/{path}") as answer:
            return [json.loads(line) for line in answer.read().splitlines()]

    def connect(self, **changed: object) -> SageX3Connection:
        context = Context(
            clock=lambda: self.now, throttle=FakeThrottle(), observe=lambda _: None, cache=self.cache,
            account="x3", allow_loopback=True, timeout_s=self.timeout_s,
        )  # fmt: skip
        connection = CONNECTOR.connect(CONNECTOR.settings.load({**self.settings, **changed}), context)
        assert isinstance(connection, SageX3Connection)
        self.opened.append(connection)
        return connection


@contextmanager
def running_x3(folder: Path, own: str = "") -> Iterator[X3]:
    """`own`: lines of TOML for the party."""
    config, ready, log = folder / "world.toml", folder / "ready.json", folder / "bazaar.log"
    own = own if "credit_rate" in own else f"credit_rate = 0.0\n{own}"
    config.write_text(f"[parties.sage_x3]\nsplit_rate = 0.0\n{own}\n")
    command = [
        *(sys.executable, "-m", "bazaar", "serve", "--port", "0", "--manual-clock", "--orders-per-hour", "0"),
        *(
            "--start",
            START.isoformat(),
            "--products",
            "30",
            "--ready-file",
            str(ready),
            "--config",
            str(config),
        ),
        *("--party", "sage_x3"),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": str(SRC)}
        )
        try:
            until = time.monotonic() + 60
            while not ready.exists():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until
                time.sleep(0.05)
            told = json.loads(ready.read_text())
            party = told["parties"][0]
            running = X3(told["url"], {**party["settings"], "base_url": party["url"]})
            yield running
            for connection in running.opened:
                connection.close()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)


def order(reference: str, *sold: tuple[str, int, str], shipping: str = "0", discount: str = "0",
          email: str = "") -> ErpOrder:  # fmt: skip
    lines = tuple(
        OrderLine(
            external_id=f"{reference}-{number}", sku=sku, quantity=quantity, amount=Decimal(amount),
            unit_price=Decimal(amount) / quantity, status=OrderStatus.TO_SHIP, external_status="SHIPPING", title=sku,
        )
        for number, (sku, quantity, amount) in enumerate(sold, start=1)
    )  # fmt: skip
    total = sum((line.amount for line in lines), Decimal(0)) + Decimal(shipping) - Decimal(discount)
    address = Address(name="Ana Noël", street_1="1 rue du Port", postcode="29200", city="Brest", country="FR")
    return ErpOrder(
        reference=reference, channel="mirakl-1",
        order=Order(
            external_id=f"M-{reference}", status=OrderStatus.TO_SHIP, external_status="SHIPPING", placed_at=START,
            updated_at=START, currency="EUR", lines=lines, total_amount=total, shipping_amount=Decimal(shipping),
            discount_amount=Decimal(discount), shipping_address=address, buyer=Buyer(name="Ana Noël", email=email),
        ),
    )  # fmt: skip


def stock(connection: SageX3Connection) -> dict[str, int]:
    return {level.sku: level.quantity for batch in connection.stock_batches("") for level in batch.levels}


def well_stocked(connection: SageX3Connection) -> list[str]:
    return sorted(sku for sku, units in stock(connection).items() if units >= 10)


def shipped(connection: SageX3Connection, cursor: str = "") -> list[ErpShipmentLine]:
    return [line for batch in connection.shipment_batches(cursor) for line in batch.shipments]


def verdicts(receipt: Receipt) -> dict[str, Verdict]:
    assert receipt.report is not None
    return {verdict.key: verdict for verdict in receipt.report.verdicts}
