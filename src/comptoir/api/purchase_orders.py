"""Orders to suppliers: written, sent to the ERP, followed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, require_every_channel
from comptoir.api.problems import Problem
from comptoir.api.reading import Row, answer_json, answer_page, locked, one
from comptoir.api.texts import Body, Cursor, Fields, Filter, Limit, Money, Name, Sentence, Word
from comptoir.api.transactions import whole
from comptoir.catalog.models import Product, Supplier
from comptoir.finance.models import PurchaseLine, PurchaseOrder
from comptoir.finance.purchase_orders import (
    MOST_LINES,
    MOST_UNITS,
    CannotOrder,
    Wanted,
    cancel_purchase_order,
    create_purchase_order,
    send_purchase_order,
)

router = Router(tags=["purchase orders"])


class PurchaseLineOut(Schema):
    line: int
    sku: str
    supplier_sku: str
    quantity: int
    received_quantity: int
    unit_price: Decimal


class PurchaseOrderOut(Schema):
    reference: str
    supplier: str
    supplier_code: str
    warehouse: str
    currency: str
    expected_on: date | None
    comment: str
    state: str
    document: str
    message: str
    created_by: str
    created_at: datetime
    sent_at: datetime | None
    updated_at: datetime


class OnePurchaseOrderOut(PurchaseOrderOut):
    lines: list[PurchaseLineOut]


class PurchaseOrderPageOut(Schema):
    purchase_orders: list[PurchaseOrderOut]
    next_cursor: str | None


class PurchaseLineIn(Body):
    sku: Name
    quantity: Annotated[int, Field(ge=1, le=MOST_UNITS)]
    unit_price: Money | None = None
    """Without tax; without one, the newest purchase price that is known."""
    supplier_sku: Word = ""


class PurchaseOrderIn(Body):
    supplier: Annotated[Sentence, Field(min_length=1, max_length=150)]
    """As the catalogue names it."""
    supplier_code: Annotated[Word, Field(max_length=40)] = ""
    """Its account in the ERP; empty: found there by its name."""
    warehouse: Annotated[Word, Field(max_length=40)] = ""
    expected_on: date | None = None
    comment: Annotated[Sentence, Field(max_length=200)] = ""
    lines: Annotated[list[PurchaseLineIn], Field(min_length=1, max_length=MOST_LINES)]


COLUMNS = {name: name for name in PurchaseOrderOut.model_fields} | {"supplier": "supplier__name"}
LINES = ("line_number", "product__sku", "supplier_sku", "quantity", "received_quantity", "unit_price")


@router.get(
    "", response=PurchaseOrderPageOut, auth=Key(Permission.SEE), summary="Orders to suppliers, oldest first"
)
def list_purchase_orders(
    request: HttpRequest, supplier: Filter = "", state: Filter = "", cursor: Cursor = "", fields: Fields = "",
    limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    require_every_channel(request)
    wanted = {"supplier__name": supplier, "state": state}
    found = PurchaseOrder.objects.filter(**{name: value for name, value in wanted.items() if value})
    return answer_page("purchase_orders", found, COLUMNS, by="id", kind=int, cursor=cursor, limit=limit,
                       fields=fields)  # fmt: skip


@router.get(
    "/{reference}", response=OnePurchaseOrderOut, auth=Key(Permission.SEE), summary="One order to a supplier"
)
def get_purchase_order(request: HttpRequest, reference: str) -> HttpResponse:
    require_every_channel(request)
    return answer_json(_read(reference))


@router.post(
    "", response={201: OnePurchaseOrderOut}, auth=Key(Permission.CHANGE_STOCK),
    summary="Write an order to a supplier: a draft until it is sent",
)  # fmt: skip
@whole
def write_purchase_order(request: HttpRequest, wanted: PurchaseOrderIn) -> HttpResponse:
    require_every_channel(request)
    supplier = Supplier.objects.filter(name=wanted.supplier).first()
    if supplier is None:
        raise Problem(404, "not_found", f"No supplier is called {wanted.supplier}.")
    products = {p.sku: p for p in Product.objects.filter(sku__in=[line.sku for line in wanted.lines])}
    if unknown := sorted({line.sku for line in wanted.lines} - set(products)):
        raise Problem(404, "not_found", f"No product has the SKU {', '.join(unknown[:5])}.")
    lines = [
        Wanted(products[one.sku], one.quantity, one.unit_price, one.supplier_sku) for one in wanted.lines
    ]
    try:
        order = create_purchase_order(
            supplier=supplier, lines=lines, warehouse=wanted.warehouse, supplier_code=wanted.supplier_code,
            expected_on=wanted.expected_on, comment=wanted.comment, actor=str(caller(request)),
        )  # fmt: skip
    except CannotOrder as error:
        raise Problem(422, "invalid", f"It cannot be written: {error}.") from error
    return answer_json(_read(order.reference), status=201)


@router.post(
    "/{reference}/send", response=OnePurchaseOrderOut, auth=Key(Permission.CHANGE_STOCK),
    summary="Send an order to a supplier to the ERP",
)  # fmt: skip
@whole
def send_to_erp(request: HttpRequest, reference: str) -> HttpResponse:
    order = _locked(request, reference)
    try:
        send_purchase_order(order.pk, actor=str(caller(request)))
    except CannotOrder as error:
        raise Problem(409, "not_in_this_state", f"It cannot be sent: {error}.") from error
    return answer_json(_read(reference))


@router.post(
    "/{reference}/cancel", response=OnePurchaseOrderOut, auth=Key(Permission.CHANGE_STOCK),
    summary="Cancel an order to a supplier that the ERP does not have",
)  # fmt: skip
@whole
def cancel_purchase(request: HttpRequest, reference: str) -> HttpResponse:
    order = _locked(request, reference)
    try:
        cancel_purchase_order(order.pk, actor=str(caller(request)))
    except CannotOrder as error:
        raise Problem(409, "not_in_this_state", f"It cannot be cancelled: {error}.") from error
    return answer_json(_read(reference))


def _locked(request: HttpRequest, reference: str) -> PurchaseOrder:
    require_every_channel(request)
    order: PurchaseOrder = locked(PurchaseOrder.objects.filter(reference=reference))
    return order


def _read(reference: str) -> Row:
    row: Row = one(PurchaseOrder.objects.filter(reference=reference), COLUMNS)
    lines = PurchaseLine.objects.filter(order__reference=reference).order_by("line_number")
    row["lines"] = [
        dict(zip(PurchaseLineOut.model_fields, values, strict=True)) for values in lines.values_list(*LINES)
    ]
    return row
