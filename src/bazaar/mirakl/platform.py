"""What a connection looks at first: V01 health, PC01 features, A01 the shop, A21 its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from starlette.responses import Response

from bazaar.mirakl.countries import alpha3_and_label
from bazaar.mirakl.exchange import Call, Operation, answer
from bazaar.mirakl.money import CENT, ZERO, cents, stamp
from bazaar.mirakl.order_records import Order
from bazaar.mirakl.reference import STANDARD, ZONES
from bazaar.mirakl.settings import Settings
from bazaar.mirakl.shop import Shop

PERIODS: dict[str, int | None] = {
    "ALL_SINCE_BEGINNING": None,
    "LAST_MONTH": 30,
    "LAST_THREE_MONTHS": 91,
    "LAST_SIX_MONTHS": 182,
    "LAST_YEAR": 365,
}


async def v01(_call: Call) -> Response:
    return Response(status_code=200)


async def pc01(call: Call) -> Response:
    settings = call.shop.settings
    features = {**_order_features(settings), **_offer_features(settings), **_other_features()}
    content = {
        "features": features,
        "modules": _modules(),
        "platform_configuration": {
            "customer_model": {"b2b": False, "b2c": True},
            "enhanced_seller_invoicing": {"enabled": False},
            "platform_model": {"drop_ship": False, "marketplace": True, "one_creditor": False},
        },
        "platform_name": settings.platform_name,
        "tenant_name": f"{call.shop.key}-prod",
        "timezone": settings.timezone,
    }
    return answer(content)


def _order_features(settings: Settings) -> dict[str, object]:
    return {
        "order_conditions": {
            "lead_time_to_ship": True,
            "maximum_order_quantity": True,
            "minimum_order_quantity": True,
            "package_order_quantity": True,
        },
        "order_tax_mode": settings.order_tax_mode,
        "order_workflows": {
            "no_customer_payment_confirmation": False,
            "order_acceptance": settings.order_acceptance,
            "pause_debit_workflow": False,
            "pay_on_due_date": False,
            "pay_on_shipment": False,
            "sellers_edit_shipping_origin": False,
            "shipping_and_billing_details_before_acceptance": settings.addresses_before_acceptance,
        },
        "payment_confirmation": True,
        "returns": {"drop_ship": False, "marketplace": True, "one_creditor": False},
        "shipment": {
            "multi_part_item_shipment": settings.multi_shipment,
            "multi_shipment": settings.multi_shipment,
        },
        "disable_seller_alternative_carrier": not settings.alternative_carriers,
        "lead_time_to_ship_by_sellers_enabled": "YES",
    }


def _offer_features(settings: Settings) -> dict[str, object]:
    return {
        "competitive_pricing_tool": settings.competitive_pricing_tool,
        "offer_prices_decimals": "2",
        "operator_csv_delimiter": settings.csv_delimiter,
        "pricing": {
            "channel_pricing": "SINGLE" if settings.channel_pricing else "DISABLED",
            "discount_period_required": settings.discount_period_required,
            "discount_price_creation_in_the_past_blocked": False,
            "scheduled_pricing": settings.scheduled_pricing,
            "volume_discount": settings.volume_pricing,
            "volume_pricing": settings.volume_pricing,
        },
        "promotion": {
            "cart_promotion_campaign": False,
            "discount_campaign": False,
            "seller_promotion": False,
        },
        "warehouses": {"geolocation": False, "restricted_countries": []},
        "circular_economy_data_collection": False,
        "multi_currency": False,
    }


def _other_features() -> dict[str, object]:
    identifier = {"mandatory": False, "validation_regex": None}
    return {
        "catalog": {
            "allow_shop_contribution_to_all_channels": True,
            "exclude_invalid_products": True,
            "list_of_multiple_values_separator": "|",
            "product_acceptance_by_channel": False,
            "product_data_validation_by_channel": False,
            "product_import_only_on_leaf": True,
        },
        "direct_payment_customer_store": {"activated": False, "refund_cancel_authorized": False},
        "dropship": None,
        "kyc_status_per_seller": False,
        "multi_payout_psp_per_seller": False,
        "no_reply_needed": True,
        "product_data_validation_by_channel": False,
        "shop_tax_options": {"local_tax_number": identifier, "tax_identification_number": identifier},
        "tax_collection": {
            "activated": "NO",
            "product_tax_code_mandatory": False,
            "tax_collection_by_operator": False,
        },
        "tax_id_number": identifier,
    }


def _modules() -> dict[str, object]:
    return {
        "mirakl_catalog_integrator": False,
        "mirakl_catalog_manager": False,
        "mirakl_catalog_transformer": False,
        "mirakl_platform_services": False,
        "offer_management": True,
        "order_management": True,
        "promotions": False,
        "quotes": False,
        "tax_manager": {"activated": False, "tax_provider": {"avalara": False, "vertex": False}},
    }


async def a01(call: Call) -> Response:
    shop, settings = call.shop, call.shop.settings
    content = {
        **_identity(shop),
        "channels": list(settings.channels),
        "closed_from": None,
        "closed_to": None,
        "currency_iso_code": settings.currency,
        "domains": ["PRODUCT"],
        "evaluations_count": 128,
        "free_shipping": False,
        "grade": 4.6,
        "is_professional": True,
        "kyc": {"reason": None, "status": "APPROVED"},
        "model": "MARKETPLACE",
        "offers_count": sum(1 for _ in shop.live_offers()),
        "orders_count": len(shop.orders),
        "payment_details": _balances(shop),
        "payment_method_mandatory": False,
        "premium": False,
        "shipping": {"lead_time_to_ship": settings.lead_time_days},
        "shipping_country": alpha3_and_label(settings.country)[0],
        "shipping_types": [STANDARD[0]],
        "shipping_zones": [code for code, _ in ZONES],
        "shippings": [_shipping(settings)],
        "shop_additional_fields": [],
        "shop_id": settings.shop_id,
        "shop_name": settings.shop_name,
        "shop_state": "OPEN",
    }
    return answer(content)


def _identity(shop: Shop) -> dict[str, object]:
    country = alpha3_and_label(shop.settings.country)[0]
    address = {
        "city": "Paris",
        "country_iso_code": country,
        "street_1": "1 rue de la Paix",
        "zip_code": "75002",
    }
    return {
        "approval_delay": None,
        "approval_rate": None,
        "billing_info": None,
        "contact_informations": {
            "city": "Paris",
            "country": country,
            "email": "shop@example.com",
            "firstname": "Camille",
            "lastname": "Martin",
            "street1": "1 rue de la Paix",
            "zip_code": "75002",
        },
        "date_created": stamp(shop.opened_at),
        "default_billing_information": {
            "default_language": shop.settings.locale,
            "id": "1",
            "registration_address": address,
        },
        "description": None,
        "last_updated_date": stamp(shop.opened_at),
        "pro_details": {
            "VAT_number": "FR32123456789",
            "corporate_name": shop.settings.shop_name,
            "identification_number": "123456789",
            "tax_identification_number": "FR32123456789",
        },
    }


def _shipping(settings: Settings) -> dict[str, object]:
    return {
        "additional_fields": [],
        "shipping_free_amount": settings.free_shipping_from,
        "shipping_type_code": STANDARD[0],
        "shipping_type_label": STANDARD[1],
        "shipping_type_standard_code": STANDARD[2],
        "shipping_zone_code": ZONES[0][0],
        "shipping_zone_label": ZONES[0][1],
    }


def _balances(shop: Shop) -> dict[str, object]:
    sums = dict.fromkeys(("PENDING", "PAYABLE", "PAID"), ZERO)
    for one in shop.account.all():
        if one.type != "PAYMENT":
            sums[one.payment_state] += one.amount
    return {
        "paid_balance": sums["PAID"],
        "payable_balance": sums["PAYABLE"],
        "pending_balance": sums["PENDING"],
        "reserve_balance": None,
        "reserve_target": None,
        "sub_balances": [],
    }


async def a21(call: Call) -> Response:
    """Rates are fractions of 1 (assumption)."""
    periods = call.choices("periods", frozenset(PERIODS)) or list(PERIODS)
    figures: dict[str, list[dict[str, object]]] = {}
    for period in periods:
        days = PERIODS[period]
        start = None if days is None else call.now - timedelta(days=days)
        for name, value in _figures(call.shop, start).items():
            figures.setdefault(name, []).append({"period": period, "value": value})
    more = {"channel": call.text("channel_code"), "last_updated_date": stamp(call.now)}
    return answer({**figures, **more, "shop_id": call.shop.settings.shop_id})


def _figures(shop: Shop, start: datetime | None) -> dict[str, object]:
    orders = shop.orders.created_between(start, None)
    decided = [one for one in orders if one.accepted_at is not None]
    accepted = [one for one in decided if one.state != "REFUSED"]
    shipped = [one for one in accepted if any(line.shipped_at for line in one.lines)]
    revenue = sum((one.total for one in accepted), ZERO)
    goods = sum((line.price for one in accepted for line in one.lines), ZERO)
    return {
        "approval_rate": _rate(len(accepted), len(decided)),
        "auto_refused_rate": _rate(len(decided) - len(accepted), len(decided)),
        "average_cart": cents(goods / len(accepted)) if accepted else None,
        "average_cart_with_shipping": cents(revenue / len(accepted)) if accepted else None,
        "cancelation_rate": _rate(sum(one.state == "CANCELED" for one in accepted), len(accepted)),
        "incident_rate": _rate(sum(one.has_incident for one in shipped), len(shipped)),
        "late_shipment_rate": _rate(_late(shipped), len(shipped)),
        "offers_count": sum(1 for _ in shop.live_offers()),
        "orders_count": len(orders),
        "refund_rate": _rate(sum(any(line.refunds for line in one.lines) for one in shipped), len(shipped)),
        "total_revenue": revenue,
    }


def _late(shipped: Sequence[Order]) -> int:
    return sum(
        any(one.deadline and line.shipped_at and line.shipped_at > one.deadline for line in one.lines)
        for one in shipped
    )


def _rate(count: int, whole: int) -> Decimal | None:
    return (Decimal(count) / whole).quantize(CENT / 100) if whole else None


def operations() -> list[Operation]:
    return [
        Operation("V01", "GET", "/api/version", v01),
        Operation("PC01", "GET", "/api/platform/configuration", pc01),
        Operation("A01", "GET", "/api/account", a01),
        Operation("A21", "GET", "/api/account/statistics", a21),
    ]
