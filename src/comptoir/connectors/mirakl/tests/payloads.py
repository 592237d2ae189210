"""Handwritten payloads in the shape of Mirakl's answers."""

from __future__ import annotations

from typing import Any


def order(order_id: str = "C-1-A", state: str = "SHIPPING", **changed: Any) -> dict[str, Any]:
    """A French order of two lines, tax included: 2 × 10.00 + 1 × 25.50, shipping 4.90."""
    return {
        "order_id": order_id,
        "commercial_id": order_id.removesuffix("-A"),
        "order_state": state,
        "order_state_reason_code": None,
        "created_date": "2026-11-20T08:15:30Z",
        "last_updated_date": "2026-11-20T09:00:00.250Z",
        "currency_iso_code": "EUR",
        "order_tax_mode": "TAX_INCLUDED",
        "order_taxes": None,
        "price": 45.50,
        "shipping_price": 4.90,
        "total_price": 50.40,
        "total_commission": 6.05,
        "can_cancel": True,
        "fully_refunded": False,
        "customer": customer(),
        "customer_notification_email": "notification+abc@notification.example",
        "shipping_deadline": "2026-11-24T22:59:59.999Z",
        "shipping_type_code": "STD",
        "shipping_type_label": "Livraison standard",
        "delivery_date": {"earliest": "2026-11-25T00:00:00Z", "latest": "2026-11-27T00:00:00Z"},
        "fulfillment": {"center": {"code": "DEFAULT"}},
        "channel": {"code": "FR", "label": "Site français"},
        "promotions": {"applied_promotions": [], "total_deduced_amount": 0},
        "order_lines": [
            line(f"{order_id}-1", state, offer_sku="MUG-01", quantity=2, price_unit=10.0, price=20.0),
            line(
                f"{order_id}-2",
                state,
                offer_sku="LAMP-07",
                quantity=1,
                price_unit="25.50",
                price="25.50",
                shipping_price=0,
                total_price=25.5,
            ),
        ],
        **changed,
    }


def line(line_id: str, state: str = "SHIPPING", **changed: Any) -> dict[str, Any]:
    return {
        "order_line_id": line_id,
        "order_line_state": state,
        "offer_sku": "MUG-01",
        "offer_id": 2130,
        "offer_state_code": "11",
        "product_sku": "MKP0001",
        "product_title": "Tasse émaillée",
        "quantity": 2,
        "price_unit": 10.0,
        "price": 20.0,
        "shipping_price": 4.90,
        "total_price": 24.90,
        "total_commission": 2.99,
        "taxes": [{"code": "VAT", "rate": 20, "amount": 3.33}],
        "shipping_taxes": [{"code": "VAT", "rate": 20, "amount": 0.82}],
        "cancelations": [],
        "refunds": [],
        "shipped_date": None,
        "received_date": None,
        **changed,
    }


def customer() -> dict[str, Any]:
    return {
        "customer_id": "K-77",
        "firstname": "Zoé",
        "lastname": "Martin",
        "locale": "fr_FR",
        "billing_address": address(),
        "shipping_address": {**address(), "additional_info": "Digicode 12"},
    }


def address() -> dict[str, Any]:
    return {
        "firstname": "Zoé",
        "lastname": "Martin",
        "company": None,
        "company_2": None,
        "street_1": "3 rue des Lilas",
        "street_2": "Bât. B",
        "zip_code": "33000",
        "city": "Bordeaux",
        "state": None,
        "country": "France",
        "country_iso_code": "FRA",
        "phone": "+33600000000",
        "phone_secondary": None,
    }


def offer(sku: str = "MUG-01", **changed: Any) -> dict[str, Any]:
    return {
        "shop_sku": sku,
        "offer_id": 9,
        "product_sku": "MKP0001",
        "product_references": [{"reference_type": "EAN", "reference": "3760001234567"}],
        "quantity": 7,
        "price": 10.0,
        "all_prices": [
            {"channel_code": None, "price": 10.0, "unit_origin_price": 12.0, "unit_discount_price": 10.0},
            {"channel_code": "BE", "context": {"channel_codes": ["BE"]}, "price": 11.0},
        ],
        "currency_iso_code": "EUR",
        "active": True,
        "inactivity_reasons": None,
        "state_code": "11",
        "fulfillment": {"center": {"code": "DEFAULT"}},
        **changed,
    }
