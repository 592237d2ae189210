"""The seller's account: what TL02 lists. Signed amounts, a running balance, and a payout every billing cycle.

An order enters the account when the customer is debited (PENDING), becomes PAYABLE when it is received, and
is PAID by the next cycle, which writes an invoice of the commissions (IV01) and a PAYMENT line.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bazaar.mirakl.money import ZERO
from bazaar.mirakl.order_records import Cancelation, Line, Order, Refund, Tax
from bazaar.mirakl.records import Invoice, Transaction
from bazaar.mirakl.reference import VAT_CODE
from bazaar.mirakl.shop import Shop

DAY = 86400.0


def write_order(shop: Shop, order: Order) -> None:
    for line in order.open_lines:
        cancelled = line.cancelations
        price = line.price - sum((one.amount for one in cancelled), ZERO)
        shipping = line.shipping_price - sum((one.shipping_amount for one in cancelled), ZERO)
        fees = sum((one.commission_fee for one in cancelled), ZERO)
        vat = sum((one.commission_tax for one in cancelled), ZERO)
        _write(shop, "ORDER_AMOUNT", price, order, line)
        _write(shop, "ORDER_SHIPPING_AMOUNT", shipping, order, line)
        _write_taxes(shop, "ORDER", order, line, line.taxes, line.shipping_taxes, 1)
        for one in cancelled:
            _write_taxes(shop, "ORDER", order, line, one.taxes, one.shipping_taxes, -1)
        _write(shop, "COMMISSION_FEE", fees - line.commission_fee, order, line)
        _write(shop, "COMMISSION_VAT", vat - line.commission_vat, order, line, tax=_commission_tax(shop))


def write_refund(shop: Shop, order: Order, line: Line, refund: Refund) -> None:
    state = "PENDING" if order.state in {"SHIPPING", "SHIPPED"} else "PAYABLE"
    _write(shop, "REFUND_ORDER_AMOUNT", -refund.amount, order, line, refund.id, state)
    _write(shop, "REFUND_ORDER_SHIPPING_AMOUNT", -refund.shipping_amount, order, line, refund.id, state)
    _write_taxes(shop, "REFUND_ORDER", order, line, refund.taxes, refund.shipping_taxes, -1, refund.id, state)
    _write(shop, "REFUND_COMMISSION_FEE", refund.commission_fee, order, line, refund.id, state)
    tax = _commission_tax(shop)
    _write(shop, "REFUND_COMMISSION_VAT", refund.commission_tax, order, line, refund.id, state, tax)
    if state == "PAYABLE":
        _ask_payout(shop)


def write_cancelation(shop: Shop, order: Order, line: Line, one: Cancelation) -> None:
    """What is cancelled after the debit goes back to the customer as a refund does (assumption)."""
    _write(shop, "REFUND_ORDER_AMOUNT", -one.amount, order, line)
    _write(shop, "REFUND_ORDER_SHIPPING_AMOUNT", -one.shipping_amount, order, line)
    _write_taxes(shop, "REFUND_ORDER", order, line, one.taxes, one.shipping_taxes, -1)
    _write(shop, "REFUND_COMMISSION_FEE", one.commission_fee, order, line)
    _write(shop, "REFUND_COMMISSION_VAT", one.commission_tax, order, line, tax=_commission_tax(shop))


def make_payable(shop: Shop, order: Order) -> None:
    now = shop.now()
    for one in shop.account.of_order(order.order_id):
        if one.payment_state == "PENDING":
            one.payment_state, one.updated_at = "PAYABLE", now
            shop.account.put_back(one)
    _ask_payout(shop)


def pay_out(shop: Shop) -> None:
    """The end of a billing cycle: what is payable is paid, and the commissions are invoiced."""
    payable = [one for one in shop.account.all() if one.payment_state == "PAYABLE"]
    if not payable:
        return
    now, cycle = shop.now(), shop.new_uuid()
    invoice = _invoice(shop, cycle, payable)
    shop.invoices[str(invoice.invoice_id)] = invoice
    for one in payable:
        one.payment_state, one.updated_at, one.cycle_id = "PAID", now, cycle
        one.document_number, one.documented_at = f"{invoice.invoice_id:012d}", now
        shop.account.put_back(one)
    _append(shop, "PAYMENT", -invoice.paid_to_shop, payment_state="PAID", cycle_id=cycle)


def _invoice(shop: Shop, cycle: str, payable: list[Transaction]) -> Invoice:
    fees = sum((-one.amount for one in payable if one.type.endswith("COMMISSION_FEE")), ZERO)
    taxes = sum((-one.amount for one in payable if one.type.endswith("COMMISSION_VAT")), ZERO)
    return Invoice(
        invoice_id=1000 + len(shop.invoices),
        created_at=shop.now(),
        cycle_id=cycle,
        excl_taxes=fees,
        taxes=taxes,
        paid_to_shop=sum((one.amount for one in payable), ZERO),
    )


def _ask_payout(shop: Shop) -> None:
    """Cycles end at fixed hours counted from the epoch, so that one timer for each is enough."""
    length = shop.settings.billing_days * DAY
    now = shop.world.now()
    wait = length - now.timestamp() % length if length else 0.0
    ends_at = (now + timedelta(seconds=wait)).replace(microsecond=0)
    if shop.account.payout_asked_for != ends_at:
        shop.account.payout_asked_for = ends_at
        shop.later(wait, "payout")


def _commission_tax(shop: Shop) -> Tax:
    return Tax(code=VAT_CODE, rate=shop.settings.commission_vat_rate, amount=ZERO)


def _write_taxes(
    shop: Shop,
    what: str,
    order: Order,
    line: Line,
    taxes: tuple[Tax, ...],
    shipping_taxes: tuple[Tax, ...],
    sign: int,
    refund_id: str = "",
    state: str = "PENDING",
) -> None:
    """Taxes are lines of their own only where prices do not include them."""
    if shop.settings.order_tax_mode == "TAX_INCLUDED":
        return
    for kind, parts in (("AMOUNT_TAX", taxes), ("SHIPPING_AMOUNT_TAX", shipping_taxes)):
        for tax in parts:
            _write(shop, f"{what}_{kind}", sign * tax.amount, order, line, refund_id, state, tax)


def _write(
    shop: Shop,
    kind: str,
    amount: Decimal,
    order: Order,
    line: Line,
    refund_id: str = "",
    payment_state: str = "PENDING",
    tax: Tax | None = None,
) -> None:
    if amount:
        _append(
            shop,
            kind,
            amount,
            payment_state=payment_state,
            order_id=order.order_id,
            order_line_id=line.line_id,
            refund_id=refund_id,
            tax_code=tax.code if tax else "",
            tax_rate=tax.rate if tax else ZERO,
        )


def _append(
    shop: Shop,
    kind: str,
    amount: Decimal,
    *,
    payment_state: str,
    order_id: str = "",
    order_line_id: str = "",
    refund_id: str = "",
    tax_code: str = "",
    tax_rate: Decimal = ZERO,
    cycle_id: str = "",
) -> None:
    last = shop.account.last
    now = shop.now()
    shop.account.append(
        Transaction(
            id=shop.new_uuid(),
            number=last.number + 1 if last else 1,
            type=kind,
            amount=amount,
            balance=(last.balance if last else ZERO) + amount,
            currency=shop.settings.currency,
            created_at=now,
            updated_at=now,
            payment_state=payment_state,
            order_id=order_id,
            order_line_id=order_line_id,
            refund_id=refund_id,
            tax_code=tax_code,
            tax_rate=tax_rate,
            cycle_id=cycle_id,
        )
    )
