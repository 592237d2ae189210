"""The tab-delimited order feeds: cancellations before shipment, refunds after it.

Columns and report: Seller Central's templates as far as they are public; the error codes are this
simulator's own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from bazaar.amazon import giving_back, order_life
from bazaar.amazon.account import Account
from bazaar.amazon.records import ZERO, Item, Order

Row = Mapping[str, str]
_HEADER = ("original-record-number", "sku", "error-code", "error-type", "error-message")
_PRICES = ("item-price-adj", "item-tax-adj")
_SHIPPING = ("shipping-price-adj", "shipping-tax-adj")


class RowRefused(Exception):  # noqa: N818 - named after what happened
    """One line is not done; the others are."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def cancel_items(account: Account, body: bytes) -> bytes:
    return _each(body, lambda row: _cancel(account, row))


def refund_items(account: Account, body: bytes) -> bytes:
    return _each(body, lambda row: _refund(account, row))


def _each(body: bytes, do: Callable[[Row], None]) -> bytes:
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE))
    refused: list[tuple[str, ...]] = []
    for number, row in enumerate(rows, start=1):
        try:
            do(row)
        except RowRefused as error:
            refused.append((str(number), "", error.code, "Error", str(error)))
    lines = [
        "Feed Processing Summary:",
        f"\tNumber of records processed\t\t{len(rows)}",
        f"\tNumber of records successful\t\t{len(rows) - len(refused)}",
        "",
    ]
    if refused:
        lines += ["\t".join(_HEADER), *("\t".join(row) for row in refused)]
    return ("\r\n".join(lines) + "\r\n").encode()


def _cancel(account: Account, row: Row) -> None:
    order = _order(account, row)
    reason = row.get("cancellation-reason-code") or ""
    if not reason:
        raise RowRefused("SIM101", "A cancellation-reason-code is required.")
    code = row.get("amazon-order-item-code") or ""
    items = [_item(order, code)] if code else [item for item in order.items if item.open]
    if order.state in ("SHIPPED", "CANCELLED") or not any(item.open for item in items):
        raise RowRefused("SIM102", f"The order {order.order_id} has nothing left to cancel.")
    for item in items:
        if item.open:
            order_life.cancel(account, order, item, item.open, by="seller", reason=reason)


def _refund(account: Account, row: Row) -> None:
    order = _order(account, row)
    item = _item(order, row.get("order-item-id") or "")
    price, shipping = _sum(row, _PRICES), _sum(row, _SHIPPING)
    if row.get("currency") != order.currency:
        raise RowRefused("SIM103", f"The order is in {order.currency}.")
    if not item.shipped:
        raise RowRefused("SIM104", "Only what was shipped can be refunded.")
    if not ZERO < price + shipping <= giving_back.left_to_refund(item):
        raise RowRefused(
            "SIM105", f"The refund exceeds what was paid: {giving_back.left_to_refund(item)} left."
        )
    quantity = min(int(row.get("quantity-cancelled") or 0), item.shipped - item.refunded)
    reason = row.get("adjustment-reason-code") or ""
    giving_back.refund(account, order, item, max(0, quantity), price, shipping, by="seller", reason=reason)


def _order(account: Account, row: Row) -> Order:
    order = account.orders.get(row.get("order-id") or "")
    if order is None or order.by_amazon:
        raise RowRefused("SIM100", f"The order {row.get('order-id')} is not one of yours to change.")
    return order


def _item(order: Order, item_id: str) -> Item:
    item = order.item(item_id)
    if item is None:
        raise RowRefused("SIM106", f"The order {order.order_id} has no item {item_id}.")
    return item


def _sum(row: Row, names: tuple[str, ...]) -> Decimal:
    try:
        return sum((Decimal(row[name]) for name in names if row.get(name)), ZERO)
    except InvalidOperation:
        raise RowRefused("SIM107", "An amount cannot be read.") from None
