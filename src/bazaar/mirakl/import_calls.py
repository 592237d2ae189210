"""The calls around imports: OF01, OF24, STO01, PRI01 take them; OF02–04, STO02–03, PRI02–03 tell of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import msgspec
from starlette.responses import Response

from bazaar.mirakl import imports, price_import, stock_import
from bazaar.mirakl.exchange import Call, Operation, RefusedError, answer, raw
from bazaar.mirakl.money import stamp
from bazaar.mirakl.offer_updates import COLUMNS, OfferUpdate, as_row
from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.paging import seek_page
from bazaar.mirakl.records import Import, ImportKind
from bazaar.mirakl.tables import delimiter_of, read_table, uploaded_file, uploaded_form

OFFER_KINDS: frozenset[ImportKind] = frozenset({"OF01", "OF24"})
STATUSES = frozenset({"WAITING_SYNCHRONIZATION_PRODUCT", "WAITING", "RUNNING", "COMPLETE", "FAILED"})
ORIGINS = frozenset({"API", "FTP", "SFTP", "HTTP", "HTTPS", "FRONT", "PENDING_OFFERS"})
MODES = frozenset({"NORMAL", "REPLACE"})


class Offers(msgspec.Struct):
    offers: Annotated[list[OfferUpdate], msgspec.Meta(min_length=1)]


async def of24(call: Call) -> Response:
    content = await call.request.body()
    offers = (await call.body(Offers)).offers
    header = tuple(column for column, _ in COLUMNS)
    rows = tuple(as_row(one) for one in offers)
    one = imports.accept(call.shop, "OF24", content, header, rows, updates=JSON.encode(offers))
    return _accepted(call, {"import_id": int(one.import_id)}, f"/api/offers/imports/{one.import_id}")


async def of01(call: Call) -> Response:
    form = await uploaded_form(call)
    content = await uploaded_file(form)
    mode = form.get("import_mode")
    if mode not in MODES:
        raise RefusedError(400, "import_mode is required: NORMAL or REPLACE", field="import_mode")
    if form.get("with_products") == "true":
        raise RefusedError(400, "This marketplace takes products by its catalog only", field="with_products")
    header, rows = _read(call, content, frozenset({"sku"}))
    one = imports.accept(call.shop, "OF01", content, header, rows, mode=str(mode))
    return _accepted(call, {"import_id": int(one.import_id)}, f"/api/offers/imports/{one.import_id}")


async def sto01(call: Call) -> Response:
    return await _take_file(call, "STO01", stock_import.HEADER, "/api/offers/stock/imports/{}/status")


async def pri01(call: Call) -> Response:
    return await _take_file(call, "PRI01", price_import.HEADER, "/api/offers/pricing/imports?import_id={}")


async def _take_file(call: Call, kind: ImportKind, required: frozenset[str], location: str) -> Response:
    content = await uploaded_file(await uploaded_form(call))
    header, rows = _read(call, content, required)
    one = imports.accept(call.shop, kind, content, header, rows)
    return _accepted(call, {"import_id": one.import_id}, location.format(one.import_id))


def _read(
    call: Call, content: bytes, required: frozenset[str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    try:
        header, rows = read_table(content, delimiter_of(call))
    except ValueError:
        raise RefusedError(400, "The file is not a valid UTF-8 CSV file", field="file") from None
    missing = required - set(header)
    if missing:
        raise RefusedError(400, f"The file has no column {', '.join(sorted(missing))}", field="file")
    return header, rows


def _accepted(call: Call, content: dict[str, object], path: str) -> Response:
    return answer(content, 201, {"Location": call.url(path)})


def _find(call: Call, import_id: str, kinds: frozenset[ImportKind]) -> Import:
    one = call.shop.imports.get(import_id)
    if one is None or one.kind not in kinds:
        raise RefusedError(404, f"Import with identifier '{import_id}' not found")
    return one


async def of02(call: Call) -> Response:
    one = _find(call, str(call.path_number("import")), OFFER_KINDS)
    return answer({**_offer_counts(one), "type": "MIRAKL"})


async def of03(call: Call) -> Response:
    one = _find(call, str(call.path_number("import")), OFFER_KINDS)
    return _report(one, "application/octet-stream")


async def sto03(call: Call) -> Response:
    return _report(_find(call, call.path("import_id"), frozenset({"STO01"})), "text/csv")


async def pri03(call: Call) -> Response:
    return _report(_find(call, call.path("import_id"), frozenset({"PRI01"})), "text/csv")


def _report(one: Import, content_type: str) -> Response:
    if not one.error_report:
        raise RefusedError(404, f"No error report for the import '{one.import_id}'")
    return raw(one.error_report.encode(), content_type, f"errors-{one.import_id}.csv")


def _offer_counts(one: Import) -> dict[str, object]:
    pending = 0 if one.finished else len(one.rows)
    return {
        "date_created": stamp(one.created_at),
        "has_error_report": bool(one.error_report),
        "import_id": int(one.import_id),
        "lines_in_error": one.lines_in_error,
        "lines_in_pending": pending,
        "lines_in_success": one.lines_in_success,
        "lines_read": len(one.rows) if one.status != "WAITING" else 0,
        "mode": one.mode,
        "offer_deleted": one.deleted,
        "offer_inserted": one.inserted,
        "offer_updated": one.updated,
        "reason_status": one.reason_status,
        "status": one.status,
    }


async def of04(call: Call) -> Response:
    return _list(call, OFFER_KINDS, lambda one: {**_offer_counts(one), **_origin(call)})


def _origin(call: Call) -> dict[str, object]:
    return {"origin": "API", "shop_id": call.shop.settings.shop_id}


async def sto02(call: Call) -> Response:
    one = _find(call, call.path("import_id"), frozenset({"STO01"}))
    content = {
        "date_created": stamp(one.created_at),
        "has_error_report": bool(one.error_report),
        "import_id": one.import_id,
        "lines_in_error": one.lines_in_error,
        "lines_in_success": one.lines_in_success,
        "shop_id": call.shop.settings.shop_id,
        "status": one.status,
    }
    return answer(content)


async def pri02(call: Call) -> Response:
    return _list(call, frozenset({"PRI01"}), lambda one: {**_price_counts(one), **_origin(call)})


def _price_counts(one: Import) -> dict[str, object]:
    return {
        "date_created": stamp(one.created_at),
        "has_error_report": bool(one.error_report),
        "import_id": one.import_id,
        "lines_in_error": one.lines_in_error,
        "lines_in_success": one.lines_in_success,
        "offers_in_error": one.offers_in_error,
        "offers_updated": one.updated,
        "reason_status": one.reason_status,
        "status": one.status,
    }


def _list(
    call: Call, kinds: frozenset[ImportKind], fields: Callable[[Import], dict[str, object]]
) -> Response:
    """The newest first."""

    def search(asked: Call) -> Sequence[Import]:
        return _search(asked, kinds)

    return seek_page(call, search, lambda one: one.import_id, lambda one: JSON.encode(fields(one)))


def _search(call: Call, kinds: frozenset[ImportKind]) -> list[Import]:
    start, end = call.instant("start_date"), call.instant("end_date")
    ids = set(call.csv("import_id"))
    origins = call.choices("origins", ORIGINS)
    status, mode = call.choice("status", STATUSES), call.choice("mode", MODES)
    if origins and "API" not in origins:
        return []
    found = [
        one
        for one in call.shop.imports.values()
        if one.kind in kinds
        and (start is None or one.created_at >= start)
        and (end is None or one.created_at <= end)
        and (not ids or one.import_id in ids)
        and status in {None, one.status}
        and mode in {None, one.mode}
    ]
    return found[::-1]


def operations() -> list[Operation]:
    offers, stock, prices = "/api/offers/imports", "/api/offers/stock/imports", "/api/offers/pricing/imports"
    return [
        Operation("OF24", "POST", "/api/offers", of24),
        Operation("OF01", "POST", offers, of01),
        Operation("OF04", "GET", offers, of04),
        Operation("OF02", "GET", f"{offers}/{{import}}", of02),
        Operation("OF03", "GET", f"{offers}/{{import}}/error_report", of03),
        Operation("STO01", "POST", stock, sto01, "errors"),
        Operation("STO02", "GET", f"{stock}/{{import_id}}/status", sto02, "errors"),
        Operation("STO03", "GET", f"{stock}/{{import_id}}/error_report", sto03, "errors"),
        Operation("PRI01", "POST", prices, pri01, "errors"),
        Operation("PRI02", "GET", prices, pri02, "errors"),
        Operation("PRI03", "GET", f"{prices}/{{import_id}}/error_report", pri03, "errors"),
    ]
