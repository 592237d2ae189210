"""Pages by key: the next page starts after the last row of this one, so page 20,000 costs what page 1 does.

Nothing is counted: a page shows « 51–100 », and whether there is more is known by reading one row more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, QueryDict

M = TypeVar("M", bound=Model)

SIZE = 50
SEPARATOR = "~"


@dataclass(frozen=True)
class Key:
    """The sort: unique together; all descending or all ascending."""

    fields: tuple[str, ...]
    descending: bool

    def order(self, *, backwards: bool) -> list[str]:
        sign = "-" if self.descending != backwards else ""
        return [sign + name for name in self.fields]

    def beyond(self, values: Sequence[str], *, backwards: bool) -> Q:
        """(a, b) beyond (x, y), written as `a <= x AND (a < x OR b < y)`: the index bounds the scan."""
        sign = "lt" if self.descending != backwards else "gt"
        first, second = self.fields
        return Q(**{f"{first}__{sign}e": values[0]}) & (
            Q(**{f"{first}__{sign}": values[0]}) | Q(**{f"{second}__{sign}": values[1]})
        )

    def of(self, row: Model) -> str:
        values = (getattr(row, name) for name in self.fields)
        return SEPARATOR.join(v.isoformat() if hasattr(v, "isoformat") else str(v) for v in values)


@dataclass(frozen=True)
class Page(Generic[M]):
    rows: list[M]
    first: int
    next_query: str = ""
    previous_query: str = ""
    query: str = ""
    """The filters alone, without the place."""
    filtered: bool = field(default=False)

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def page_of(rows: QuerySet[M], key: Key, request: HttpRequest, *, size: int = SIZE) -> Page[M]:
    """The page that `?after=` or `?before=` asks for; one that cannot be read is the first page."""
    place = request.GET.get("before") or request.GET.get("after") or ""
    values = place.rsplit(SEPARATOR, len(key.fields) - 1)
    backwards = bool(request.GET.get("before")) and len(values) == len(key.fields)
    found = rows.order_by(*key.order(backwards=backwards))
    if len(values) == len(key.fields):
        found = found.filter(key.beyond(values, backwards=backwards))
    kept = list(found[: size + 1])
    return _page(kept, key, request.GET, size, backwards=backwards, started=bool(place))


def _page(kept: list[M], key: Key, query: QueryDict, size: int, *, backwards: bool, started: bool) -> Page[M]:
    more, kept = len(kept) > size, kept[:size]
    if backwards:
        kept.reverse()
    first = _first(query, backwards=backwards, count=len(kept)) if started else 1
    has_next, has_previous = (True, more) if backwards else (more, started)
    bare = _without_place(query)
    return Page(
        kept,
        first if has_previous else 1,
        _query(query, after=key.of(kept[-1]), n=first + len(kept)) if has_next and kept else "",
        _query(query, before=key.of(kept[0]), n=first) if has_previous and kept else "",
        bare.urlencode(),
        any(bare.values()),
    )


def _first(query: QueryDict, *, backwards: bool, count: int) -> int:
    told = query.get("n", "1")
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 12 else 1
    return max(1, number - count) if backwards else max(1, number)


def _without_place(query: QueryDict) -> QueryDict:
    bare = query.copy()
    for name in ("after", "before", "n"):
        bare.pop(name, None)
    return bare


def _query(query: QueryDict, **place: Any) -> str:
    bare = _without_place(query)
    for name, value in place.items():
        bare[name] = str(value)
    return bare.urlencode()
