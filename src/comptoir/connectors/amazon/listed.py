"""Everything that we sell, as Amazon shows it: the report GET_MERCHANT_LISTINGS_ALL_DATA.

Columns by name, source: documentation "Inventory reports". The header may be localised for an account;
the names that we know are listed in `_NAMES` and easy to add to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from comptoir.connectors.amazon.marketplaces import Marketplace
from comptoir.connectors.amazon.reports import rows
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.money import parse_amount
from comptoir.sdk.records import ListedOffer

LISTINGS_REPORT = "GET_MERCHANT_LISTINGS_ALL_DATA"
_PAGE = 1000
_NAMES: dict[str, tuple[str, ...]] = {
    "sku": ("seller-sku", "sku", "sku-vendeur"),
    "asin": ("asin1", "asin"),
    "price": ("price", "prix"),
    "quantity": ("quantity", "quantité", "quantite"),
    "status": ("status", "statut"),
    "listing": ("listing-id",),
    "channel": ("fulfillment-channel", "fulfilment-channel"),
    "product_id": ("product-id",),
    "product_id_type": ("product-id-type",),
}
# `product-id-type` in the report: 1 ASIN, 2 ISBN, 3 UPC, 4 EAN.
_EAN = "4"
_ACTIVE = frozenset({"active", "actif"})


def parse_listings(content: bytes, place: Marketplace) -> Iterator[Sequence[ListedOffer]]:
    """Pages of a thousand. UnexpectedAnswer when the column of the SKU is not there."""
    page: list[ListedOffer] = []
    for row in rows(content):
        sku = _cell(row, "sku")
        if sku is None:
            raise UnexpectedAnswer(f"the listings report has no SKU column: {sorted(row)}")
        page.append(_offer(row, sku, place))
        if len(page) == _PAGE:
            yield tuple(page)
            page = []
    if page:
        yield tuple(page)


def _offer(row: Mapping[str, str], sku: str, place: Marketplace) -> ListedOffer:
    status = _cell(row, "status") or ""
    quantity = _cell(row, "quantity") or ""
    fulfilled: Literal["seller", "channel"] = (
        "channel" if (_cell(row, "channel") or "").startswith("AMAZON") else "seller"
    )
    active = status.lower() in _ACTIVE
    return ListedOffer(
        sku=sku,
        quantity=int(quantity) if quantity.isdigit() else None,
        price=_price(_cell(row, "price")),
        currency=place.currency,
        active=active,
        external_id=_cell(row, "listing") or "",
        external_product_id=_cell(row, "asin") or "",
        ean=(_cell(row, "product_id") or "") if _cell(row, "product_id_type") == _EAN else "",
        inactive_reasons=() if active or not status else (status,),
        fulfilled_by=fulfilled,
    )


def _price(text: str | None) -> Decimal | None:
    try:
        return parse_amount(text)
    except ValueError:
        return None


def _cell(row: Mapping[str, str], name: str) -> str | None:
    return next((row[candidate] for candidate in _NAMES[name] if candidate in row), None)
