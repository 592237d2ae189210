"""Promotions, given as `promotion.<element>` among an offer's additional fields.

{"promotion.type": "FlashSale", "promotion.starts_at": "2026-11-27T00:00:00+01:00",
 "promotion.ends_at": …, "promotion.discount_type": "percentage", "promotion.discount_value": "10",
 "promotion.trigger_customer_type": "all"}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from lxml import etree

from comptoir.connectors.fnac import xml

PROMOTION_PREFIX: Final = "promotion."
TYPES: Final = frozenset({"Sales", "Destocking", "GoodDeal", "Batch", "FlashSale", "FreeShipping"})
CART_TRIGGERS: Final = frozenset({"MinSellerAmount", "MinSellerQuantity", "MinOfferQuantity"})
_FIRST: Final = (
    "sales_period_reference", "promotion_uid", "starts_at", "ends_at", "discount_type", "discount_value",
)  # fmt: skip
_TRIGGERS: Final = ("trigger_cart", "trigger_cart_type", "trigger_customer_type", "trigger_promotion_code")
_CODE = re.compile(r"[a-zA-Z0-9]{1,50}")


def _promotion(extra: Mapping[str, str]) -> dict[str, str]:
    length = len(PROMOTION_PREFIX)
    return {
        name[length:]: value for name, value in extra.items() if name.startswith(PROMOTION_PREFIX) and value
    }


def promotion_problem(extra: Mapping[str, str]) -> str:
    """Why Fnac would refuse the promotion (`OffersUpdateService.xsd`); "" when it would not."""
    given = _promotion(extra)
    if not given:
        return ""
    if unknown := sorted(given.keys() - {*_FIRST, *_TRIGGERS, "type"}):
        return f"{PROMOTION_PREFIX}{unknown[0]} is not an element of Fnac's promotions."
    if given.get("type") not in TYPES:
        return f"promotion.type must be one of {', '.join(sorted(TYPES))}."
    return _dates_problem(given) or _discount_problem(given) or _triggers_problem(given)


def _dates_problem(given: Mapping[str, str]) -> str:
    try:
        starts, ends = (datetime.fromisoformat(given[name]) for name in ("starts_at", "ends_at"))
    except (KeyError, ValueError):
        return "A promotion needs starts_at and ends_at, with their offset."
    if starts.tzinfo is None or ends.tzinfo is None:
        return "A promotion needs starts_at and ends_at, with their offset."
    return "" if starts < ends else "A promotion ends after it starts."


def _discount_problem(given: Mapping[str, str]) -> str:
    if given["type"] == "Sales" and "sales_period_reference" not in given:
        return "A promotion of type Sales needs its sales_period_reference."
    if "promotion_uid" in given and not _CODE.fullmatch(given["promotion_uid"]):
        return "promotion_uid takes at most 50 letters and digits."
    if given["type"] == "FreeShipping" and "discount_type" not in given:
        return ""
    if given.get("discount_type") not in ("percentage", "fixed"):
        return "promotion.discount_type is percentage or fixed."
    return (
        "" if _is_positive(given.get("discount_value", "")) else "promotion.discount_value must be above 0."
    )


def _triggers_problem(given: Mapping[str, str]) -> str:
    if not any(name in given for name in _TRIGGERS):
        return ""
    if given.get("trigger_customer_type") not in ("all", "adherent"):
        return "promotion.trigger_customer_type is all or adherent."
    if given.get("trigger_cart_type", "MinSellerAmount") not in CART_TRIGGERS:
        return f"promotion.trigger_cart_type must be one of {', '.join(sorted(CART_TRIGGERS))}."
    code = given.get("trigger_promotion_code", "A")
    return "" if _CODE.fullmatch(code) else "trigger_promotion_code takes at most 50 letters and digits."


def _is_positive(value: str) -> bool:
    try:
        number = Decimal(value)
    except ArithmeticError:
        return False
    return number.is_finite() and number > 0


def add_promotion(offer: etree._Element, extra: Mapping[str, str]) -> None:
    given = _promotion(extra)
    if not given:
        return
    promotion = xml.add(offer, "promotion", attributes={"type": given["type"]})
    for name in _FIRST:
        if name in given:
            xml.add(promotion, name, given[name])
    if any(name in given for name in _TRIGGERS):
        _add_triggers(xml.add(promotion, "triggers"), given)


def _add_triggers(triggers: etree._Element, given: Mapping[str, str]) -> None:
    if "trigger_cart" in given:
        kind = given.get("trigger_cart_type", "MinSellerAmount")
        xml.add(triggers, "trigger_cart", given["trigger_cart"], {"type": kind})
    for name in ("trigger_customer_type", "trigger_promotion_code"):
        if name in given:
            xml.add(triggers, name, given[name])
