"""Where a sweep of the orders stands, as the opaque text that the hub keeps."""

from __future__ import annotations

from datetime import datetime

import msgspec

from comptoir.sdk.errors import UnexpectedAnswer


class OrderCursor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Between two sweeps only `after` is set. In the middle of one, `token` names the next page, and the
    other fields the request that it belongs to: Amazon wants them repeated without any change."""

    after: datetime
    token: str = ""
    before: datetime | None = None
    """What the first page answered as `lastUpdatedBefore`: where the next sweep starts."""
    places: tuple[str, ...] = ()
    included: bool = True

    def text(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> OrderCursor:
        try:
            return msgspec.json.decode(text.encode(), type=cls)
        except msgspec.DecodeError as error:
            raise UnexpectedAnswer(f"the order cursor cannot be read: {text!r}") from error
