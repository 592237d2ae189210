"""Asynchronous exports: OF52–54 offers, OR13–15 orders, TL03–05 the account. Ask, poll, fetch the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeVar

import msgspec
from starlette.responses import Response

from bazaar.mirakl.exchange import Call, Handler, Operation, RefusedError, answer, decode, raw
from bazaar.mirakl.ledger_json import transaction_fields
from bazaar.mirakl.money import parse_instant, stamp
from bazaar.mirakl.offer_export import CSV_FIELDS, csv_rows, json_fields
from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.order_records import Order
from bazaar.mirakl.records import Export, Offer, Transaction
from bazaar.mirakl.shop import Shop
from bazaar.mirakl.tables import write_table

Kind = Literal["OF52", "OR13", "TL03"]
Row = TypeVar("Row", Offer, Order, Transaction)
MEGABYTE = 1_000_000
MOST_DAYS = 366
FILE_PATHS: dict[Kind, str] = {
    "OF52": "/api/offers/export/async/file/{}",
    "OR13": "/api/orders/async-export/file/{}",
    "TL03": "/api/sellerpayment/transactions_logs/export/async/file/{}",
}


class OfferRequest(msgspec.Struct):
    export_type: Literal["text/csv", "application/json"] = "text/csv"
    last_request_date: str | None = None
    include_inactive_offers: bool | None = None
    include_fields: list[str] | None = None
    rename_fields: dict[str, str] | None = None
    channel_codes: list[str] | None = None
    items_per_chunk: int = 10_000
    megabytes_per_chunk: int = 100


class OrderRequest(msgspec.Struct):
    start_date: str | None = None
    end_date: str | None = None
    start_update_date: str | None = None
    end_update_date: str | None = None
    order_state_codes: list[str] | None = None
    channel_codes: list[str] | None = None
    only_null_channel: bool = False
    items_per_chunk: Annotated[int, msgspec.Meta(ge=10_000, le=1_000_000)] = 10_000
    megabytes_per_chunk: Annotated[int, msgspec.Meta(ge=10, le=1024)] = 100


class AccountRequest(msgspec.Struct):
    date_created_from: str | None = None
    date_created_to: str | None = None
    last_updated_from: str | None = None
    order_id: list[str] | None = None
    transaction_type: list[str] | None = None
    payment_state: list[str] | None = None
    format: Literal["JSON", "NDJSON"] = "JSON"
    items_per_chunk: int = 10_000
    megabytes_per_chunk: int = 100


async def of52(call: Call) -> Response:
    sent = await call.body(OfferRequest)
    _instants(sent, "last_request_date")
    if sent.last_request_date and sent.include_inactive_offers is not None:
        message = "include_inactive_offers cannot be used with last_request_date"
        raise RefusedError(400, message, field="include_inactive_offers")
    if sent.export_type == "text/csv":
        unknown = [one for one in sent.include_fields or () if one.partition("[")[0] not in CSV_FIELDS]
        if unknown:
            raise RefusedError(400, f"The field '{unknown[0]}' is unknown", field="include_fields")
    return await _ask(call, "OF52", sent.export_type)


async def or13(call: Call) -> Response:
    sent = await call.body(OrderRequest)
    ranges = [("start_date", "end_date"), ("start_update_date", "end_update_date")]
    given = [pair for pair in ranges if any(getattr(sent, name) for name in pair)]
    if not given:
        raise RefusedError(400, "At least one date range is required", field="start_update_date")
    for start, end in given:
        first, last = _instants(sent, start, end)
        if first is None or last is None:
            raise RefusedError(400, f"{start} and {end} must be used together", field=start)
        if last < first or last - first > timedelta(days=MOST_DAYS):
            raise RefusedError(400, "The interval between the dates must not exceed 1 year", field=start)
    if any(one.kind == "OR13" and one.status == "PENDING" for one in call.shop.exports.values()):
        raise RefusedError(400, "An order export is already in progress for this shop")
    return await _ask(call, "OR13", "application/json")


async def tl03(call: Call) -> Response:
    sent = await call.body(AccountRequest)
    _instants(sent, "date_created_from", "date_created_to", "last_updated_from")
    kind = "application/json" if sent.format == "JSON" else "application/x-ndjson"
    return await _ask(call, "TL03", kind)


def _instants(sent: msgspec.Struct, *names: str) -> list[datetime | None]:
    found: list[datetime | None] = []
    for name in names:
        text = getattr(sent, name)
        try:
            found.append(parse_instant(text) if text else None)
        except ValueError:
            raise RefusedError(400, f"The date '{text}' is invalid", field=name) from None
    return found


async def _ask(call: Call, kind: Kind, content_type: str) -> Response:
    one = Export(
        tracking_id=call.shop.new_uuid(),
        kind=kind,
        created_at=call.now,
        updated_at=call.now,
        request=await call.request.body(),
        content_type=content_type,
    )
    call.shop.exports[one.tracking_id] = one
    call.shop.later(call.shop.settings.export_seconds, "export", tracking_id=one.tracking_id)
    return answer({"tracking_id": one.tracking_id})


def complete(shop: Shop, tracking_id: str) -> None:
    """The files show the state at this moment."""
    one = shop.exports[tracking_id]
    one.files = tuple(FILES[one.kind](shop, one))
    one.status, one.updated_at = "COMPLETED", shop.now()
    shop.exports[tracking_id] = one


def _offer_files(shop: Shop, one: Export) -> Iterable[bytes]:
    sent = decode(one.request, OfferRequest)
    offers = _changed_offers(shop, sent)
    for part in _chunks(offers, sent.items_per_chunk, sent.megabytes_per_chunk, 1200):
        if sent.export_type == "text/csv":
            header, rows = csv_rows(shop, part, sent.include_fields, sent.rename_fields or {})
            yield write_table(header, rows).encode()
        else:
            yield JSON.encode([json_fields(shop, offer, sent.include_fields) for offer in part])


def _changed_offers(shop: Shop, sent: OfferRequest) -> list[Offer]:
    """All active ones; with a date, all that changed since, the inactive and the deleted too."""
    now = shop.now()
    if sent.channel_codes and not set(sent.channel_codes) & set(shop.settings.channels):
        return []
    if sent.last_request_date:
        since = parse_instant(sent.last_request_date)
        return [offer for offer in shop.offers.values() if offer.updated_at >= since]
    return [one for one in shop.live_offers() if sent.include_inactive_offers or one.is_active(now)]


def _order_files(shop: Shop, one: Export) -> Iterable[bytes]:
    sent = decode(one.request, OrderRequest)
    orders = [order for order in _dated_orders(shop, sent) if _wanted(order, sent)]
    for part in _chunks(orders, sent.items_per_chunk, sent.megabytes_per_chunk, 3000):
        yield b'{"orders":[%s]}' % b",".join(shop.orders.json(order) for order in part)


def _dated_orders(shop: Shop, sent: OrderRequest) -> list[Order]:
    start, end, since, until = _instants(
        sent, "start_date", "end_date", "start_update_date", "end_update_date"
    )
    found = shop.orders.created_between(start, end)
    if since is None or until is None:
        return found
    earliest = since - timedelta(seconds=shop.settings.update_delta_seconds)
    return [order for order in found if earliest <= order.updated_at <= until]


def _wanted(order: Order, sent: OrderRequest) -> bool:
    if sent.order_state_codes and order.state not in sent.order_state_codes:
        return False
    if sent.only_null_channel:
        return order.channel is None
    return not sent.channel_codes or order.channel in sent.channel_codes


def _account_files(shop: Shop, one: Export) -> Iterable[bytes]:
    sent = decode(one.request, AccountRequest)
    start, end, since = _instants(sent, "date_created_from", "date_created_to", "last_updated_from")
    found = [
        line
        for line in shop.account.all()
        if (start is None or line.created_at >= start)
        and (end is None or line.created_at <= end)
        and (since is None or line.updated_at >= since)
        and (not sent.order_id or line.order_id in sent.order_id)
        and (not sent.transaction_type or line.type in sent.transaction_type)
        and (not sent.payment_state or line.payment_state in sent.payment_state)
    ]
    for part in _chunks(found, sent.items_per_chunk, sent.megabytes_per_chunk, 1000):
        lines = [JSON.encode(transaction_fields(shop, line)) for line in part]
        yield b"\n".join(lines) if sent.format == "NDJSON" else b'{"data":[%s]}' % b",".join(lines)


def _chunks(rows: Sequence[Row], items: int, megabytes: int, row_bytes: int) -> Iterable[Sequence[Row]]:
    """Files of at most `items` rows and about `megabytes`; one empty file when there is no row."""
    size = max(1, min(items, megabytes * MEGABYTE // row_bytes))
    for start in range(0, max(len(rows), 1), size):
        yield rows[start : start + size]


FILES: dict[str, Callable[[Shop, Export], Iterable[bytes]]] = {
    "OF52": _offer_files,
    "OR13": _order_files,
    "TL03": _account_files,
}


def _find(call: Call, kind: Kind) -> Export:
    one = call.shop.exports.get(call.path("tracking_id"))
    if one is None or one.kind != kind:
        raise RefusedError(404, f"Export with tracking id '{call.path('tracking_id')}' not found")
    return one


def _status(kind: Kind) -> Handler:
    async def status(call: Call) -> Response:
        one = _find(call, kind)
        path = call.url(FILE_PATHS[kind].format(one.tracking_id))
        urls = [f"{path}?file={index}" for index in range(len(one.files))]
        content = {"last_updated": stamp(one.updated_at), "status": one.status}
        return answer({**content, "urls": urls} if one.status == "COMPLETED" else content)

    return status


def _file(kind: Kind) -> Handler:
    async def file(call: Call) -> Response:
        one = _find(call, kind)
        index = call.number("file", 0, 0, 10**6)
        if index >= len(one.files):
            raise RefusedError(404, "File not found")
        return raw(one.files[index], one.content_type)

    return file


def operations() -> list[Operation]:
    offers, orders = "/api/offers/export/async", "/api/orders/async-export"
    account = "/api/sellerpayment/transactions_logs/async"
    found = []
    asks: list[tuple[Kind, str, Handler, str, str]] = [
        ("OF52", offers, of52, "OF53", "OF54"),
        ("OR13", orders, or13, "OR14", "OR15"),
        ("TL03", account, tl03, "TL04", "TL05"),
    ]
    for kind, path, ask, status, file in asks:
        found += [
            Operation(kind, "POST", path, ask, "errors"),
            Operation(status, "GET", f"{path}/status/{{tracking_id}}", _status(kind), "errors"),
            Operation(file, "GET", FILE_PATHS[kind].format("{tracking_id}"), _file(kind), "errors"),
        ]
    return found
