"""Stock: read by product and warehouse; counts written in bulk."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, require_every_channel
from comptoir.api.bulk import BulkOut, Rows, documented, read_rows
from comptoir.api.reading import answer_json, answer_page, to_utc
from comptoir.api.texts import Body, Cursor, Fields, Filter, Limit, Name, Units, Word
from comptoir.catalog.models import Product
from comptoir.core import clock
from comptoir.inventory.counts import apply_count
from comptoir.inventory.models import Stock, Warehouse
from comptoir.journal.audit import record_change
from comptoir.offers.desired import recompute_desired
from comptoir.sdk.records import StockLevel

router = Router(tags=["stock"])


class StockOut(Schema):
    sku: str
    warehouse: str
    sellable: bool
    on_hand: int
    reserved: int
    incoming: int
    counted_at: datetime | None


class StockPageOut(Schema):
    stock: list[StockOut]
    next_cursor: str | None


class CountIn(Body):
    sku: Name
    warehouse: Annotated[Word, Field(min_length=1, max_length=40)]
    on_hand: Units
    """What is really there, reserved units included."""
    incoming: Units = 0


COLUMNS = {name: name for name in StockOut.model_fields} | {
    "sku": "product__sku", "warehouse": "warehouse__code", "sellable": "warehouse__sellable",
}  # fmt: skip


@router.get("", response=StockPageOut, auth=Key(Permission.SEE), summary="Stock, by product and warehouse")
def list_stock(
    request: HttpRequest, sku: Filter = "", warehouse: Filter = "", cursor: Cursor = "", fields: Fields = "",
    limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    wanted = {"product__sku": sku, "warehouse__code": warehouse}
    found = Stock.objects.filter(**{name: value for name, value in wanted.items() if value})
    return answer_page("stock", found, COLUMNS, by="id", kind=int, cursor=cursor, limit=limit, fields=fields)


@router.post(
    "", response=BulkOut, auth=Key(Permission.CHANGE_STOCK), openapi_extra=documented(CountIn),
    summary="Write counts, up to 10,000 in one call",
)  # fmt: skip
def write_stock(
    request: HttpRequest, as_of: AwareDatetime | None = None, partial: bool = False
) -> HttpResponse:
    """`as_of`: when it was counted; what moved since then is added. Without it: now."""
    require_every_channel(request)
    rows = read_rows(request, CountIn)
    _check(rows)
    rows.settle(partial=partial)
    now = clock.now()
    at = now if as_of is None else min(now, to_utc(as_of))
    levels = [
        StockLevel(sku=r.sku, warehouse=r.warehouse, quantity=r.on_hand, incoming=r.incoming)
        for r in rows.good.values()
    ]
    with transaction.atomic():
        result = apply_count(levels, as_of=at, reference=f"api:{caller(request).prefix}")
        recompute_desired(result.changed)
        record_change(
            actor=str(caller(request)), action="stock.counted", subject_kind="stock", subject=f"{len(levels)} counts",
            after={"changed": len(result.changed), "as_of": at.isoformat()},
        )  # fmt: skip
    for place, number in enumerate(list(rows.good)):
        if place in result.refused:
            rows.refuse(number, "", result.refused[place])
    told = {"received": rows.received, "changed": len(result.changed),
            "unchanged": result.unchanged + result.older, "refused": rows.told()}  # fmt: skip
    return answer_json(told)


def _check(rows: Rows[CountIn]) -> None:
    """What one row alone cannot know: that its product and its warehouse exist, and that it is said once."""
    skus = set(
        Product.objects.filter(sku__in={r.sku for r in rows.good.values()}).values_list("sku", flat=True)
    )
    codes = set(Warehouse.objects.values_list("code", flat=True))
    said = Counter((r.sku, r.warehouse) for r in rows.good.values())
    for place, row in list(rows.good.items()):
        if row.sku not in skus:
            rows.refuse(place, "sku", f"no product has the SKU {row.sku}")
        if row.warehouse not in codes:
            rows.refuse(place, "warehouse", f"no warehouse has the code {row.warehouse}")
        if said[row.sku, row.warehouse] > 1:
            rows.refuse(place, "sku", f"{row.sku} is counted twice in {row.warehouse}")
