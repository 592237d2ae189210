"""Pages as Fnac counts them: from 1, with the numbers of pages and results in each answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import msgspec
from lxml import etree

from bazaar.fnac.exchange import RefusedError, add, child_text

T = TypeVar("T")


class Page(msgspec.Struct, frozen=True):
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return -(-self.total // self.size)


def cut(request: etree._Element, found: Sequence[T], *, most: int) -> tuple[Page, Sequence[T]]:
    """The page that was asked for, and what is on it. `most`: the largest page that the service gives."""
    size = int(request.get("results_count") or 100)
    number = max(1, int(child_text(request, "paging") or 1))
    if size > most:
        raise RefusedError("ERR_105", "The limit of requested elements is reached by the service.")
    page = Page(number, size, len(found))
    return page, found[size * (number - 1) : size * number]


def add_counts(reply: etree._Element, page: Page) -> None:
    add(reply, "page", page.number)
    add(reply, "total_paging", page.pages)
    add(reply, "nb_total_per_page", page.size)
    add(reply, "nb_total_result", page.total)


def is_between(date: etree._Element, at: datetime | None) -> bool:
    """Whether an instant lies within the `min` and `max` of a date element, both included."""
    if at is None:
        return False
    low, high = child_text(date, "min"), child_text(date, "max")
    return (not low or _instant(low, at) <= at) and (not high or at <= _instant(high, at))


def _instant(value: str, like: datetime) -> datetime:
    """An xs:dateTime; one without an offset is in the storefront's own hour."""
    read = datetime.fromisoformat(value)
    return read if read.tzinfo else read.replace(tzinfo=like.tzinfo)
