"""shop_invoices_query: every `billing_days`, what was delivered since the last invoice, less the fees."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from bazaar.fnac.exchange import Call, add, children, reply_to
from bazaar.fnac.order_life import DAY
from bazaar.fnac.paging import add_counts, cut, is_between
from bazaar.fnac.records import ZERO, Invoice, Line
from bazaar.fnac.shop import Shop

CENT = Decimal("0.01")
UNUSED = (
    "subscription_tax_inc_amount",
    "refund_fee_tax_inc_amount_payable",
    "refund_fee_tax_inc_amount_paid",
    "refund_subscription_period_tax_inc_amount_payable",
    "refund_subscription_period_tax_inc_amount_paid",
)
"""This shop pays no subscription, and fees of refunds are never billed first."""


def plan(shop: Shop) -> None:
    shop.later(shop.settings.billing_days * DAY, "bill")


def bill(shop: Shop) -> None:
    """One invoice for the lines delivered and not billed yet; none when there is no such line."""
    invoice_id = shop.new_uuid()
    lines: list[Line] = []
    for order in shop.orders.values():
        due = [line for line in order.lines if line.state == "Received" and not line.invoice_id]
        for line in due:
            line.invoice_id = invoice_id
        if due:
            shop.orders[order.order_id] = order
            lines += due
    if lines:
        shop.invoices[invoice_id] = _invoice(shop, invoice_id, lines)
    plan(shop)


def _invoice(shop: Shop, invoice_id: str, lines: list[Line]) -> Invoice:
    fee = sum((line.fee for line in lines), ZERO)
    tax = (fee * shop.settings.commission_vat_rate / 100).quantize(CENT, ROUND_HALF_UP)
    return Invoice(
        invoice_id=invoice_id,
        created_at=shop.now(),
        order_amount=sum((line.amount for line in lines), ZERO),
        shipping_amount=sum((line.shipping_price for line in lines), ZERO),
        fee=fee + tax,
        fee_tax=tax,
    )


async def invoices_query(call: Call) -> etree._Element:
    dates = children(call.request, "date")
    invoices = call.shop.invoices.values()
    found = [one for one in invoices if all(is_between(date, one.created_at) for date in dates)]
    page, shown = cut(call.request, found, most=1000)
    reply = reply_to("shop_invoices_query")
    add_counts(reply, page)
    for one in shown:
        _add_invoice(add(reply, "shop_invoice"), one)
    return reply


def _add_invoice(node: etree._Element, one: Invoice) -> None:
    address = f"https://documents.example/{one.invoice_id}"
    add(node, "invoice_id", one.invoice_id)
    add(node, "url", f"{address}.pdf")
    add(node, "report_url", f"{address}.csv")
    add(node, "created_at", one.created_at.isoformat())
    add(node, "transfer_amount", one.order_amount + one.shipping_amount - one.fee)
    add(node, "tva", one.fee_tax)
    add(node, "order_amount", one.order_amount)
    add(node, "shipping_amount", one.shipping_amount)
    add(node, "fee_tax_inc_amount", one.fee)
    for name in UNUSED:
        add(node, name, ZERO)
