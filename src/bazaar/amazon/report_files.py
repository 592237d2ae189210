"""The flat files: listings, orders, stock of Amazon's warehouse, settlements. Tab-delimited, no quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from bazaar.amazon.account import Account
from bazaar.amazon.exchange import stamp
from bazaar.amazon.listings import is_buyable, price_at
from bazaar.amazon.records import ZERO, Listing, Money, Order, Report

SETTLEMENT = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
_LISTINGS = (
    "item-name",
    "item-description",
    "listing-id",
    "seller-sku",
    "price",
    "quantity",
    "open-date",
    "product-id-type",
    "asin1",
    "product-id",
    "fulfillment-channel",
    "status",
)
_OPEN = ("sku", "asin", "price", "quantity")
_ORDERS = (
    "amazon-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "product-name",
    "sku",
    "asin",
    "item-status",
    "quantity",
    "currency",
    "item-price",
    "shipping-price",
)
_WAREHOUSE = (
    "seller-sku",
    "fulfillment-channel-sku",
    "asin",
    "condition-type",
    "Warehouse-Condition-code",
    "Quantity Available",
)
_SETTLEMENTS = (
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency "
    "transaction-type order-id merchant-order-id adjustment-id shipment-id marketplace-name amount-type "
    "amount-description amount fulfillment-id posted-date posted-date-time order-item-code "
    "merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased promotion-id"
).split()
_V0_STATES = {
    "PENDING": "Pending",
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "Partially Shipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Cancelled",
}


def _table(account: Account, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """b"" without rows. What the account's encoding lacks becomes a question mark, as it does at Amazon."""
    lines = ["\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row) for row in rows]
    if not lines:
        return b""
    text = "\r\n".join(["\t".join(header), *lines]) + "\r\n"
    return text.encode(account.settings.report_encoding, "replace")


def write_listings(account: Account, report: Report) -> bytes:
    place = report.places[0]
    return _table(account, _LISTINGS, (_listing_row(account, one, place) for one in _sold(account, place)))


def _listing_row(account: Account, listing: Listing, place: str) -> list[str]:
    product = account.world.products_by_ean.get(listing.ean)
    by_amazon = listing.by_amazon
    return [
        product.title if product else "",
        "",
        f"{listing.asin[2:]}L",
        listing.sku,
        f"{price_at(listing, place, account.now()):.2f}",
        "" if by_amazon else str(listing.quantity),
        stamp(listing.created_at),
        "4",
        listing.asin,
        listing.ean,
        "AMAZON_EU" if by_amazon else "DEFAULT",
        "Active" if is_buyable(listing, place) else "Inactive",
    ]


def write_open_listings(account: Account, report: Report) -> bytes:
    place, now = report.places[0], account.now()
    rows = (
        [one.sku, one.asin, f"{price_at(one, place, now):.2f}", "" if one.by_amazon else str(one.quantity)]
        for one in _sold(account, place)
    )
    return _table(account, _OPEN, rows)


def write_orders(account: Account, report: Report) -> bytes:
    since = report.since or account.now() - timedelta(days=30)
    until = report.until or account.now()
    orders = [
        one for one in account.orders if since <= one.updated_at <= until and one.place in report.places
    ]
    return _table(account, _ORDERS, (row for order in orders for row in _order_rows(account, order)))


def _order_rows(account: Account, order: Order) -> Iterator[list[str]]:
    state = _V0_STATES[order.state]
    for item in order.items:
        yield [
            order.order_id,
            stamp(order.created_at),
            stamp(order.updated_at),
            state,
            "Amazon" if order.by_amazon else "Merchant",
            account.places[order.place].name,
            item.title,
            item.sku,
            item.asin,
            state,
            str(item.quantity),
            order.currency,
            f"{item.amount:.2f}",
            f"{item.shipping:.2f}",
        ]


def write_warehouse(account: Account, report: Report) -> bytes:
    rows = (
        [one.sku, f"X{one.asin[1:]}", one.asin, "NewItem", "SELLABLE", str(one.amazon_quantity)]
        for one in account.listings.values()
        if one.by_amazon
    )
    return _table(account, _WAREHOUSE, rows)


def write_settlement(account: Account, report: Report) -> bytes:
    """All that is not settled yet; amounts in the local format (95,00). The first row has the totals."""
    found = [(number, line) for number, line in account.money.items() if not line.settled]
    if not found:
        return b""
    settlement = str(account.number("settlements", 20_000_000_000))
    start, finish = found[0][1].at, report.created_at
    total = sum((line.amount for _, line in found), ZERO)
    rows = [_settlement_head(account, settlement, start, finish, total)]
    for number, line in found:
        rows.append(_settlement_row(account, settlement, line))
        account.money[number] = msgspec.structs.replace(line, settled=True)
    return _table(account, _SETTLEMENTS, rows)


def _settlement_head(
    account: Account, settlement: str, start: datetime, finish: datetime, total: Decimal
) -> list[str]:
    deposit = finish + timedelta(days=2)
    head = [settlement, _local(start), _local(finish), _local(deposit), _comma(total), account.home.currency]
    return head + [""] * (len(_SETTLEMENTS) - len(head))


def _settlement_row(account: Account, settlement: str, line: Money) -> list[str]:
    cells = dict.fromkeys(_SETTLEMENTS, "")
    order = account.orders.get(line.order_id)
    cells |= {
        "settlement-id": settlement,
        "transaction-type": line.kind,
        "order-id": line.order_id,
        "marketplace-name": account.places[order.place].name if order else account.home.name,
        "amount-type": line.amount_type,
        "amount-description": line.description,
        "amount": _comma(line.amount),
        "posted-date": f"{line.at:%d.%m.%Y}",
        "posted-date-time": _local(line.at),
        "order-item-code": line.item_id,
        "sku": line.sku,
        "quantity-purchased": str(line.quantity) if line.quantity else "",
    }
    return list(cells.values())


def _sold(account: Account, place: str) -> Iterator[Listing]:
    return (listing for listing in account.listings.values() if place in listing.prices)


def _local(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y %H:%M:%S} UTC"


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


REPORTS: dict[str, Callable[[Account, Report], bytes]] = {
    "GET_MERCHANT_LISTINGS_ALL_DATA": write_listings,
    "GET_FLAT_FILE_OPEN_LISTINGS_DATA": write_open_listings,
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": write_orders,
    "GET_AFN_INVENTORY_DATA": write_warehouse,
}
