"""The three ways in which Octopia cuts a list into pages.

- by number: `pageIndex` from 1 and `pageSize` of at most 100; no total, a short page is the last one.
  Orders are read so too, with more care: see `order_sweep.py`.
- by cursor: `limit` of at most 1,000 and a `Link` header; without `rel="next"` the page is the last one.
- legacy: `$page` and `$limit`, with `page_count` in the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

import msgspec

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.sdk.errors import UnexpectedAnswer

NUMBERED_SIZE = 100
LINKED_SIZE = 1000
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?', re.IGNORECASE)
# A list that never ends is a server that ignores its own paging: 1,000 pages are 100,000 records or more.
_MOST_PAGES = 10_000


class Items(msgspec.Struct, rename="camel"):
    """The envelope of every list. `items` stay raw, so that one bad item disturbs no other."""

    items: list[msgspec.Raw]
    page_count: int | None = msgspec.field(default=None, name="page_count")


def numbered_pages(
    client: OctopiaClient, operation: str, path: str, params: Mapping[str, str]
) -> Iterator[list[msgspec.Raw]]:
    for index in range(1, _MOST_PAGES):
        asked = {**params, "pageIndex": str(index), "pageSize": str(NUMBERED_SIZE)}
        items = client.get(operation, path, asked).json(Items).items
        if items:
            yield items
        if len(items) < NUMBERED_SIZE:
            return
    raise UnexpectedAnswer(f"{operation}: a list without an end.")


def linked_pages(
    client: OctopiaClient, operation: str, path: str, params: Mapping[str, str], limit: int = LINKED_SIZE
) -> Iterator[list[msgspec.Raw]]:
    cursor = ""
    for _ in range(_MOST_PAGES):
        asked = {**params, "limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        answer = client.get(operation, path, asked)
        yield answer.json(Items).items
        before, cursor = cursor, next_cursor(answer.headers.get("link", ""))
        if not cursor:
            return
        if cursor == before:
            raise UnexpectedAnswer(f"{operation}: the next page is the same page.")
    raise UnexpectedAnswer(f"{operation}: a list without an end.")


def legacy_pages(
    client: OctopiaClient, operation: str, path: str, params: Mapping[str, str]
) -> Iterator[list[msgspec.Raw]]:
    for page in range(1, _MOST_PAGES):
        asked = {**params, "$page": str(page), "$limit": str(NUMBERED_SIZE)}
        found = client.get(operation, path, asked).json(Items)
        yield found.items
        if found.page_count is None and len(found.items) < NUMBERED_SIZE:
            return
        if found.page_count is not None and page >= found.page_count:
            return
    raise UnexpectedAnswer(f"{operation}: a list without an end.")


def next_cursor(link: str) -> str:
    """The cursor in a `Link` header (RFC 8288), "" when there is no next page."""
    found = _NEXT.search(link)
    if found is None:
        return ""
    return parse_qs(urlsplit(found.group(1)).query).get("cursor", [""])[0]
