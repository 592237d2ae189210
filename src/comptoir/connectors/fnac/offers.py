"""Offers: their record ↔ Fnac's `offer` elements. Pure functions; nothing is built that Fnac would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from lxml import etree

from comptoir.connectors.fnac import xml
from comptoir.connectors.fnac.fields import amount, integer, text
from comptoir.connectors.fnac.orders import CURRENCY
from comptoir.connectors.fnac.promotions import PROMOTION_PREFIX, add_promotion, promotion_problem
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import CENT
from comptoir.sdk.records import ListedOffer, OfferDraft, Record

PRICE_MIN, PRICE_MAX = Decimal("0.90"), Decimal("20000.00")
QUANTITY_MAX: Final = 9999
TEXT_MAX: Final = 255
"""`common.xsd`: price_090_20000, quantity_0_9999, string255."""

CONDITIONS: Final = {
    "new": "11",
    "refurbished": "10",
    "used_like_new": "1",
    "used_very_good": "2",
    "used_good": "3",
    "used_acceptable": "4",
    "collectible_like_new": "5",
    "collectible_very_good": "6",
    "collectible_good": "7",
    "collectible_acceptable": "8",
}
"""Our words → `product_state` of `state.xsd`."""
_WORDS: Final = {code: word for word, code in CONDITIONS.items()}

OPTIONAL: Final = (
    "internal_comment", "showcase", "instead_of_price", "adherent_price", "is_shipping_free",
    "logistic_type_id", "time_to_ship",
)  # fmt: skip
"""Elements that `OfferDraft.extra` may give by Fnac's own names, beside promotions (`promotion.…`)."""
PICTURES: Final = ("picture_1", "picture_2", "picture_3", "picture_4")
_PRICES: Final = frozenset({"instead_of_price", "adherent_price"})
_EAN = re.compile(r"\d{8}|\d{12,14}")


class OfferContent(Record, frozen=True, kw_only=True):
    """One `offer` element of offers_update; None and "" are left out of it."""

    sku: str
    ean: str = ""
    product_id: str = ""
    """Fnac's own id of the product, used where there is no EAN."""
    price: Decimal | None = None
    state: str = ""
    quantity: int | None = None
    description: str = ""
    extra: Mapping[str, str] = {}
    delete: bool = False


def from_draft(draft: OfferDraft) -> OfferContent:
    if draft.delete:
        return OfferContent(sku=draft.sku, delete=True)
    extra = dict(draft.extra)
    if draft.lead_time_days is not None:
        extra.setdefault("time_to_ship", str(draft.lead_time_days))
    return OfferContent(
        sku=draft.sku,
        ean=draft.ean,
        product_id="" if draft.ean else draft.external_product_id,
        price=draft.price,
        state=CONDITIONS.get(draft.condition, draft.condition),
        quantity=draft.quantity,
        description=draft.description,
        extra=extra,
    )


def problem(offer: OfferContent, additional: frozenset[str] = frozenset()) -> str:
    """Why Fnac would refuse this offer; "" when it would not. Checked before anything is sent."""
    if not offer.sku:
        return "The offer has no SKU."
    if offer.price is not None and (wrong := _price_problem("price", offer.price)):
        return wrong
    if offer.quantity is not None and not 0 <= offer.quantity <= QUANTITY_MAX:
        return f"quantity {offer.quantity}: Fnac takes 0 to {QUANTITY_MAX}."
    if offer.ean and not _EAN.fullmatch(offer.ean):
        return f"{offer.ean!r} is not an EAN."
    if offer.state and offer.state not in _WORDS:
        return f"{offer.state!r} is not a condition that Fnac knows."
    if len(offer.description) > TEXT_MAX:
        return f"The description has {len(offer.description)} characters, Fnac takes {TEXT_MAX}."
    return _extra_problem(offer.extra, additional) or promotion_problem(offer.extra)


def creation_problem(offer: OfferContent) -> str:
    """What is needed of a whole offer, beside what `problem` checks."""
    if offer.delete:
        return ""
    if not (offer.ean or offer.product_id):
        return "A whole offer needs an EAN or Fnac's product id."
    if offer.price is None or offer.quantity is None or not offer.state:
        return "A whole offer needs a price, a quantity and a condition."
    return ""


def floor_problem(price: Decimal, floor: Decimal, currency: str) -> str:
    """The last guard before a price leaves."""
    if currency != CURRENCY:
        return f"Fnac sells in {CURRENCY}, not in {currency}."
    if not price.is_finite() or not floor.is_finite() or price < floor:
        return f"The price {price} is below its floor {floor}."
    return ""


def _price_problem(name: str, price: Decimal) -> str:
    if not price.is_finite() or not PRICE_MIN <= price <= PRICE_MAX:
        return f"{name} {price}: Fnac takes {PRICE_MIN} to {PRICE_MAX}."
    return "" if price == price.quantize(CENT) else f"{name} {price} has parts of a cent."


def _extra_problem(extra: Mapping[str, str], additional: frozenset[str]) -> str:
    for name, value in extra.items():
        known = name in OPTIONAL or name in PICTURES or name.startswith(PROMOTION_PREFIX)
        if not known and name not in additional:
            return f"{name!r} is not an element of Fnac's offers."
        if len(value) > TEXT_MAX:
            return f"{name} has {len(value)} characters, Fnac takes {TEXT_MAX}."
        if name in _PRICES and (wrong := _price_problem(name, _decimal(value))):
            return wrong
        if name in ("showcase", "time_to_ship") and not value.isdigit():
            return f"{name} {value!r} is not a whole number."
        if name == "is_shipping_free" and value not in ("true", "false", "0", "1"):
            return f"is_shipping_free {value!r} is neither true nor false."
    return ""


def _decimal(value: str) -> Decimal:
    try:
        return Decimal(value)
    except ArithmeticError:
        return Decimal("NaN")


def add_offer(request: etree._Element, offer: OfferContent, additional: frozenset[str] = frozenset()) -> None:
    """Append the `offer` element, in the order of `OffersUpdateService.xsd`."""
    node = xml.add(request, "offer")
    if offer.ean:
        xml.add(node, "product_reference", offer.ean, {"type": "Ean"})
    elif offer.product_id:
        xml.add(node, "product_reference", offer.product_id, {"type": "FnacId"})
    xml.add(node, "offer_reference", offer.sku, {"type": "SellerSku"})
    for name, value in _elements(offer):
        xml.add(node, name, value)
    add_promotion(node, offer.extra)
    if offer.delete:
        xml.add(node, "treatment", "delete")
    _add_pictures(node, offer.extra)
    for name in ("logistic_type_id", "time_to_ship", *sorted(additional)):
        if value := offer.extra.get(name, ""):
            xml.add(node, name, value)


def _elements(offer: OfferContent) -> Iterator[tuple[str, str]]:
    if offer.price is not None:
        yield "price", f"{offer.price.quantize(CENT, ROUND_HALF_UP)}"
    if offer.state:
        yield "product_state", offer.state
    if offer.quantity is not None:
        yield "quantity", str(offer.quantity)
    if offer.description:
        yield "description", offer.description
    for name in ("internal_comment", "showcase", "instead_of_price", "adherent_price", "is_shipping_free"):
        if value := offer.extra.get(name, ""):
            yield name, value


def _add_pictures(node: etree._Element, extra: Mapping[str, str]) -> None:
    if any(extra.get(name) for name in PICTURES):
        pictures = xml.add(node, "pictures")
        for name in PICTURES:
            if value := extra.get(name, ""):
                xml.add(pictures, name, value)


# --- reading back ---------------------------------------------------------------------------------------


def parse_listed_offer(payload: Mapping[str, Any]) -> ListedOffer:
    """A number that cannot be read is None: « not said », never zero."""
    quantity = _number(payload, "quantity")
    return ListedOffer(
        sku=text(payload, "offer_seller_id"),
        quantity=None if quantity is None else int(quantity),
        price=_number(payload, "price"),
        currency=CURRENCY,
        external_id=text(payload, "offer_fnac_id"),
        external_product_id=text(payload, "product_fnac_id"),
        condition=_WORDS.get(text(payload, "product_state"), text(payload, "product_state")),
        commission_rate=_commission_rate(payload),
    )


def _number(payload: Mapping[str, Any], name: str) -> Decimal | None:
    try:
        return amount(payload, name)
    except RejectedRecord:
        return None


def _commission_rate(payload: Mapping[str, Any]) -> Decimal | None:
    """Percent of the price, tax included. Fnac counts its fee on the shipping too: it is an upper bound."""
    price, fee = _number(payload, "price"), _number(payload, "fee_including_all_taxes")
    return (fee / price * 100).quantize(CENT, ROUND_HALF_UP) if price and fee is not None else None


def parse_content(payload: Mapping[str, Any]) -> OfferContent:
    """A listed offer as it would be sent again whole. What Fnac does not show (pictures, logistic type,
    promotions) cannot be sent again."""
    kept = ("internal_comment", "showcase", "instead_of_price", "adherent_price", "time_to_ship")
    return OfferContent(
        sku=text(payload, "offer_seller_id"),
        product_id=text(payload, "product_fnac_id"),
        price=amount(payload, "price"),
        state=text(payload, "product_state"),
        quantity=integer(payload, "quantity"),
        description=text(payload, "description"),
        extra={name: text(payload, name) for name in kept if text(payload, name)},
    )
