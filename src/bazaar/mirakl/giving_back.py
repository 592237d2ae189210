"""Units and money taken back from an order: cancelations before shipping, refunds after the debit.

Commissions go back in proportion of the amounts, and what closes a line gives back exactly the rest, so
that a line wholly given back has cost no commission, to the cent.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from bazaar.mirakl import ledger, order_life
from bazaar.mirakl.money import ZERO, share
from bazaar.mirakl.order_records import Cancelation, Line, Order, Refund, Tax
from bazaar.mirakl.shop import Shop


def amounts_for(line: Line, quantity: int) -> tuple[Decimal, Decimal]:
    """Price and shipping of `quantity` units of the line; the last units take the rounding."""
    part, whole = Decimal(quantity), Decimal(line.quantity)
    price_left, shipping_left = left_to_give_back(line)
    given_back = line.cancelled_quantity + sum(one.quantity for one in line.refunds)
    if quantity + given_back >= line.quantity:
        return price_left, shipping_left
    price = min(price_left, share(line.price, part, whole))
    return price, min(shipping_left, share(line.shipping_price, part, whole))


def taxes_for(taxes: tuple[Tax, ...], amount: Decimal, whole: Decimal) -> tuple[Tax, ...]:
    return tuple(Tax(code=t.code, rate=t.rate, amount=share(t.amount, amount, whole)) for t in taxes)


def cancel_line(
    shop: Shop,
    order: Order,
    line: Line,
    quantity: int,
    amount: Decimal,
    shipping: Decimal,
    reason: str,
    by: str,
    taxes: tuple[Tax, ...] | None = None,
    shipping_taxes: tuple[Tax, ...] | None = None,
) -> Cancelation:
    """Take units off a line that is not shipped. The caller checked the state and the amounts."""
    fee, vat = _commission_back(line, amount + shipping)
    one = Cancelation(
        id=str(3000 + int(shop.rng("cancelations").getrandbits(31))),
        at=shop.now(),
        quantity=quantity,
        amount=amount,
        shipping_amount=shipping,
        reason_code=reason,
        commission_fee=fee,
        commission_tax=vat,
        taxes=taxes_for(line.taxes, amount, line.price) if taxes is None else taxes,
        shipping_taxes=taxes_for(line.shipping_taxes, shipping, line.shipping_price)
        if shipping_taxes is None
        else shipping_taxes,
    )
    line.cancelations = (*line.cancelations, one)
    line.updated_at = one.at
    if line.cancelled_quantity >= line.quantity:
        line.state, line.reason_code = "CANCELED", reason
    if order.debited_at is not None:
        ledger.write_cancelation(shop, order, line, one)
    shop.world.record(
        "order_cancelled",
        shop.key,
        order_id=order.order_id,
        sku=line.sku,
        quantity=quantity,
        amount=amount + shipping,
        currency=order.currency,
        by=by,
        line_id=line.line_id,
        reason=reason,
    )
    return one


def cancel_order(shop: Shop, order: Order, reason: str, by: str) -> None:
    """Everything that is still open, as OR29, the buyer or the operator does it."""
    for line in order.open_lines:
        quantity = line.quantity - line.cancelled_quantity
        price, shipping = amounts_for(line, quantity)
        cancel_line(shop, order, line, quantity, price, shipping, reason, by)
    order.reason_code = reason
    order_life.settle_state(order)
    shop.touch(order)


def refund_line(
    shop: Shop,
    order: Order,
    line: Line,
    quantity: int,
    amount: Decimal,
    shipping: Decimal,
    reason: str,
    by: str,
    taxes: tuple[Tax, ...] | None = None,
    shipping_taxes: tuple[Tax, ...] | None = None,
    order_refund_id: str = "",
) -> Refund:
    """Give money back on a line that the customer paid. The caller checked the state and the amounts."""
    fee, vat = _commission_back(line, amount + shipping)
    one = Refund(
        id=str(1100 + int(shop.rng("refunds").getrandbits(31))),
        order_refund_id=order_refund_id or shop.new_uuid(),
        at=shop.now(),
        quantity=quantity,
        amount=amount,
        shipping_amount=shipping,
        reason_code=reason,
        commission_fee=fee,
        commission_tax=vat,
        taxes=taxes_for(line.taxes, amount, line.price) if taxes is None else taxes,
        shipping_taxes=taxes_for(line.shipping_taxes, shipping, line.shipping_price)
        if shipping_taxes is None
        else shipping_taxes,
    )
    line.refunds = (*line.refunds, one)
    line.updated_at = one.at
    if line.refunded + line.cancelled >= line.total:
        line.state, line.reason_code = "REFUNDED", reason
    shop.touch(order)
    ledger.write_refund(shop, order, line, one)
    shop.later(shop.settings.refund_minutes * order_life.MINUTE, "refund", order_id=order.order_id, id=one.id)
    shop.world.record(
        "order_refunded",
        shop.key,
        order_id=order.order_id,
        sku=line.sku,
        quantity=quantity,
        amount=amount + shipping,
        currency=order.currency,
        by=by,
        line_id=line.line_id,
        reason=reason,
    )
    return one


def move_refund(shop: Shop, order_id: str, refund_id: str) -> None:
    """WAITING_REFUND → WAITING_REFUND_PAYMENT → REFUNDED, each after `refund_minutes`."""
    order = shop.orders.get(order_id)
    assert order is not None, f"a timer speaks of {order_id}, which this shop never had"
    for line in order.lines:
        line.refunds = tuple(_paid_further(shop, one) if one.id == refund_id else one for one in line.refunds)
        if any(one.id == refund_id and one.paid_at is None for one in line.refunds):
            minutes = shop.settings.refund_minutes
            shop.later(minutes * order_life.MINUTE, "refund", order_id=order_id, id=refund_id)
    shop.touch(order)


def _paid_further(shop: Shop, refund: Refund) -> Refund:
    if refund.state == "WAITING_REFUND":
        return msgspec.structs.replace(refund, state="WAITING_REFUND_PAYMENT")
    return msgspec.structs.replace(refund, state="REFUNDED", paid_at=shop.now())


def _commission_back(line: Line, given_back: Decimal) -> tuple[Decimal, Decimal]:
    """Fee and tax that the seller gets back with this amount."""
    earlier: list[Cancelation | Refund] = [*line.cancelations, *line.refunds]
    fee_left = line.commission_fee - sum((one.commission_fee for one in earlier), ZERO)
    vat_left = line.commission_vat - sum((one.commission_tax for one in earlier), ZERO)
    if line.refunded + line.cancelled + given_back >= line.total:
        return fee_left, vat_left
    fee = min(fee_left, share(line.commission_fee, given_back, line.total))
    return fee, min(vat_left, share(line.commission_vat, given_back, line.total))


def left_to_give_back(line: Line) -> tuple[Decimal, Decimal]:
    """Price and shipping not given back yet."""
    earlier: list[Cancelation | Refund] = [*line.cancelations, *line.refunds]
    price = line.price - sum((one.amount for one in earlier), ZERO)
    return price, line.shipping_price - sum((one.shipping_amount for one in earlier), ZERO)
