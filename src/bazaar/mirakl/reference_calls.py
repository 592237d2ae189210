"""The small lists that a connector reads once a day: channels, currencies, carriers, reasons…"""

from __future__ import annotations

from mimetypes import guess_type

from starlette.responses import Response

from bazaar.mirakl.exchange import Call, Handler, Operation, answer
from bazaar.mirakl.reference import (
    ADDITIONAL_FIELDS,
    CARRIERS,
    DOCUMENT_SUFFIXES,
    DOCUMENT_TYPES,
    EXPRESS,
    LOGISTIC_CLASSES,
    OFFER_STATES,
    REASONS,
    STANDARD,
    VAT_CODE,
    ZONES,
)
from bazaar.mirakl.settings import Settings

MIME_TYPES = sorted({kind for one in DOCUMENT_SUFFIXES if (kind := guess_type(f"a.{one}")[0])})
CURRENCIES = {
    "EUR": "Euro",
    "GBP": "Pound Sterling",
    "USD": "US Dollar",
    "PLN": "Zloty",
    "CHF": "Swiss Franc",
}
ENTITIES = frozenset({"OFFER", "ORDER", "ORDER_LINE", "SHOP", "SHIPPING", "ADDITIONAL_SERVICE", "PRODUCT"})


def _described(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, object]]:
    return [{"code": code, "description": label, "label": label} for code, label in pairs]


async def ch11(call: Call) -> Response:
    pairs = tuple((code, f"Website {code}") for code in call.shop.settings.channels)
    return answer({"channels": _described(pairs)})


async def cur01(call: Call) -> Response:
    code = call.shop.settings.currency
    return answer(
        {"currencies": [{"code": code, "label": CURRENCIES.get(code, code), "platform_default": True}]}
    )


async def l01(call: Call) -> Response:
    code = call.shop.settings.locale
    return answer({"locales": [{"code": code, "label": code, "platform_default": True}]})


async def of61(_call: Call) -> Response:
    states = [{"code": code, "label": label} for code, label in OFFER_STATES]
    return answer({"offer_states": states, "total_count": len(states)})


async def re01(_call: Call) -> Response:
    rows = [
        {"code": code, "is_shop_right": right, "label": label, "type": kind}
        for code, kind, label, right in REASONS
    ]
    return answer({"reasons": rows, "total_count": len(rows)})


async def sh12(call: Call) -> Response:
    return answer(
        {"shipping_types": [_shipping_type(one, call.shop.settings) for one in (STANDARD, EXPRESS)]}
    )


def _shipping_type(one: tuple[str, str, str], settings: Settings) -> dict[str, object]:
    code, label, standard = one
    return {
        "click_and_collect": False,
        "code": code,
        "delivery_by_operator": False,
        "description": label,
        "label": label,
        "mandatory_tracking": settings.mandatory_tracking,
        "standard_code": standard,
    }


async def sh21(_call: Call) -> Response:
    rows = [
        {"code": code, "label": label, "standard_code": standard, "tracking_url": url}
        for code, label, standard, url in CARRIERS
    ]
    return answer({"carriers": rows})


async def af01(call: Call) -> Response:
    wanted = set(call.choices("entities", ENTITIES))
    rows = [
        {
            "code": code,
            "description": label,
            "editable": True,
            "entity": entity,
            "label": label,
            "required": False,
            "type": kind,
        }
        for code, entity, label, kind in ADDITIONAL_FIELDS
        if not wanted or entity in wanted
    ]
    return answer({"additional_fields": rows, "total_count": len(rows)})


async def do01(call: Call) -> Response:
    wanted = set(call.csv("entities"))
    rows = [
        {
            "code": code,
            "description": label,
            "entity": entity,
            "label": label,
            "mime_types": MIME_TYPES,
        }
        for code, entity, label in DOCUMENT_TYPES
        if not wanted or entity in wanted
    ]
    return answer({"documents": rows})


async def or75(_call: Call) -> Response:
    rule = "PROPORTIONAL_TO_AMOUNT"
    return answer({"taxes": [{"code": VAT_CODE, "label": "VAT", "tax_calculation_rule": rule}]})


def _listing(name: str, pairs: tuple[tuple[str, str], ...]) -> Handler:
    async def listing(_call: Call) -> Response:
        return answer({name: _described(pairs)})

    return listing


def operations() -> list[Operation]:
    return [
        Operation("CH11", "GET", "/api/channels", ch11),
        Operation("CUR01", "GET", "/api/currencies", cur01),
        Operation("L01", "GET", "/api/locales", l01),
        Operation("OF61", "GET", "/api/offers/states", of61),
        Operation("RE01", "GET", "/api/reasons", re01),
        Operation("SH11", "GET", "/api/shipping/zones", _listing("shipping_zones", ZONES)),
        Operation("SH12", "GET", "/api/shipping/types", sh12),
        Operation("SH21", "GET", "/api/shipping/carriers", sh21),
        Operation(
            "SH31", "GET", "/api/shipping/logistic_classes", _listing("logistic_classes", LOGISTIC_CLASSES)
        ),
        Operation("AF01", "GET", "/api/additional_fields", af01),
        Operation("DO01", "GET", "/api/documents", do01),
        Operation("OR75", "GET", "/api/orders/taxes", or75),
    ]
