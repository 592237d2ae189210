"""TL02 and IV01: the seller's account and its invoices, as the API writes them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from bazaar.mirakl.exchange import Call, Operation
from bazaar.mirakl.money import ZERO, stamp, stamp_or_null
from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.paging import offset_page, seek_page
from bazaar.mirakl.records import Invoice, Transaction
from bazaar.mirakl.reference import VAT_CODE
from bazaar.mirakl.shop import Shop

TL02_LIMIT = 2000
PAYMENT_STATES = frozenset({"PENDING", "PAYABLE", "PAID", "NOT_APPLICABLE", "RESERVE"})
SORTS = frozenset({"dateCreated", "dateCreated,ASC", "dateCreated,DESC"})
LAST_UPDATED = frozenset({"lastUpdated", "lastUpdated,ASC", "lastUpdated,DESC"})
INVOICE_TYPES = frozenset({"ALL", "AUTO_INVOICE", "MANUAL_INVOICE", "MANUAL_CREDIT"})
INVOICE_STATUSES = frozenset({"PENDING", "PAID", "FAILED"})


async def tl02(call: Call) -> Response:
    return seek_page(
        call,
        _search,
        lambda one: one.id,
        lambda one: JSON.encode(transaction_fields(call.shop, one)),
        maximum=TL02_LIMIT,
    )


def _search(call: Call) -> Sequence[Transaction]:
    sort = call.choice("sort", SORTS | LAST_UPDATED) or "dateCreated"
    start, end = call.instant("date_created_from"), call.instant("date_created_to")
    since = call.instant("last_updated_from")
    kinds, states = set(call.csv("transaction_type")), set(call.choices("payment_state", PAYMENT_STATES))
    orders, lines = set(call.csv("order_id")), set(call.csv("order_line_id"))
    cycles, document = set(call.csv("seller_billing_cycle_id")), call.text("accounting_document_number")
    found = [
        one
        for one in call.shop.account.all()
        if (start is None or one.created_at >= start)
        and (end is None or one.created_at <= end)
        and (since is None or one.updated_at >= since)
        and (not kinds or one.type in kinds)
        and (not states or one.payment_state in states)
        and (not orders or one.order_id in orders)
        and (not lines or one.order_line_id in lines)
        and (not cycles or one.cycle_id in cycles)
        and document in {None, one.document_number}
    ]
    if sort in LAST_UPDATED:
        found.sort(key=lambda one: (one.updated_at, one.number))
    return found if sort.endswith("ASC") else found[::-1]


def transaction_fields(shop: Shop, one: Transaction) -> dict[str, object]:
    return {
        "accounting_document_creation_date": stamp_or_null(one.documented_at),
        "accounting_document_number": one.document_number or None,
        "amount": one.amount,
        "amount_credited": max(one.amount, ZERO),
        "amount_debited": max(-one.amount, ZERO),
        "balance": one.balance,
        "currency_iso_code": one.currency,
        "date_created": stamp(one.created_at),
        "entities": _entities(shop, one),
        "id": one.id,
        "last_updated": stamp(one.updated_at),
        "pay_out_psp_code": "NOT_SPECIFIED",
        "payment_state": one.payment_state,
        "seller_billing_cycle_id": one.cycle_id or None,
        "type": one.type,
    }


def _entities(shop: Shop, one: Transaction) -> dict[str, object]:
    order = shop.orders.get(one.order_id)
    if order is None:
        return {"domain": "PRODUCT"}
    entities: dict[str, object] = {
        "domain": "PRODUCT",
        "order": {
            "commercial_id": order.commercial_id,
            "creation_date": stamp(order.created_at),
            "id": order.order_id,
            "payment_info": {"imprint_number": None, "payment_type": "CARD"},
            "references": {
                "order_reference_for_customer": order.reference_for_customer,
                "order_reference_for_seller": order.reference_for_seller,
            },
        },
        "order_line": {"id": one.order_line_id},
    }
    if one.refund_id:
        entities["refund"] = {"id": one.refund_id}
    if one.tax_code:
        name = "shop_tax" if "COMMISSION" in one.type else "order_tax"
        entities[name] = {"code": one.tax_code, "rate": one.tax_rate}
    return entities


async def iv01(call: Call) -> Response:
    kind, status = call.choice("type", INVOICE_TYPES), call.choice("payment_status", INVOICE_STATUSES)
    start, end = call.instant("start_date"), call.instant("end_date")
    ids, currency = set(call.csv("invoice_id")), call.text("currency")
    found = [
        one
        for one in call.shop.invoices.values()
        if kind in {None, "ALL", "AUTO_INVOICE"}
        and status in {None, "PAID"}
        and currency in {None, call.shop.settings.currency}
        and (start is None or one.created_at >= start)
        and (end is None or one.created_at <= end)
        and (not ids or str(one.invoice_id) in ids)
    ]
    return offset_page(call, "invoices", found, lambda one: JSON.encode(invoice_fields(call.shop, one)))


def invoice_fields(shop: Shop, one: Invoice) -> dict[str, object]:
    taxes = [{"amount": one.taxes, "code": VAT_CODE}]
    detail = {
        "amount_excl_taxes": one.excl_taxes,
        "description": "Commissions",
        "operation_date": stamp(one.created_at),
        "order_id": None,
        "quantity": 1,
        "taxes": taxes,
    }
    return {
        "currency_iso_code": shop.settings.currency,
        "date_created": stamp(one.created_at),
        "details": [detail],
        "due_date": stamp(one.created_at),
        "id": f"{one.invoice_id:012d}",
        "invoice_id": one.invoice_id,
        "issue_date": stamp(one.created_at),
        "issuing_user": {"information": None, "type": "BATCH"},
        "pay_out_psp_code": "NOT_SPECIFIED",
        "payment": {"state": "PAID", "transaction_date": stamp(one.created_at), "reference": one.cycle_id},
        "shop_id": shop.settings.shop_id,
        "shop_model": "MARKETPLACE",
        "shop_name": shop.settings.shop_name,
        "state": "COMPLETE",
        "total_amount_excl_taxes": one.excl_taxes,
        "total_amount_incl_taxes": one.excl_taxes + one.taxes,
        "total_charged_amount": one.paid_to_shop,
        "total_taxes": taxes,
        "type": "AUTO_INVOICE",
    }


def operations() -> list[Operation]:
    return [
        Operation("TL02", "GET", "/api/sellerpayment/transactions_logs", tl02, "errors"),
        Operation("IV01", "GET", "/api/invoices", iv01),
    ]
