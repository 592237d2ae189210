"""STO01: quantities only. A line without a warehouse is the whole quantity of the offer."""

from __future__ import annotations

from bazaar.mirakl.offer_rules import tell
from bazaar.mirakl.offer_updates import BadLineError, read_whole
from bazaar.mirakl.records import Import, Offer
from bazaar.mirakl.shop import Shop

HEADER = frozenset({"offer-sku", "quantity"})
WAREHOUSES = frozenset({"DEFAULT"})


def apply_stock(shop: Shop, one: Import, doomed: dict[int, str]) -> dict[int, str]:
    failures = dict(doomed)
    for index, row in enumerate(one.rows):
        if index in doomed:
            continue
        try:
            _apply(shop, dict(zip(one.header, row, strict=False)))
            one.updated += 1
        except BadLineError as refusal:
            failures[index] = str(refusal)
    return failures


def _apply(shop: Shop, row: dict[str, str]) -> None:
    offer = find_offer(shop, row)
    warehouse = row.get("warehouse-code", "")
    if warehouse and warehouse not in WAREHOUSES:
        raise BadLineError(f"The warehouse '{warehouse}' does not exist")
    action = row.get("update-delete", "").lower()
    if action not in {"", "update", "delete"}:
        raise BadLineError(f"The value '{action}' of 'update-delete' is invalid")
    offer.quantity = 0 if action == "delete" else _quantity(row)
    offer.warehouses = {warehouse: offer.quantity} if warehouse else {}
    shop.keep_offer(offer)
    tell(shop, "stock_told", offer, "updated")


def find_offer(shop: Shop, row: dict[str, str]) -> Offer:
    sku = row.get("offer-sku", "")
    offer = shop.offer(sku)
    if offer is None:
        raise BadLineError(f"The offer with sku '{sku}' does not exist")
    return offer


def _quantity(row: dict[str, str]) -> int:
    text = row.get("quantity", "")
    if not text:
        raise BadLineError("The column 'quantity' is required")
    quantity = read_whole("quantity", text)
    if quantity < 0:
        raise BadLineError("The quantity must be greater than or equal to 0")
    return quantity
