"""What the seller reads of his money: operations, payouts, invoices."""

from __future__ import annotations

from starlette.responses import Response

from bazaar.octopia import finance
from bazaar.octopia.account import Account
from bazaar.octopia.exchange import Call, Refused, answer
from bazaar.octopia.exchange import Operation as ApiOperation
from bazaar.octopia.money import JSON, stamp
from bazaar.octopia.order_records import Operation
from bazaar.octopia.paging import linked_page, numbered_page


async def operations_list(call: Call) -> Response:
    found = finance.visible_operations(call.account)
    return numbered_page(call, found, lambda one: JSON.encode(_fields(call.account, one)))


async def operations_count(call: Call) -> Response:
    return answer({"count": len(finance.visible_operations(call.account))})


async def payments_list(call: Call) -> Response:
    rows = [
        {"paymentId": f"PAY{at:%Y%m%d}", "paidAt": stamp(at), "amount": amount, "operations": len(some)}
        for at, amount, some in finance.payouts(call.account)
    ]
    return numbered_page(call, rows, JSON.encode)


async def payments_count(call: Call) -> Response:
    return answer({"count": len(finance.payouts(call.account))})


async def invoices_list(call: Call) -> Response:
    rows = [
        {"invoiceId": f"INV{at:%Y%m%d}", "createdAt": stamp(at), "amount": amount}
        for at, amount, _ in finance.invoices(call.account)
    ]
    return linked_page(call, rows, lambda row: str(row["invoiceId"]), JSON.encode)


async def invoice_details(call: Call) -> Response:
    wanted = call.path("invoice_id")
    for at, _, some in finance.invoices(call.account):
        if f"INV{at:%Y%m%d}" == wanted:
            return numbered_page(call, some, lambda one: JSON.encode(_fields(call.account, one)))
    raise Refused(404, f"The invoice {wanted} does not exist.")


def _fields(account: Account, one: Operation) -> dict[str, object]:
    """What stands in `sale`, `commission` and `refund` is not known: their content is an assumption."""
    part = {
        "orderId": one.order_id,
        "createdAt": stamp(one.created_at),
        "amount": one.amount,
        "currency": one.currency,
    }
    return {
        "operationReference": one.reference,
        "eventTypes": [one.kind],
        "paymentState": finance.payment_state(account, one),
        "releasePaymentDate": stamp(finance.next_day(one.visible_at, finance.PAYOUT_DAYS)),
        one.kind.lower(): part,
    }


def operations() -> list[ApiOperation]:
    return [
        ApiOperation("GET", "/operations", operations_list),
        ApiOperation("GET", "/operations/count", operations_count),
        ApiOperation("GET", "/payments", payments_list),
        ApiOperation("GET", "/payments/count", payments_count),
        ApiOperation("GET", "/invoices", invoices_list),
        ApiOperation("GET", "/invoices/{invoice_id}/details", invoice_details),
    ]
