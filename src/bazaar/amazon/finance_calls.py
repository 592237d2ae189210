"""Finances 2024-06-19: one transaction for each shipment and each refund, with its breakdown."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from starlette.responses import Response

from bazaar.amazon.exchange import Call, Operation, answer, bad_input, stamp
from bazaar.amazon.paging import next_token, resume
from bazaar.amazon.records import ZERO, Money

_PAGE = 100
_DELAY = timedelta(minutes=2)
_LONGEST = timedelta(days=180)
_TYPES = {"Order": "Shipment", "Refund": "Refund"}
_CATEGORIES = {"Principal": "ProductCharges", "Shipping": "Shipping", "Commission": "AmazonFees"}


async def list_transactions(call: Call) -> Response:
    """Empty beyond 180 days, as at Amazon; `nextToken` stands alone here."""
    start = resume(call)
    after, latest = call.instant("postedAfter"), call.now - _DELAY
    order_id = call.text("relatedIdentifierValue")
    if after is None and not order_id:
        raise bad_input("'postedAfter' is required.")
    before = call.instant("postedBefore") or latest
    if before > latest:
        raise bad_input("'postedBefore' must be at least two minutes ago.")
    lines = [
        line
        for line in call.account.money.values()
        if (after is None or after <= line.at <= before) and (not order_id or line.order_id == order_id)
    ]
    if after is not None and before - after > _LONGEST:
        lines = []
    groups = [
        list(group) for _, group in groupby(lines, key=lambda line: (line.order_id, line.kind, line.at))
    ]
    page = [_transaction(call, group) for group in groups[start : start + _PAGE]]
    more = next_token(call, start + _PAGE) if start + _PAGE < len(groups) else {}
    return answer({"payload": {"transactions": page, **more}})


def _transaction(call: Call, lines: list[Money]) -> dict[str, Any]:
    account, first = call.account, lines[0]
    name = f"{first.order_id} {first.kind} {first.at.isoformat()}"
    order = account.orders.get(first.order_id)
    place = account.places[order.place] if order else account.home
    return {
        "sellingPartnerMetadata": {
            "sellingPartnerId": account.settings.seller_id,
            "accountType": "Standard Orders",
            "marketplaceId": place.id,
        },
        "relatedIdentifiers": [
            {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": first.order_id}
        ],
        "transactionType": _TYPES[first.kind],
        "transactionId": hashlib.sha256(name.encode()).hexdigest()[:32],
        "transactionStatus": "RELEASED",
        "description": "Order Payment" if first.kind == "Order" else "Refund Order",
        "postedDate": stamp(first.at),
        "totalAmount": _amount(sum((line.amount for line in lines), ZERO), place.currency),
        "marketplaceDetails": {"marketplaceId": place.id, "marketplaceName": place.name},
        "breakdowns": _breakdowns(lines, place.currency),
    }


def _breakdowns(lines: list[Money], currency: str) -> list[dict[str, Any]]:
    shown = []
    for description, category in _CATEGORIES.items():
        total = sum((line.amount for line in lines if line.description == description), ZERO)
        if total:
            part = {
                "breakdownType": description,
                "breakdownAmount": _amount(total, currency),
                "breakdowns": [],
            }
            shown.append(
                {"breakdownType": category, "breakdownAmount": _amount(total, currency), "breakdowns": [part]}
            )
    return shown


def _amount(amount: Decimal, currency: str) -> dict[str, object]:
    return {"currencyCode": currency, "currencyAmount": amount}


OPERATIONS = (Operation("listTransactions", "GET", "/finances/2024-06-19/transactions", list_transactions),)
