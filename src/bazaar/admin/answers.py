"""How the admin reads requests and writes answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bazaar.world.ledger import ndjson

T = TypeVar("T")
_json = msgspec.json.Encoder(order="deterministic").encode


def as_json(value: object, status: int = 200) -> Response:
    return Response(_json(value) + b"\n", status, media_type="application/json")


def as_ndjson(rows: Iterable[object]) -> StreamingResponse:
    """Rows are made while they are sent; asynchronously, so that the world stays in one thread."""

    async def blocks() -> object:
        for block in ndjson(rows):
            yield block

    return StreamingResponse(blocks(), media_type="application/x-ndjson")  # type: ignore[arg-type]


async def read_body(request: Request, kind: type[T]) -> T:
    """The JSON body as `kind`; ValueError (msgspec's) tells what is wrong with it."""
    return msgspec.json.decode(await request.body() or b"{}", type=kind)


def instant(text: str) -> datetime:
    """An ISO 8601 instant with its zone, in UTC."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} has no time zone: write 2026-11-23T08:00:00Z")
    return at.astimezone(UTC)
