from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.sealing import seal
from comptoir.inventory.ledger import Move, find_imbalances, move_stock
from comptoir.inventory.reservations import default_warehouse, lock_stock
from comptoir.offers.differences import find_untrue_waiting

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[None]:
    with clock.clock_at(lambda: NOW):
        yield


@pytest.fixture(autouse=True)
def stock_is_the_sum_of_its_ledger(db: None) -> Iterator[None]:
    """Whatever a test did."""
    yield
    assert find_imbalances() == []
    assert find_untrue_waiting() == []


@pytest.fixture
def channel(db: None) -> Channel:
    return make_channel("shop-1")


def make_channel(key: str, **fields: object) -> Channel:
    """Without escrow, unless told otherwise: its tests are in `test_escrow*`."""
    return Channel.objects.create(
        key=key, name=key, kind="mirakl", role="marketplace", account=key, sealed_settings=seal({}), created_at=NOW,
        **{"stock_pool": key, "escrow": False, **fields},
    )  # fmt: skip


def make_product(sku: str, *, on_hand: int = 0, price: str = "49.90", **fields: object) -> Product:
    product = Product.objects.create(
        sku=sku,
        title=f"Product {sku}",
        list_price=Decimal(price),
        vat_rate=20,
        created_at=NOW,
        updated_at=NOW,
        **fields,
    )
    warehouse = default_warehouse()
    if on_hand:
        lock_stock([product.pk], warehouse.pk)
        move_stock([Move(product.pk, warehouse.pk, on_hand, "receipt", NOW)])
    return product
