"""Shipments: what left, and whether the channel knows."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, seen_by
from comptoir.api.reading import Row, answer_json, answer_page, one
from comptoir.api.texts import Cursor, Fields, Filter, Id, Limit
from comptoir.shipping.models import Shipment, ShipmentLine

router = Router(tags=["shipments"])


class ShipmentOut(Schema):
    id: int
    reference: str
    order: str
    channel: str
    source: str
    carrier: str
    carrier_name: str
    tracking_number: str
    tracking_url: str
    shipped_at: datetime
    state: str
    message: str
    created_at: datetime
    confirmed_at: datetime | None


class ShippedLineOut(Schema):
    line: int
    sku: str
    quantity: int
    warehouse: str | None


class OneShipmentOut(ShipmentOut):
    lines: list[ShippedLineOut]


class ShipmentPageOut(Schema):
    shipments: list[ShipmentOut]
    next_cursor: str | None


COLUMNS = {name: name for name in ShipmentOut.model_fields} | {
    "order": "order__reference",
    "channel": "order__channel__key",
}


@router.get(
    "", response=ShipmentPageOut, auth=Key(Permission.SEE), summary="Shipments, in the order they were noted"
)
def list_shipments(
    request: HttpRequest, order: Filter = "", channel: Filter = "", state: Filter = "", cursor: Cursor = "",
    fields: Fields = "", limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    wanted = {"order__reference": order, "order__channel__key": channel, "state": state}
    found = seen_by(request, Shipment.objects.all(), "order__channel__key")
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    return answer_page(
        "shipments", found, COLUMNS, by="id", kind=int, cursor=cursor, limit=limit, fields=fields
    )


@router.get("/{shipment_id}", response=OneShipmentOut, auth=Key(Permission.SEE), summary="One shipment")
def get_shipment(request: HttpRequest, shipment_id: Id) -> HttpResponse:
    row: Row = one(seen_by(request, Shipment.objects.filter(pk=shipment_id), "order__channel__key"), COLUMNS)
    lines = ShipmentLine.objects.filter(shipment=shipment_id).order_by("id")
    names = ("order_line__line_number", "order_line__sku", "quantity", "warehouse__code")
    row["lines"] = [
        dict(zip(ShippedLineOut.model_fields, values, strict=True)) for values in lines.values_list(*names)
    ]
    return answer_json(row)
