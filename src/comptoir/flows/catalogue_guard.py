"""A guard rail before what the ERP tells is stored: an empty export, a wrong depot, a table half restored would
otherwise take every offer off every channel within minutes.

Counted over a day and kept with what was stored: a disaster in small pages is one all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.conf import settings
from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.channels.services import move_cursor, read_cursor
from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.flows.execution import Execution
from comptoir.journal.audit import record_change
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.sdk.records import Product, StockLevel

WINDOW: Final = timedelta(days=1)
ALLOWED_FOR: Final = timedelta(hours=2)
NEVER_UNDER: Final = 10
"""Articles: a small shop sells out of more than its percentage on a good day."""
_IN_STOCK = "SELECT count(DISTINCT product_id) FROM inventory_stock WHERE on_hand > 0"
_EMPTIED = """
SELECT count(DISTINCT p.id) FROM unnest(%s::text[], %s::text[], %s::int[]) AS told (sku, warehouse, quantity)
JOIN catalog_product p ON p.sku = told.sku JOIN inventory_warehouse w ON w.code = told.warehouse
JOIN inventory_stock stock ON stock.product_id = p.id AND stock.warehouse_id = w.id
WHERE stock.on_hand > 0 AND told.quantity <= 0
"""
_ACTIVE = "SELECT count(*) FROM catalog_product WHERE active"
_RETIRED = "SELECT count(*) FROM catalog_product WHERE active AND sku = ANY(%s)"


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """One day of one kind. `of`: how many articles there were when it began."""

    since: datetime
    of: int
    lost: int = 0
    allowed_until: datetime | None = None


class CatalogueEmptied(Exception):  # noqa: N818 - named after what would happen
    """Storing it would empty too much of the catalogue: nothing of the batch is stored."""


def guard_counts(execution: Execution, levels: Sequence[StockLevel]) -> None:
    """Before a batch of counts is stored, in its transaction. Raises CatalogueEmptied."""
    empty = [level for level in levels if level.quantity <= 0 and "\x00" not in level.sku + level.warehouse]
    lost = fetch(_EMPTIED, [[one.sku for one in empty], [one.warehouse for one in empty],
                            [max(one.quantity, -1) for one in empty]])[0][0] if empty else 0  # fmt: skip
    _guard(execution, "stock", lost, _IN_STOCK, "would fall to zero")


def guard_products(execution: Execution, products: Sequence[Product]) -> None:
    """Before a batch of articles is stored, in its transaction. Raises CatalogueEmptied."""
    retired = [product.sku for product in products if not product.active and "\x00" not in product.sku]
    lost = fetch(_RETIRED, [retired])[0][0] if retired else 0
    _guard(execution, "products", lost, _ACTIVE, "would disappear")


def guard_absent(execution: Execution, absent: Sequence[str]) -> None:
    """Before articles that the ERP no longer has are retired. Raises CatalogueEmptied."""
    _guard(execution, "products", len(absent), _ACTIVE, "would disappear")


def stopped(execution: Execution, kind: str, error: CatalogueEmptied) -> None:
    """The run ends here: a person is asked. It asks again at each turn, until the ERP is right or it is allowed."""
    trouble = Trouble(
        Reason.TO_DECIDE, str(error), channel=execution.channel.key, flow=execution.run.flow, subject_kind="guard",
        subject=kind, action="allow_count",
    )  # fmt: skip
    execution.report([trouble])


def allow(channel: Channel, kind: str, *, actor: str) -> None:
    """A person looked: what the ERP tells during the next hours is stored whatever it empties."""
    now = clock.now()
    with transaction.atomic():
        kept = _window(read_cursor(channel, _name(kind)))
        window = kept or Window(since=now, of=0)
        window = msgspec.structs.replace(window, allowed_until=now + ALLOWED_FOR)
        move_cursor(channel, _name(kind), msgspec.json.encode(window).decode())
        record_change(actor=actor, action="erp.guard_lifted", subject_kind="channel", subject=channel.key,
                      after={"kind": kind})  # fmt: skip


def _guard(execution: Execution, kind: str, lost: int, total: str, words: str) -> None:
    now = execution.now()
    window = _window(read_cursor(execution.channel, _name(kind)))
    if window is None or now - window.since >= WINDOW or not window.of:
        allowed = window.allowed_until if window else None
        window = Window(since=now, of=fetch(total)[0][0], allowed_until=allowed)
    gone = window.lost + lost
    allowed_now = window.allowed_until is not None and now < window.allowed_until
    if (
        lost
        and not allowed_now
        and gone > max(window.of * settings.CATALOGUE_GUARD_PERCENT / 100, NEVER_UNDER)
    ):
        raise CatalogueEmptied(
            f"{gone} of {window.of} articles {words} within a day (at most {settings.CATALOGUE_GUARD_PERCENT} %): "
            "nothing of it was stored."
        )
    if lost:
        window = msgspec.structs.replace(window, lost=gone)
        move_cursor(execution.channel, _name(kind), msgspec.json.encode(window).decode())


def settled(execution: Execution, kind: str) -> None:
    """A whole read was stored: what was asked before is over."""
    close_issues(resolution="the ERP's catalogue was stored", subject_kind="guard", subjects=[kind],
                 channel=execution.channel.key)  # fmt: skip


def _window(text: str) -> Window | None:
    return msgspec.json.decode(text, type=Window) if text else None


def _name(kind: str) -> str:
    return f"guard_{kind}"
