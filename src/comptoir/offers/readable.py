"""Can our tables hold what a channel shows? One offer that they cannot must not take its whole page with it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from comptoir.sdk.records import ListedOffer, Rejected

_LARGEST_PRICE = Decimal(999_999_999_999)
_LARGEST_QUANTITY = 2**31 - 1


def set_aside_listed(listed: Iterable[ListedOffer]) -> tuple[list[ListedOffer], list[Rejected]]:
    fit: list[ListedOffer] = []
    refused: list[Rejected] = []
    for offer in listed:
        if fault := _fault(offer):
            refused.append(
                Rejected(external_id=offer.sku or offer.external_id, message=fault, code="invalid")
            )
        else:
            fit.append(offer)
    return fit, refused


def _fault(offer: ListedOffer) -> str:
    if len(offer.sku) > 80:
        return f"A SKU has {len(offer.sku)} characters, 80 are possible: {offer.sku[:30]}…"
    if len(offer.external_id) > 120 or len(offer.external_product_id) > 120:
        return f"{offer.sku}: an id of the channel has more than 120 characters."
    if "\x00" in offer.sku + offer.external_id + offer.external_product_id:
        return f"{offer.sku!r}: a text holds a NUL character."
    if offer.quantity is not None and abs(offer.quantity) > _LARGEST_QUANTITY:
        return f"{offer.sku}: {offer.quantity} units are not possible."
    if offer.price is not None and not (offer.price.is_finite() and 0 <= offer.price < _LARGEST_PRICE):
        return f"{offer.sku}: the price {offer.price} is not possible."
    return ""
