"""Flash sales, sales periods and dated struck prices, given among an offer's additional fields.

{"discount.Type": "Flash", "discount.StartDate": "2026-11-27T00:00:00+01:00", "discount.EndDate": …,
 "discount.DiscountValue": "10", "discount.SalesReferencePrice": "29.90"}

`DiscountValue` is in percent of the price, for Flash and Sales; `SalesReferencePrice` is the struck price.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from comptoir.connectors.octopia.offer_requests import extra_amount
from comptoir.connectors.octopia.xml_forms import DISCOUNT_TYPES
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import OfferDraft

PREFIX = "discount."
_FIELDS = frozenset(
    PREFIX + name for name in ("Type", "StartDate", "EndDate", "DiscountValue", "SalesReferencePrice")
)
_HUNDRED = Decimal(100)


class Discount(msgspec.Struct, frozen=True):
    kind: str
    start: datetime
    end: datetime
    percent: Decimal | None
    reference_price: Decimal | None


def has_discount(extra: Mapping[str, str]) -> bool:
    return any(name.startswith(PREFIX) and value for name, value in extra.items())


def read_discount(draft: OfferDraft) -> Discount | None:
    """None without one; RejectedRecord for one that is not whole, or that may go below the floor."""
    extra = draft.extra
    if not has_discount(extra):
        return None
    if unknown := sorted(name for name in extra if name.startswith(PREFIX) and name not in _FIELDS):
        raise RejectedRecord(f"{unknown[0]} is not a field of a discount.", record_id=draft.sku)
    kind = extra.get("discount.Type", "")
    if kind not in DISCOUNT_TYPES:
        words = f"discount.Type is one of {', '.join(DISCOUNT_TYPES)}."
        raise RejectedRecord(words, record_id=draft.sku)
    start, end = _instant(draft, "discount.StartDate"), _instant(draft, "discount.EndDate")
    if start >= end:
        raise RejectedRecord("A discount ends after it starts.", record_id=draft.sku)
    percent = extra_amount(draft.sku, extra, "discount.DiscountValue")
    reference = extra_amount(draft.sku, extra, "discount.SalesReferencePrice")
    _check_amounts(draft, kind, percent, reference)
    return Discount(kind, start, end, percent, reference)


def _check_amounts(draft: OfferDraft, kind: str, percent: Decimal | None, reference: Decimal | None) -> None:
    if kind == "StrikedPrice":
        if percent is not None or reference is None:
            words = "A struck price has a SalesReferencePrice and no DiscountValue."
            raise RejectedRecord(words, record_id=draft.sku)
    else:
        _check_percent(draft, percent)
    if reference is not None and reference <= draft.price:
        raise RejectedRecord("A struck price is above the price.", record_id=draft.sku)


def _check_percent(draft: OfferDraft, percent: Decimal | None) -> None:
    if percent is None or not 0 < percent < _HUNDRED:
        raise RejectedRecord("A discount is between 0 and 100 percent.", record_id=draft.sku)
    lowest = lowest_price(draft.price, percent)
    if lowest <= 0 or lowest < draft.floor:
        words = f"With this discount the price may be {lowest:.2f}, below its floor {draft.floor}."
        raise RejectedRecord(words, record_id=draft.sku, code="floor")


def lowest_price(price: Decimal, percent: Decimal) -> Decimal:
    """That the unit is percent is not verified: the lower of it as a percentage and as an amount."""
    return min(price * (1 - percent / _HUNDRED), price - percent)


def _instant(draft: OfferDraft, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(draft.extra.get(name, ""))
    except ValueError as error:
        raise RejectedRecord(f"{name} is an instant with its offset.", record_id=draft.sku) from error
    if found.tzinfo is None:
        raise RejectedRecord(f"{name} is an instant with its offset.", record_id=draft.sku)
    return found
