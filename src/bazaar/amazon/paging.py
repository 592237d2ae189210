"""Pages. Of feeds and reports, `nextToken` carries the first request and must then stand alone; of
listings and of the catalogue, `pageToken` comes beside the same parameters."""

from __future__ import annotations

import base64
import binascii

import msgspec
from starlette.datastructures import QueryParams

from bazaar.amazon.exchange import Call, bad_input

_NAME = "nextToken"


class _Token(msgspec.Struct, frozen=True, array_like=True):
    start: int
    query: str


def resume(call: Call) -> int:
    """Where the page starts; the call then has the parameters of the first request again."""
    text = call.text(_NAME)
    if not text:
        return 0
    if len(call.params) > 1:
        raise bad_input(f"'{_NAME}' must be the only parameter.")
    try:
        token = msgspec.json.decode(base64.b64decode(text, validate=True), type=_Token)
    except (binascii.Error, msgspec.DecodeError):
        raise bad_input(f"Invalid '{_NAME}'.") from None
    call.params = QueryParams(token.query)
    return token.start


def next_token(call: Call, start: int) -> dict[str, str]:
    """What to add to the answer when there is a page from `start` on."""
    token = _Token(start, str(call.params))
    return {_NAME: base64.b64encode(msgspec.json.encode(token)).decode()}


def start_of(call: Call) -> int:
    text = call.text("pageToken")
    if not text:
        return 0
    try:
        return int(base64.b64decode(text, validate=True))
    except ValueError:
        raise bad_input("Invalid 'pageToken'.") from None


def token_of(start: int) -> str:
    return base64.b64encode(str(start).encode()).decode()
