"""A hundred thousand lines, in the time that a worker has."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from comptoir.connectors.files import FilesConnection
from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.erp import Erp

LINES = 100_000
HEADER = (
    "sku;ean;title;brand;family;supplier;purchase_price;purchase_currency;list_price;currency;vat_rate;"
    "weight_g;length_mm;width_mm;height_mm;active;updated_at\n"
)
REST = (
    ";4006381333931;Souris sans fil;Comète;mice;Grossiste;12.34;EUR;29.90;EUR;20;120;100;60;40;yes;"
    "2026-11-23T09:00:00Z\n"
)


def products() -> bytes:
    return (HEADER + "".join(f"SKU-{n:06d}{REST}" for n in range(LINES))).encode()


def stock() -> bytes:
    return ("sku;warehouse;quantity\n" + "".join(f"SKU-{n:06d};LYON;{n}\n" for n in range(LINES))).encode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "build", "method"),
    [("stock", stock, "stock_batches"), ("products", products, "product_batches")],
)
def test_a_hundred_thousand_lines_are_read_and_acknowledged_in_seconds(
    erp: Erp, connect: Connect, kind: str, build: Callable[[], bytes], method: str
) -> None:
    seconds = min(_read_and_acknowledge(erp, connect(), kind, method, build()) for _ in range(2))
    assert seconds < 3, "the better of two runs: the machine may be busy"


def _read_and_acknowledge(
    erp: Erp, connection: FilesConnection, kind: str, method: str, data: bytes
) -> float:
    erp.send_bytes(kind, 1, data)
    started = time.process_time()
    (batch,) = getattr(connection, method)("")
    connection.acknowledge(batch.key, batch.rejected)
    seconds = time.process_time() - started
    assert len(batch.lines) == LINES
    assert erp.receipt(f"{kind}-000000001")["taken"] == LINES
    return seconds
