"""PRI01: all the prices of each offer named in the file. "The import mode is delete and replace: any existing
price that is not submitted will be deleted." One bad line sets aside every line of its offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bazaar.mirakl.offer_rules import check_price, replace_prices
from bazaar.mirakl.offer_updates import BadLineError, read_decimal, read_instant, read_ranges
from bazaar.mirakl.records import Import, Price
from bazaar.mirakl.shop import Shop
from bazaar.mirakl.stock_import import find_offer

HEADER = frozenset({"offer-sku", "price"})
MOST_PRICES = 50  # "Limits: 50 prices can be created for an offer"
NEVER_ACTIVATED = (
    ("customer-organization-ids", "The customer pricing feature is not activated"),
    ("customer-group-ids", "The customer pricing feature is not activated"),
)


def apply_prices(shop: Shop, one: Import, doomed: dict[int, str]) -> dict[int, str]:
    failures = dict(doomed)
    rows = [dict(zip(one.header, row, strict=False)) for row in one.rows]
    by_offer: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        by_offer.setdefault(row.get("offer-sku", ""), []).append(index)
    for indexes in by_offer.values():
        try:
            if any(index in doomed for index in indexes):
                raise BadLineError("Internal error")
            _apply(shop, [rows[index] for index in indexes])
            one.updated += 1
        except BadLineError as refusal:
            one.offers_in_error += 1
            failures.update({index: str(refusal) for index in indexes})
    return failures


def _apply(shop: Shop, rows: Sequence[dict[str, str]]) -> None:
    offer = find_offer(shop, rows[0])
    if len(rows) > MOST_PRICES:
        raise BadLineError(f"An offer can have at most {MOST_PRICES} prices")
    prices = tuple(_price(row) for row in rows)
    if not any(not one.channels for one in prices):
        raise BadLineError("A default price is required")
    for price in prices:
        check_price(shop, price)
    if len({(one.channels, one.start, one.end) for one in prices}) < len(prices):
        raise BadLineError("Several prices of the offer have the same context")
    replace_prices(shop, offer, prices)


def _price(row: dict[str, str]) -> Price:
    for column, message in NEVER_ACTIVATED:
        if row.get(column):
            raise BadLineError(message)
    if row.get("price-type", "") not in {"", "PRICE"}:
        raise BadLineError("The retail pricing feature is not activated")
    if not row.get("price"):
        raise BadLineError("The column 'price' is required")
    discount = row.get("discount-price", "")
    return Price(
        origin=read_decimal("price", row["price"]),
        channels=tuple(one for one in row.get("channels", "").split("|") if one),
        discount=read_decimal("discount-price", discount) if discount else None,
        discount_start=read_instant("discount-start-date", row.get("discount-start-date")),
        discount_end=read_instant("discount-end-date", row.get("discount-end-date")),
        ranges=_ranges(row, "price-ranges"),
        discount_ranges=_ranges(row, "discount-ranges"),
        start=read_instant("start-date", row.get("start-date")),
        end=read_instant("end-date", row.get("end-date")),
    )


def _ranges(row: dict[str, str], column: str) -> tuple[tuple[int, Decimal], ...]:
    return tuple(
        (one.quantity_threshold, one.price) for one in read_ranges(column, row.get(column, "")) or ()
    )
