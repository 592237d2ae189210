"""OR28 refunds and OR30 cancelations of order lines: all the lines of a call are done, or none."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from starlette.responses import Response

from bazaar.mirakl import giving_back, order_life
from bazaar.mirakl.exchange import Call, Operation, RefusedError, answer
from bazaar.mirakl.money import ZERO
from bazaar.mirakl.order_json import can_cancel, plain_taxes
from bazaar.mirakl.order_records import Cancelation, Line, Order, Refund, Tax
from bazaar.mirakl.reference import reason_label

REFUNDABLE = frozenset({"SHIPPING", "SHIPPED", "TO_COLLECT", "RECEIVED"})


class TaxAmount(msgspec.Struct):
    code: str
    amount: Decimal


class GivenBack(msgspec.Struct, kw_only=True):
    order_line_id: str
    amount: Decimal
    shipping_amount: Decimal
    reason_code: str | int
    quantity: int | None = None
    currency_iso_code: str | None = None
    excluded_from_shipment: bool | None = None
    taxes: list[TaxAmount] | None = None
    shipping_taxes: list[TaxAmount] | None = None


class Refunds(msgspec.Struct):
    refunds: Annotated[list[GivenBack], msgspec.Meta(min_length=1)]
    order_tax_mode: str | None = None


class Cancelations(msgspec.Struct):
    cancelations: Annotated[list[GivenBack], msgspec.Meta(min_length=1)]
    order_tax_mode: str | None = None


Checked = list[tuple[GivenBack, Order, Line]]


async def or28(call: Call) -> Response:
    sent = await call.body(Refunds)
    _check_mode(call, sent.order_tax_mode)
    checked = [_find(call, one) for one in sent.refunds]
    for one, order, line in checked:
        if order.state not in REFUNDABLE or order.debited_at is None:
            raise RefusedError(
                400, f"The order {order.order_id} can not be refunded in status '{order.state}'"
            )
        _check(call, one, line, "REFUND")
    _check_sums(checked)
    order_refund_id = call.shop.new_uuid()
    done = [_refund(call, one, order, line, order_refund_id) for one, order, line in checked]
    return answer({"order_tax_mode": call.shop.settings.order_tax_mode, "refunds": done})


async def or30(call: Call) -> Response:
    sent = await call.body(Cancelations)
    _check_mode(call, sent.order_tax_mode)
    checked = [_find(call, one) for one in sent.cancelations]
    for one, order, line in checked:
        if not can_cancel(order) or line.shipped_at is not None:
            raise RefusedError(
                400, f"The order {order.order_id} can not be canceled in status '{order.state}'"
            )
        if one.quantity is None:
            raise RefusedError(400, "quantity is required", field="quantity")
        if not 0 <= one.quantity <= line.quantity - line.cancelled_quantity:
            raise RefusedError(400, f"The quantity {one.quantity} is invalid", field="quantity")
        _check(call, one, line, "CANCELATION")
    _check_sums(checked)
    done = [_cancel(call, one, order, line) for one, order, line in checked]
    for order in {order.order_id: order for _, order, _ in checked}.values():
        order_life.settle_state(order)
        call.shop.touch(order)
    return answer({"cancelations": done, "order_tax_mode": call.shop.settings.order_tax_mode})


def _check_mode(call: Call, mode: str | None) -> None:
    settings = call.shop.settings
    if mode not in {None, "TAX_INCLUDED", "TAX_EXCLUDED"}:
        raise RefusedError(400, f"The value '{mode}' is invalid", field="order_tax_mode")
    if mode is not None and mode != settings.order_tax_mode and settings.order_taxes:
        message = f"The order tax mode must be '{settings.order_tax_mode}'"
        raise RefusedError(400, message, field="order_tax_mode")


def _find(call: Call, one: GivenBack) -> tuple[GivenBack, Order, Line]:
    order = call.shop.orders.by_line(one.order_line_id)
    line = order.line(one.order_line_id) if order else None
    if order is None or line is None:
        raise RefusedError(404, f"Order line with id '{one.order_line_id}' not found", field="order_line_id")
    return one, order, line


def _check(call: Call, one: GivenBack, line: Line, kind: str) -> None:
    if line.is_closed:
        raise RefusedError(400, f"The order line {line.line_id} is in status '{line.state}'")
    if reason_label(str(one.reason_code), kind) is None:
        raise RefusedError(400, f"The reason code '{one.reason_code}' is invalid", field="reason_code")
    if one.currency_iso_code not in {None, call.shop.settings.currency}:
        raise RefusedError(
            400, f"The currency '{one.currency_iso_code}' is invalid", field="currency_iso_code"
        )
    if one.amount < 0 or one.shipping_amount < 0:
        raise RefusedError(400, "The amounts must be greater than or equal to 0", field="amount")
    if one.amount + one.shipping_amount == ZERO and kind == "REFUND":
        raise RefusedError(400, "The amount to refund must be greater than 0", field="amount")
    _check_taxes("taxes", line.taxes, one.taxes)
    _check_taxes("shipping_taxes", line.shipping_taxes, one.shipping_taxes)


def _check_taxes(field: str, of_line: tuple[Tax, ...], sent: list[TaxAmount] | None) -> None:
    """ "This field is required if the order has taxes", and knows no other code."""
    if of_line and sent is None:
        raise RefusedError(400, f"{field} is required: the order line has taxes", field=field)
    known = {tax.code: tax.amount for tax in of_line}
    for tax in sent or ():
        if tax.code not in known:
            raise RefusedError(400, f"The tax '{tax.code}' is not a tax of the order line", field=field)
        if not 0 <= tax.amount <= known[tax.code]:
            raise RefusedError(
                400, f"The amount of the tax '{tax.code}' is not within the tax paid", field=field
            )


def _check_sums(checked: Checked) -> None:
    """The lines of one call together may not give back more than is left."""
    for line in {line.line_id: line for _, _, line in checked}.values():
        mine = [one for one, _, of in checked if of is line]
        price, shipping = giving_back.left_to_give_back(line)
        if sum((one.amount for one in mine), ZERO) > price:
            raise RefusedError(
                400, f"The amount is greater than what is left on {line.line_id}", field="amount"
            )
        if sum((one.shipping_amount for one in mine), ZERO) > shipping:
            message = f"The shipping amount is greater than what is left on {line.line_id}"
            raise RefusedError(400, message, field="shipping_amount")


def _taxes(of_line: tuple[Tax, ...], sent: list[TaxAmount] | None) -> tuple[Tax, ...]:
    rates = {tax.code: tax.rate for tax in of_line}
    return tuple(Tax(code=tax.code, rate=rates[tax.code], amount=tax.amount) for tax in sent or ())


def _refund(call: Call, one: GivenBack, order: Order, line: Line, order_refund_id: str) -> dict[str, object]:
    made = giving_back.refund_line(
        call.shop,
        order,
        line,
        one.quantity or 0,
        one.amount,
        one.shipping_amount,
        str(one.reason_code),
        by="seller",
        taxes=_taxes(line.taxes, one.taxes),
        shipping_taxes=_taxes(line.shipping_taxes, one.shipping_taxes),
        order_refund_id=order_refund_id,
    )
    more = {"order_refund_id": made.order_refund_id, "refund_id": made.id, "excluded_from_shipment": False}
    return {**_echo(call, line, made), **more}


def _cancel(call: Call, one: GivenBack, order: Order, line: Line) -> dict[str, object]:
    made = giving_back.cancel_line(
        call.shop,
        order,
        line,
        one.quantity or 0,
        one.amount,
        one.shipping_amount,
        str(one.reason_code),
        by="seller",
        taxes=_taxes(line.taxes, one.taxes),
        shipping_taxes=_taxes(line.shipping_taxes, one.shipping_taxes),
    )
    return {**_echo(call, line, made), "cancelation_id": made.id}


def _echo(call: Call, line: Line, made: Refund | Cancelation) -> dict[str, object]:
    return {
        "amount": made.amount,
        "currency_iso_code": call.shop.settings.currency,
        "eco_contributions": [],
        "fees": [],
        "order_line_id": line.line_id,
        "quantity": made.quantity,
        "reason_code": made.reason_code,
        "shipping_amount": made.shipping_amount,
        "shipping_taxes": plain_taxes(made.shipping_taxes),
        "taxes": plain_taxes(made.taxes),
    }


def operations() -> list[Operation]:
    return [
        Operation("OR28", "PUT", "/api/orders/refund", or28),
        Operation("OR30", "PUT", "/api/orders/cancel", or30),
    ]
