"""A channel that sells everything of a catalogue, all of it in stock and listed: where orders come to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.apps import apps
from django.db import connection, transaction

from comptoir.catalog.models import KitComponent, Product
from comptoir.channels.models import Channel
from comptoir.core.bulk import copy_rows, execute
from comptoir.core.sealing import seal
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.reservations import default_warehouse, lock_stock
from comptoir.offers.listing import list_products

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PRODUCTS = 10_000
ONE_KIT_IN = 50
ON_HAND = 1_000_000
_ROOMS = ("catalog", "channels", "orders", "inventory", "offers", "shipping", "journal", "flows")
_COLUMNS = ("sku", "title", "brand", "family", "list_price", "currency", "vat_rate", "is_kit", "active",
            "created_at", "updated_at")  # fmt: skip


def clear_database() -> None:
    """No benchmark finds what another one left: no row, and no plan made for the tables as they were."""
    models = [model for room in _ROOMS for model in apps.get_app_config(room).get_models()]
    tables = ", ".join(sorted(model._meta.db_table for model in models))
    execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    connection.close()


def sku_of(number: int) -> str:
    return f"SKU-{number:06d}"


@transaction.atomic
def open_shop(*, products: int = PRODUCTS) -> Channel:
    """`products` articles, one in fifty a kit of two others, every one offered on the channel."""
    channel = Channel.objects.create(
        key="bench", name="Bench", kind="mirakl", role="marketplace", account="bench", stock_pool="bench",
        currency="EUR", sealed_settings=seal({}), created_at=MORNING,
    )  # fmt: skip
    ids = make_products([sku_of(n) for n in range(products)])
    list_products(channel, ids)
    _confirm_offers(channel)
    return channel


def make_products(skus: Sequence[str]) -> list[int]:
    """Ids, by SKU; plenty of each on the shelf."""
    count = len(skus)
    rows = (
        (sku, f"Article number {n}", "Brand", "Family", Decimal("29.90"), "EUR", Decimal(20),
         n % ONE_KIT_IN == 0, True, MORNING, MORNING)
        for n, sku in enumerate(sorted(skus))
    )  # fmt: skip
    copy_rows("catalog_product", _COLUMNS, rows)
    ids = list(Product.objects.order_by("sku").values_list("pk", flat=True))
    kits = [n for n in range(0, count, ONE_KIT_IN) if n + 2 < count]
    KitComponent.objects.bulk_create(
        KitComponent(kit_id=ids[n], component_id=ids[n + part], quantity=1) for n in kits for part in (1, 2)
    )
    warehouse = default_warehouse()
    lock_stock(ids, warehouse.pk)
    move_stock([Move(pk, warehouse.pk, ON_HAND, "receipt", MORNING) for pk in ids])
    return ids


def _confirm_offers(channel: Channel) -> None:
    """As if the channel had taken everything an hour before the first order."""
    execute(
        """UPDATE offers_offer SET state = 'listed', sent_quantity = desired_quantity, sent_price = desired_price,
           confirmed_quantity = desired_quantity, confirmed_price = desired_price,
           quantity_confirmed_at = %(at)s, price_confirmed_at = %(at)s
           WHERE channel_id = %(channel)s""",
        {"channel": channel.pk, "at": MORNING - timedelta(hours=1)},
    )


def analyse() -> None:
    """As autovacuum would have done long ago."""
    execute("ANALYZE")
