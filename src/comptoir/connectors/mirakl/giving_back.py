"""What OR28 (refunds) and OR30 (cancelations) share: amounts of a line, and the taxes that go with them.

Both ask for the taxes wherever the order has some. Where the platform computes taxes on whole orders
(`order_taxes` is there) and prices are without tax, they must not be given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from comptoir.connectors.mirakl.lookup import lines_of
from comptoir.connectors.mirakl.payloads import GivenBack, LinePayload, OrderPayload, Tax
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import ZERO, to_cents
from comptoir.sdk.records import LineAmount


def build_line(order: OrderPayload, line: LineAmount, reason: str) -> dict[str, object]:
    """One entry of `refunds` or `cancelations`. RejectedRecord when the order has no such line."""
    payload = line_of(order, line)
    amount, shipping = amounts(payload, line)
    entry: dict[str, object] = {
        "order_line_id": line.line_id,
        "quantity": line.quantity,
        "amount": amount,
        "shipping_amount": shipping,
        "reason_code": reason,
        "currency_iso_code": line.currency,
    }
    if order.order_taxes and order.order_tax_mode == "TAX_EXCLUDED":
        return entry
    taxes = share_of_taxes(payload.taxes, amount, payload.price)
    shipping_taxes = share_of_taxes(payload.shipping_taxes, shipping, payload.shipping_price)
    return (
        entry
        | ({"taxes": taxes} if taxes else {})
        | ({"shipping_taxes": shipping_taxes} if shipping_taxes else {})
    )


def build_body(order: OrderPayload, name: str, lines: Sequence[LineAmount], reason: str) -> dict[str, object]:
    """`name`: `refunds` or `cancelations`. Amounts are in the order's own tax mode, and it is said."""
    mode = {"order_tax_mode": order.order_tax_mode} if order.order_tax_mode else {}
    return {**mode, name: [build_line(order, line, reason) for line in lines]}


def line_of(order: OrderPayload, line: LineAmount) -> LinePayload:
    payload = lines_of(order).get(line.line_id)
    if payload is None:
        raise RejectedRecord(f"The order {order.order_id} has no line {line.line_id}.", code="LINE_UNKNOWN")
    return payload


def amounts(payload: LinePayload, line: LineAmount) -> tuple[Decimal, Decimal]:
    """Goods and shipping to give back: as asked, or (nothing asked) the part of the units in the price."""
    if line.amount or line.shipping_amount or not payload.quantity:
        return line.amount, line.shipping_amount
    part = Decimal(line.quantity) / payload.quantity
    return to_cents((payload.price or ZERO) * part), ZERO


def share_of_taxes(
    taxes: Iterable[Tax] | None, amount: Decimal, whole: Decimal | None
) -> list[dict[str, object]]:
    """Each tax in proportion of the amount, to the cent."""
    part = amount / whole if whole else ZERO
    return [
        {"code": tax.code, "amount": to_cents((tax.amount or ZERO) * part)} for tax in taxes or () if tax.code
    ]


def ids_of(given: Iterable[GivenBack]) -> list[str]:
    return [one.id for one in given if one.id]


def already_given(
    order: OrderPayload, lines: Sequence[LineAmount], kind: str, before: frozenset[str]
) -> list[str] | None:
    """Ids of the entries, new since `before`, that match every line asked for; None when one is missing.

    `kind`: the line's field, `refunds` or `cancelations`.
    """
    found: list[str] = []
    for line in lines:
        payload = line_of(order, line)
        asked = amounts(payload, line)
        new = (one for one in getattr(payload, kind) or () if one.id and one.id not in before)
        match = next((one.id for one in new if _money(one) == asked and one.id not in found), None)
        if match is None:
            return None
        found.append(match)
    return found


def _money(one: GivenBack) -> tuple[Decimal, Decimal]:
    return one.amount or ZERO, one.shipping_amount or ZERO
