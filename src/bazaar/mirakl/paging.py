"""The two pagings of the API: offset (`max`, `offset`, Link header) and seek (`limit`, `page_token`)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from bazaar.mirakl import chaos
from bazaar.mirakl.exchange import Call, RefusedError, answer

T = TypeVar("T")
DEFAULT, MAXIMUM = 10, 100


def offset_page(call: Call, name: str, found: Sequence[T], encode: Callable[[T], bytes]) -> Response:
    """`{name: […], "total_count": n}` as joined bytes, with the links to the pages around."""
    size = call.number("max", DEFAULT, 1, MAXIMUM)
    offset = call.number("offset", 0, 0, 10**9)
    rows = [encode(one) for one in found[offset : offset + size]]
    rows = chaos.disturb_page(call.shop, rows)
    content = b'{"%s":[%s],"total_count":%d}' % (name.encode(), b",".join(rows), len(found))
    return Response(content, 200, page_links(call, offset, size, len(found)), "application/json")


def page_links(call: Call, offset: int, size: int, total: int) -> dict[str, str]:
    links = []
    if offset > 0:
        links.append(f'<{_page_url(call, max(0, offset - size), size)}>; rel="previous"')
    if offset + size < total:
        links.append(f'<{_page_url(call, offset + size, size)}>; rel="next"')
    return {"Link": ", ".join(links)} if links else {}


def _page_url(call: Call, offset: int, size: int) -> str:
    path = call.request.url.path.removeprefix(call.request.scope.get("root_path", ""))
    kept = [(k, v) for k, v in call.request.query_params.multi_items() if k not in {"max", "offset"}]
    return f"{call.url(path)}?{urlencode([*kept, ('max', size), ('offset', offset)])}"


def seek_page(
    call: Call,
    found: Callable[[Call], Sequence[T]],
    key: Callable[[T], str],
    encode: Callable[[T], bytes],
    default: int = DEFAULT,
    maximum: int = MAXIMUM,
) -> Response:
    """`{"data": […], "next_page_token", "previous_page_token"}`.

    A token holds the whole first query and the key of the last row seen: with it every other parameter is
    ignored, and a row that appears meanwhile neither repeats nor hides another one.
    """
    token = call.text("page_token")
    query, after = _open_token(token) if token else (call.request.url.query, "")
    if token:
        call = _with_query(call, query)
    size = call.number("limit", default, 1, maximum)
    rows = found(call)
    start = next((i + 1 for i, one in enumerate(rows) if key(one) == after), 0) if after else 0
    page = rows[start : start + size]
    more = start + size < len(rows)
    before = max(0, start - size)
    previous = None if start == 0 else _token(query, key(rows[before - 1]) if before else "")
    content = {
        "next_page_token": _token(query, key(page[-1])) if more else None,
        "previous_page_token": previous,
    }
    encoded = chaos.disturb_page(call.shop, [encode(one) for one in page])
    return _with_data(answer(content), b",".join(encoded))


def _with_data(response: Response, rows: bytes) -> Response:
    tail = bytes(response.body)[1:]
    return Response(b'{"data":[%s],%s' % (rows, tail), response.status_code, None, "application/json")


def _token(query: str, after: str) -> str:
    text = f"{after}\n{query}"
    return base64.urlsafe_b64encode(f"{_seal(text)}\n{text}".encode()).decode()


def _open_token(token: str) -> tuple[str, str]:
    try:
        seal, after, query = base64.urlsafe_b64decode(token).decode().split("\n", 2)
    except ValueError:
        raise RefusedError(400, "The page token is invalid", field="page_token") from None
    if seal != _seal(f"{after}\n{query}"):
        raise RefusedError(400, "The page token is invalid", field="page_token")
    return query, after


def _seal(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


def _with_query(call: Call, query: str) -> Call:
    scope = {**call.request.scope, "query_string": query.encode()}
    return Call(type(call.request)(scope), call.shop)
