"""The three pagings: by number (`pageIndex`), by cursor (`Link`), legacy (`$page`)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from bazaar.octopia import chaos
from bazaar.octopia.exchange import Call, bad

T = TypeVar("T")
NUMBERED_MAXIMUM = 100
LINKED_MAXIMUM = 1000


def numbered_page(call: Call, found: Sequence[T], encode: Callable[[T], bytes]) -> Response:
    """No total: a page shorter than `pageSize` is the last one."""
    size = call.number("pageSize", NUMBERED_MAXIMUM, 1, NUMBERED_MAXIMUM)
    start = (call.number("pageIndex", 1, 1, 10**6) - 1) * size
    return _page(call, [encode(one) for one in found[start : start + size]], size)


def linked_page(
    call: Call, found: Sequence[T], key: Callable[[T], str], encode: Callable[[T], bytes]
) -> Response:
    """`found` is sorted by `key`; the cursor is the key of the last row seen."""
    size = call.number("limit", NUMBERED_MAXIMUM, 1, LINKED_MAXIMUM)
    after = _open_cursor(call.text("cursor"))
    left = [one for one in found if key(one) > after] if after else list(found)
    page = left[:size]
    response = _page(call, [encode(one) for one in page], size)
    if len(left) > size:
        response.headers["Link"] = f'<{_next_url(call, key(page[-1]))}>; rel="next"'
    return response


def legacy_page(call: Call, found: Sequence[T], encode: Callable[[T], bytes]) -> Response:
    size = call.number("$limit", NUMBERED_MAXIMUM, 1, NUMBERED_MAXIMUM)
    start = (call.number("$page", 1, 1, 10**6) - 1) * size
    rows = [encode(one) for one in found[start : start + size]]
    pages = max(1, -(-len(found) // size))
    content = b'{"page_count":%d,"total_item_count":%d,"items":[%s]}' % (pages, len(found), b",".join(rows))
    return Response(content, 200, None, "application/json")


def _page(call: Call, rows: list[bytes], size: int) -> Response:
    rows = chaos.disturb_page(call.account, rows)
    content = b'{"itemsPerPage":%d,"items":[%s]}' % (size, b",".join(rows))
    return Response(content, 200, None, "application/json")


def _next_url(call: Call, last: str) -> str:
    path = call.request.url.path.removeprefix(call.request.scope.get("root_path", ""))
    kept = [(name, value) for name, value in call.request.query_params.multi_items() if name != "cursor"]
    cursor = base64.urlsafe_b64encode(last.encode()).decode()
    return f"{call.url(path)}?{urlencode([*kept, ('cursor', cursor)])}"


def _open_cursor(cursor: str) -> str:
    if not cursor:
        return ""
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise bad("cursor", "The cursor is not valid.") from None
