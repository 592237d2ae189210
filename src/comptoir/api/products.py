"""Products: read. The ERP owns them; `updated_since` follows its changes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key
from comptoir.api.reading import answer_json, answer_page, one
from comptoir.api.texts import Cursor, Fields, Filter, Limit
from comptoir.catalog.models import Barcode, KitComponent, Product
from comptoir.inventory.availability import available

router = Router(tags=["products"])


class ProductOut(Schema):
    sku: str
    title: str
    brand: str
    family: str
    supplier: str | None
    list_price: Decimal | None
    currency: str
    vat_rate: Decimal | None
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    is_kit: bool
    active: bool
    created_at: datetime
    updated_at: datetime


class PartOut(Schema):
    sku: str
    quantity: int


class OneProductOut(ProductOut):
    barcodes: list[str]
    components: list[PartOut]
    """Of a kit."""
    available: int
    """Units that can be sold."""


class ProductPageOut(Schema):
    products: list[ProductOut]
    next_cursor: str | None


COLUMNS = {name: name for name in ProductOut.model_fields} | {"supplier": "supplier__name"}


@router.get("", response=ProductPageOut, auth=Key(Permission.SEE), summary="Products, by SKU")
def list_products(
    request: HttpRequest, sku: Filter = "", active: bool | None = None, cursor: Cursor = "", fields: Fields = "",
    limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    found = Product.objects.all()
    if sku:
        found = found.filter(sku__startswith=sku)
    if active is not None:
        found = found.filter(active=active)
    return answer_page(
        "products", found, COLUMNS, by="sku", kind=str, cursor=cursor, limit=limit, fields=fields
    )


@router.get("/{path:sku}", response=OneProductOut, auth=Key(Permission.SEE), summary="One product")
def get_product(request: HttpRequest, sku: str) -> HttpResponse:
    row = one(Product.objects.filter(sku=sku), {"id": "id"} | COLUMNS)
    product_id = row.pop("id")
    parts = KitComponent.objects.filter(kit=product_id).order_by("component__sku")
    row["barcodes"] = list(
        Barcode.objects.filter(product=product_id).order_by("code").values_list("code", flat=True)
    )
    row["components"] = [
        {"sku": s, "quantity": n} for s, n in parts.values_list("component__sku", "quantity")
    ]
    row["available"] = available([product_id]).get(product_id, 0)
    return answer_json(row)
