"""What a channel says of our money with it: sales, its commission, what was given back, when it pays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable

from comptoir.sdk.records import Record, Rejected


class EntryKind(StrEnum):
    SALE = "sale"
    COMMISSION = "commission"
    REFUND = "refund"
    FEE = "fee"
    """Subscriptions, logistics and the like."""
    OTHER = "other"


class SettlementEntry(Record, frozen=True, kw_only=True):
    """One movement of our account there. Final: before the channel tells it, only estimates exist."""

    external_id: str
    kind: EntryKind
    external_kind: str
    amount: Decimal
    """Signed: positive is owed to us. Tax included."""
    currency: str
    order_id: str = ""
    booked_at: datetime | None = None
    payout_at: datetime | None = None
    """When the channel pays it, or has paid it."""
    paid: bool = False
    raw: bytes = b""


class SettlementPage(Record, frozen=True, kw_only=True):
    entries: tuple[SettlementEntry, ...]
    rejected: tuple[Rejected, ...] = ()


@runtime_checkable
class SettlementSource(Protocol):
    def settlement_pages(self, since: datetime) -> Iterator[SettlementPage]:
        """Entries booked since then, and earlier ones where the channel cannot tell them apart."""
        ...
