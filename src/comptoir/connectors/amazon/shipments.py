"""Shipments out: confirmShipment of Orders v0, one call per parcel, and its rules.

`packageReferenceId` must be a JSON text that holds a positive integer, unique within the order: the same
one again edits the parcel, which makes a repeated confirmation harmless. `carrierCode` is needed
everywhere, with `carrierName` when it is "Other". A ship date in the future is refused.
"""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Parcel, Shipment

_CARRIERS = Path(__file__).with_name("carriers.toml")


def shipment_path(order_id: str) -> str:
    return f"/orders/v0/orders/{order_id}/shipmentConfirmation"


def build_confirmation(shipment: Shipment, marketplace_id: str, now: datetime) -> dict[str, object]:
    """RejectedRecord for what Amazon would refuse anyway, said clearly."""
    if not shipment.lines:
        raise RejectedRecord("a shipment without lines", record_id=shipment.reference)
    if not shipment.parcel.tracking_number:
        raise RejectedRecord(
            "Amazon wants a tracking number", code="no_tracking", record_id=shipment.reference
        )
    return {
        "marketplaceId": marketplace_id,
        "packageDetail": {
            "packageReferenceId": package_reference(shipment.reference),
            **carrier_fields(shipment.parcel),
            "trackingNumber": shipment.parcel.tracking_number,
            "shipDate": min(shipment.shipped_at, now).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "orderItems": [
                {"orderItemId": line.line_id, "quantity": line.quantity} for line in shipment.lines
            ],
        },
    }


def package_reference(reference: str) -> str:
    """The same positive number for the same reference, always: nine digits of its SHA-256."""
    digest = hashlib.sha256(reference.encode()).digest()
    return str(1 + int.from_bytes(digest[:8], "big") % 999_999_999)


def carrier_fields(parcel: Parcel) -> dict[str, str]:
    code = carrier_codes().get(parcel.carrier.upper())
    if code:
        return {"carrierCode": code, "carrierName": parcel.carrier_name or code}
    return {"carrierCode": "Other", "carrierName": parcel.carrier_name or parcel.carrier or "Other"}


@cache
def carrier_codes() -> dict[str, str]:
    codes: dict[str, str] = tomllib.loads(_CARRIERS.read_text("utf-8"))["codes"]
    return codes
