"""REST lists (SData on Syracuse): `$query` of a representation, page after page by `$next`.

Filters are SData's: `left(CUSORDREF,3) eq 'CO-'`, `UPDDAT ge @2026-11-23@`, `ITMREF in ('A','B')`. Source: Sage's
online help, « SData web service for Query » and « evalueSData ».
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

import msgspec

from comptoir.connectors.sage_x3.client import Client
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.errors import UnexpectedAnswer

Row = dict[str, Any]
"""By our words (`mapping.LISTS`); a column that is absent or null is ""."""
_CHUNK: Final = 50
"""How many values one address may carry in an `in (…)`."""


class _Url(msgspec.Struct, rename={"url": "$url"}):
    url: str = ""


class _Links(msgspec.Struct, rename={"next": "$next"}):
    next: _Url | None = None


class _Page(msgspec.Struct, rename={"resources": "$resources", "links": "$links"}):
    resources: list[dict[str, Any]]
    links: _Links | None = None


class Lists:
    def __init__(self, client: Client, settings: SageX3Settings, mapped: Mapped) -> None:
        self._client = client
        self._settings = settings
        self._mapped = mapped
        self._prefix = urlsplit(settings.base_url.rstrip("/"))

    def pages(self, listed: str, where: str, order: Sequence[str]) -> Iterator[list[Row]]:
        """To the end, at least one page. `order`: our words; together they name a row, so that none counts twice."""
        columns = self._mapped.columns(listed)
        path = self._path(listed)
        asked: dict[str, str] | None = self._query(listed, order, self._settings.page_size, where)
        seen: set[tuple[str, ...]] = set()
        visited: set[str] = set()
        while True:
            page = self._client.get(listed, path, asked).json(_Page)
            rows = [_row(resource, columns) for resource in page.resources]
            yield list(_new(rows, order, seen))
            following = page.links.next.url if page.links and page.links.next else ""
            if not following:
                return
            path, asked = self._inside(following), None
            if path in visited:
                raise UnexpectedAnswer(f"{listed}: its pages go round in a circle at {path}.", code="paging")
            visited.add(path)

    def raw(self, listed: str, order: Sequence[str]) -> list[dict[str, Any]]:
        """The first rows as they come, by their own columns; none when the list is empty."""
        asked = self._query(listed, order, 5, "")
        return self._client.get(listed, self._path(listed), asked).json(_Page).resources

    def rows(self, listed: str, where: str, order: Sequence[str]) -> list[Row]:
        return [row for page in self.pages(listed, where, order) for row in page]

    def of(
        self, listed: str, word: str, values: Iterable[str], order: Sequence[str], where: str = ""
    ) -> list[Row]:
        """The rows whose `word` is one of these values, asked for in parts; what else is answered is left out."""
        wanted = sorted(set(values) - {""})
        column = self._mapped.columns(listed)[word]
        found: list[Row] = []
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            among = f"{column} in ({','.join(literal(value) for value in part)})"
            rows = self.rows(listed, f"{among} and {where}" if where else among, order)
            found += [row for row in rows if str(row[word]) in part]
        return found

    def column(self, listed: str, word: str) -> str:
        return self._mapped.columns(listed)[word]

    def _path(self, listed: str) -> str:
        name = quote(self._mapped[f"list.{listed}"], safe="")
        return f"/api1/x3/erp/{quote(self._settings.endpoint, safe='')}/{name}"

    def _query(self, listed: str, order: Sequence[str], count: int, where: str) -> dict[str, str]:
        columns = self._mapped.columns(listed)
        asked = {"representation": f"{self._mapped[f'list.{listed}']}.$query", "count": str(count),
                 "orderBy": ",".join(columns[word] for word in order)}  # fmt: skip
        return {**asked, "where": where} if where else asked

    def _inside(self, url: str) -> str:
        """A page's link, on our server alone: our credentials go nowhere else."""
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if parts.netloc and parts.netloc != self._prefix.netloc:
            raise UnexpectedAnswer(f"The next page is said to be on {parts.netloc}.", code="paging")
        return path.removeprefix(self._prefix.path)


def literal(value: str | int | date | datetime) -> str:
    """As SData writes it; UnexpectedAnswer for a text with both kinds of quotes, which it cannot."""
    if isinstance(value, datetime):
        return f"@{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}@"
    if isinstance(value, date):
        return f"@{value:%Y-%m-%d}@"
    if isinstance(value, int):
        return str(value)
    if "'" not in value:
        return f"'{value}'"
    if '"' in value:
        raise UnexpectedAnswer(f"{value} cannot be asked for: it has both kinds of quotes.", code="quotes")
    return f'"{value}"'


def _row(resource: dict[str, Any], columns: dict[str, str]) -> Row:
    return {word: _cell(resource.get(column)) for word, column in columns.items()}


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else value


def _new(rows: list[Row], order: Sequence[str], seen: set[tuple[str, ...]]) -> Iterator[Row]:
    for row in rows:
        key = tuple(str(row[word]) for word in order)
        if key not in seen:
            seen.add(key)
            yield row
