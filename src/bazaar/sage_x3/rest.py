"""`/api1/x3/erp/{endpoint}/{class}`: `$query` pages with their links, `$diagnoses` for what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bazaar.sage_x3.books import Books
from bazaar.sage_x3.tables import Row, Tables
from bazaar.sage_x3.where import BadWhere, parse_where

DEFAULT_COUNT = 20
_NULLABLE = ("ITMWEI", "INVSTA", "ORDSTO", "CFMFLG")


class Rest:
    def __init__(self, books: Books) -> None:
        self._books = books
        self._tables = Tables(books)

    async def query(self, request: Request) -> Response:
        name, asked = str(request.path_params["name"]), request.query_params
        rows = self._tables.rows(name)
        # An unknown folder and one without rights are told alike.
        if str(request.path_params["endpoint"]) != self._books.settings.endpoint or rows is None:
            return diagnosed(404, f"class {name} not found")
        if asked.get("representation") != f"{name}.$query":
            return diagnosed(404, f"representation {asked.get('representation')} not found")
        try:
            wanted = self._wanted(rows, asked.get("where", ""), asked.get("orderBy", ""))
        except (BadWhere, TypeError) as error:
            return diagnosed(500, str(error))
        count = asked.get("count", str(DEFAULT_COUNT))
        if not count.isdigit() or int(count) < 1:
            return diagnosed(400, f"count: {count}")
        return self._page(request, name, wanted, min(int(count), self._books.settings.most_rows))

    def _wanted(self, rows: list[Row], where: str, order: str) -> list[Row]:
        columns = set(rows[0]) if rows else None
        if columns is None:
            return []
        if where:
            test = parse_where(where, columns)
            rows = [row for row in rows if test(row)]
        for part in reversed([part.split() for part in order.split(",") if part.strip()]):
            if part[0] not in columns:
                raise BadWhere(f"orderBy: unknown property {part[0]}")
            rows.sort(key=_by(part[0]), reverse=part[1:] == ["desc"])
        return rows

    def _page(self, request: Request, name: str, rows: list[Row], count: int) -> Response:
        """Further pages are asked for by the place of their first row, which the link carries."""
        world, key = self._books.world, self._books.key
        start = int(request.query_params.get("startIndex", "1"))
        shown = start
        if start > 1 and world.fault(key, "repeated_page"):
            shown = max(1, start - count)
        page = rows[shown - 1 : start - 1 + count]
        if len(page) > 1 and world.fault(key, "reordered_page"):
            world.rng(f"{key}/order").shuffle(page)
        body: dict[str, Any] = {
            "$url": str(request.url), "$descriptor": name, "$startIndex": start, "$itemsPerPage": count,
            "$resources": [self._resource(name, row) for row in page], "$links": {},
        }  # fmt: skip
        if start - 1 + count < len(rows):
            further = {**request.query_params, "startIndex": str(start + count)}
            place = str(request.url).partition("?")[0]
            body["$links"] = {"$next": {"$url": f"{place}?{urlencode(further)}", "$type": "application/json"}}
        return Response(msgspec.json.encode(body), 200, media_type="application/json")

    def _resource(self, name: str, row: Row) -> dict[str, Any]:
        world, key = self._books.world, self._books.key
        told = {column: _cell(value) for column, value in row.items()}
        told |= {"$uuid": f"{name}-{next(iter(row.values()))}", "$etag": "1"}
        if world.fault(key, "random_nulls"):
            told |= dict.fromkeys((column for column in _NULLABLE if column in told), None)
        if world.fault(key, "unknown_fields"):
            told |= {"ZNOUVEAU": {"$title": "Zone de demain"}, "YDIVERS": 7}
        if "INVSTA" in told and world.fault(key, "new_enum_value"):
            told["INVSTA"] = 9
        return told


def diagnosed(status: int, words: str) -> Response:
    body = {"$diagnoses": [{"$severity": "error", "$message": words}]}
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def _by(column: str) -> Callable[[Row], Any]:
    return lambda row: row[column]


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
