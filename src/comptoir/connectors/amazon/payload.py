"""What every answer of Amazon is read with: lenient Structs, money, pages."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """Base: camelCase on the wire, absent and null alike."""


class Money(Payload, frozen=True, kw_only=True):
    amount: Decimal | None = None
    currency_code: str | None = None


class Pagination(Payload, frozen=True, kw_only=True):
    next_token: str | None = None
