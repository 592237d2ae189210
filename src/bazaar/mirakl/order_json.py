"""An order as OR11 writes it: the field names of the specification, and no other."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import msgspec

from bazaar.mirakl.countries import alpha3_and_label
from bazaar.mirakl.money import stamp, stamp_or_null
from bazaar.mirakl.order_records import Cancelation, Line, Order, Refund, Tax
from bazaar.mirakl.reference import STANDARD, VAT_CODE, ZONES, carrier, field_type
from bazaar.mirakl.settings import Settings

JSON = msgspec.json.Encoder(decimal_format="number")
BEFORE_DEBIT = frozenset(
    {"STAGING", "WAITING_ACCEPTANCE", "WAITING_DEBIT", "WAITING_DEBIT_PAYMENT", "REFUSED"}
)


def order_fields(order: Order, settings: Settings) -> dict[str, object]:
    lines = order.lines
    shipping = sum((line.shipping_price for line in lines), Decimal("0.00"))
    commission = sum((line.commission_fee + line.commission_vat for line in lines), Decimal("0.00"))
    registered = carrier(order.carrier_code) if order.carrier_code else None
    return {
        "acceptance_decision_date": stamp_or_null(order.accepted_at),
        "can_cancel": can_cancel(order),
        "can_shop_ship": order.state == "SHIPPING" and not settings.multi_shipment,
        "channel": {"code": order.channel, "label": f"Website {order.channel}"} if order.channel else None,
        "commercial_id": order.commercial_id,
        "created_date": stamp(order.created_at),
        "currency_iso_code": order.currency,
        "customer": _customer(order, settings),
        "customer_debited_date": stamp_or_null(order.debited_at),
        "customer_directly_pays_seller": False,
        "customer_notification_email": _anonymous_email(order),
        "delivery_date": None,
        "fulfillment": {"center": {"code": "DEFAULT"}},
        "fully_refunded": order.fully_refunded,
        "has_customer_message": order.has_customer_message,
        "has_incident": order.has_incident,
        "has_invoice": order.has_invoice,
        "invoice_details": None,
        "last_updated_date": stamp(order.updated_at),
        "leadtime_to_ship": settings.lead_time_days,
        "order_additional_fields": additional_fields("ORDER", order.additional_fields),
        "order_id": order.order_id,
        "order_lines": [_line(line) for line in lines],
        "order_refunds": [],
        "order_state": order.state,
        "order_state_reason_code": order.reason_code,
        "order_state_reason_label": order.reason_label,
        "order_tax_mode": settings.order_tax_mode,
        "order_taxes": None,
        "paymentType": "CARD",
        "payment_duration": 0,
        "payment_type": "CARD",
        "payment_workflow": "PAY_ON_ACCEPTANCE",
        "price": order.total - shipping,
        "promotions": {"applied_promotions": [], "total_deduced_amount": 0},
        "quote_id": None,
        "references": {
            "order_reference_for_customer": order.reference_for_customer,
            "order_reference_for_seller": order.reference_for_seller,
        },
        "shipping_carrier_code": order.carrier_code,
        "shipping_carrier_standard_code": registered[2] if registered else None,
        "shipping_company": order.carrier_name,
        "shipping_deadline": stamp_or_null(order.deadline),
        "shipping_price": shipping,
        "shipping_pudo_id": None,
        "shipping_tracking": order.tracking_number,
        "shipping_tracking_url": order.tracking_url,
        "shipping_type_code": STANDARD[0],
        "shipping_type_label": STANDARD[1],
        "shipping_type_standard_code": STANDARD[2],
        "shipping_zone_code": ZONES[0][0],
        "shipping_zone_label": ZONES[0][1],
        "total_commission": commission,
        "total_price": order.total,
        "transaction_date": stamp_or_null(order.debited_at),
        "transaction_number": f"TR-{order.order_id}" if order.debited_at else None,
    }


def can_cancel(order: Order) -> bool:
    """The seller may cancel what he accepted and has not shipped."""
    return order.state in {"WAITING_DEBIT", "WAITING_DEBIT_PAYMENT", "SHIPPING"}


def additional_fields(entity: str, values: dict[str, str]) -> list[dict[str, object]]:
    return [
        {"code": code, "type": field_type(entity, code), "value": value} for code, value in values.items()
    ]


def _customer(order: Order, settings: Settings) -> dict[str, object]:
    buyer = order.buyer
    hidden = order.state in BEFORE_DEBIT and not settings.addresses_before_acceptance
    address = None if hidden else order_address(order)
    return {
        "billing_address": address,
        "civility": None,
        "customer_id": f"C-{_digest(buyer.email)[:12]}",
        "firstname": buyer.firstname,
        "lastname": buyer.lastname,
        "locale": settings.locale,
        "organization": None,
        "shipping_address": None if address is None else {**address, "additional_info": None},
    }


def order_address(order: Order) -> dict[str, object]:
    buyer = order.buyer
    code, label = alpha3_and_label(buyer.country)
    return {
        "city": buyer.city,
        "civility": None,
        "company": buyer.company or None,
        "company_2": None,
        "country": label,
        "country_iso_code": code,
        "firstname": buyer.firstname,
        "lastname": buyer.lastname,
        "phone": buyer.phone or None,
        "phone_secondary": None,
        "state": None,
        "street_1": buyer.street_1,
        "street_2": buyer.street_2 or None,
        "zip_code": buyer.postcode,
    }


def _anonymous_email(order: Order) -> str:
    return f"notification+{_digest(order.buyer.email + order.order_id)[:25]}@notification.example"


def _digest(text: str) -> str:
    return hashlib.blake2s(text.encode()).hexdigest()


def _line(line: Line) -> dict[str, object]:
    return {
        "can_refund": line.state in {"SHIPPING", "SHIPPED", "RECEIVED", "INCIDENT_OPEN"} and not line.refunds,
        "cancelations": [cancelation_fields(one) for one in line.cancelations],
        "category_code": line.family,
        "category_label": line.family,
        "commission_fee": line.commission_fee,
        "commission_rate_vat": line.commission_vat_rate,
        "commission_taxes": [
            {"amount": line.commission_vat, "code": VAT_CODE, "rate": line.commission_vat_rate}
        ],
        "commission_vat": line.commission_vat,
        "created_date": stamp(line.created_at),
        "debited_date": stamp_or_null(line.debited_at),
        "description": None,
        "eco_contributions": [],
        "fees": [],
        "last_updated_date": stamp(line.updated_at),
        "offer_id": line.offer_id,
        "offer_sku": line.sku,
        "offer_state_code": "11",
        "order_line_additional_fields": additional_fields("ORDER_LINE", line.additional_fields),
        "order_line_id": line.line_id,
        "order_line_index": line.index,
        "order_line_state": line.state,
        "order_line_state_reason_code": line.reason_code,
        "order_line_state_reason_label": line.reason_label,
        "origin_unit_price": line.origin_unit_price,
        "price": line.price,
        "price_additional_info": None,
        "price_unit": line.unit_price,
        "product_medias": [],
        "product_shop_sku": line.sku,
        "product_sku": line.product_sku,
        "product_title": line.title,
        "promotions": [],
        "quantity": line.quantity,
        "received_date": stamp_or_null(line.received_at),
        "refunds": [refund_fields(one) for one in line.refunds],
        "shipped_date": stamp_or_null(line.shipped_at),
        "shipping_price": line.shipping_price,
        "shipping_price_additional_unit": None,
        "shipping_price_unit": None,
        "shipping_taxes": [_tax(one) for one in line.shipping_taxes],
        "taxes": [_tax(one) for one in line.taxes],
        "total_commission": line.commission_fee + line.commission_vat,
        "total_price": line.total,
    }


def _tax(tax: Tax) -> dict[str, object]:
    rule = "PROPORTIONAL_TO_AMOUNT"
    return {"amount": tax.amount, "code": tax.code, "rate": tax.rate, "tax_calculation_rule": rule}


def plain_taxes(taxes: tuple[Tax, ...]) -> list[dict[str, object]]:
    return [{"amount": one.amount, "code": one.code, "rate": one.rate} for one in taxes]


def cancelation_fields(one: Cancelation) -> dict[str, object]:
    return {
        "amount": one.amount,
        "commission_amount": one.commission_fee,
        "commission_taxes": [{"amount": one.commission_tax, "code": VAT_CODE}],
        "commission_total_amount": one.commission_fee + one.commission_tax,
        "created_date": stamp(one.at),
        "eco_contributions": [],
        "fees": [],
        "id": one.id,
        "quantity": one.quantity,
        "reason_code": one.reason_code,
        "shipping_amount": one.shipping_amount,
        "shipping_taxes": plain_taxes(one.shipping_taxes),
        "taxes": plain_taxes(one.taxes),
    }


def refund_fields(one: Refund) -> dict[str, object]:
    return {
        "amount": one.amount,
        "commission_amount": one.commission_fee,
        "commission_tax_amount": one.commission_tax,
        "commission_taxes": [{"amount": one.commission_tax, "code": VAT_CODE}],
        "commission_total_amount": one.commission_fee + one.commission_tax,
        "created_date": stamp(one.at),
        "eco_contributions": [],
        "fees": [],
        "id": one.id,
        "order_refund_id": one.order_refund_id,
        "quantity": one.quantity,
        "reason_code": one.reason_code,
        "refund_state": one.state,
        "shipping_amount": one.shipping_amount,
        "shipping_taxes": plain_taxes(one.shipping_taxes),
        "state": "WAITING_REFUND" if one.state == "WAITING_REFUND_TAX_CONFIRMATION" else one.state,
        "taxes": plain_taxes(one.taxes),
        "transaction_date": stamp_or_null(one.paid_at),
        "transaction_number": f"TR-{one.id}" if one.paid_at else None,
    }
