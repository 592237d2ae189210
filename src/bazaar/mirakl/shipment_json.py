"""Shipments and items to ship, as ST01, ST11 and ST12 write them."""

from __future__ import annotations

from collections.abc import Mapping

from bazaar.mirakl.money import stamp, stamp_or_null
from bazaar.mirakl.order_json import order_address
from bazaar.mirakl.order_records import Order, Shipment
from bazaar.mirakl.reference import STANDARD


def shipment_fields(one: Shipment) -> dict[str, object]:
    lines = [
        {
            "offer_sku": line.sku,
            "order_line_id": line.line_id,
            "package_reference": line.package_reference,
            "quantity": line.quantity,
        }
        for line in one.lines
    ]
    return {
        "created_date": stamp(one.created_at),
        "id": one.id,
        "invoice_reference": one.invoice_reference,
        "last_updated_date": stamp(one.updated_at),
        "order_id": one.order_id,
        "payment_details": None,
        "shipment_additional_information": [],
        "shipment_lines": lines,
        "shipped_date": stamp_or_null(one.shipped_at),
        "shipping_from": None,
        "status": one.status,
        "status_customer_debit": "NO_DEBIT",
        "tracking": _tracking(one) if one.carrier_name else None,
    }


def _tracking(one: Shipment) -> dict[str, object]:
    return {
        "carrier_code": one.carrier_code,
        "carrier_name": one.carrier_name,
        "carrier_standard_code": one.carrier_standard_code,
        "last_known_location": None,
        "milestones": [],
        "tracking_number": one.tracking_number,
        "tracking_url": one.tracking_url,
        "validity_status": None,
    }


def to_ship_fields(order: Order, left: Mapping[str, int]) -> dict[str, object]:
    lines = [
        {
            "offer_sku": line.sku,
            "order_line_id": line.line_id,
            "package_description": None,
            "package_reference": None,
            "product_title": line.title,
            "quantity": left[line.line_id],
        }
        for line in order.open_lines
        if left[line.line_id] > 0
    ]
    return {
        "fulfillment": {"center": {"code": "DEFAULT"}},
        "order_id": order.order_id,
        "references": {
            "order_reference_for_customer": order.reference_for_customer,
            "order_reference_for_seller": order.reference_for_seller,
        },
        "shipment_lines": lines,
        "shipping_address": {**order_address(order), "additional_info": None},
        "shipping_date": stamp_or_null(order.shipping_at),
        "shipping_deadline": stamp_or_null(order.deadline),
        "shipping_type_code": STANDARD[0],
        "shipping_type_standard_code": STANDARD[2],
    }
