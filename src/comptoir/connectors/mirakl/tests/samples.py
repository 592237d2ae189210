"""Records that the hub would hand over."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from comptoir.sdk.records import (
    Cancellation,
    LineAmount,
    OfferDraft,
    OrderDecision,
    OrderReference,
    Parcel,
    PriceUpdate,
    Refund,
    Shipment,
    ShippedLine,
    StockUpdate,
)

D = Decimal


def decision(order_id: str = "C-1-A", **lines: bool) -> OrderDecision:
    return OrderDecision(order_id=order_id, lines=lines or {f"{order_id}-1": True, f"{order_id}-2": True})


def shipment(reference: str = "SHP-1", order_id: str = "C-1-A", **changed: Any) -> Shipment:
    return Shipment(
        **{
            "reference": reference,
            "order_id": order_id,
            "parcel": Parcel(carrier="COLISSIMO", carrier_name="Colissimo", tracking_number="6A123"),
            "lines": (ShippedLine(line_id=f"{order_id}-1", sku="MUG-01", quantity=2),),
            "shipped_at": datetime(2026, 11, 23, 9, tzinfo=UTC),
            "completes_order": True,
            **changed,
        }
    )


def amount(
    line_id: str = "C-1-A-1", quantity: int = 1, value: str = "10.00", shipping: str = "0"
) -> LineAmount:
    return LineAmount(line_id=line_id, quantity=quantity, amount=D(value), shipping_amount=D(shipping))


def cancellation(**changed: Any) -> Cancellation:
    return Cancellation(**{"reference": "CAN-1", "order_id": "C-1-A", "lines": (amount(),), **changed})


def refund(**changed: Any) -> Refund:
    return Refund(**{"reference": "REF-1", "order_id": "C-1-A", "lines": (amount(),), **changed})


def reference(order_id: str = "C-1-A") -> OrderReference:
    return OrderReference(order_id=order_id, reference=f"CPT-{order_id}")


def stock(sku: str = "MUG-01", quantity: int = 5) -> StockUpdate:
    return StockUpdate(sku=sku, quantity=quantity)


def price(
    sku: str = "MUG-01", value: str = "12.90", floor: str = "9.00", currency: str = "EUR"
) -> PriceUpdate:
    return PriceUpdate(sku=sku, price=D(value), currency=currency, floor=D(floor))


def draft(**changed: Any) -> OfferDraft:
    return OfferDraft(
        **{
            "sku": "MUG-01",
            "ean": "3760001234567",
            "price": D("12.90"),
            "currency": "EUR",
            "floor": D("9.00"),
            "quantity": 5,
            "description": "Tasse émaillée",
            "lead_time_days": 2,
            **changed,
        }
    )
