"""Our account at Octopia: `GET /operations`, one row per movement, from the day after an acceptance.

Documented: `operationReference`, `eventTypes`, `paymentState`, `releasePaymentDate`, and one object each
for sale, commission and refund. What stands in these objects is not: an operation in which no amount is
found is set aside, never guessed. There is no documented filter by date: everything is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import Id, Payload, text
from comptoir.connectors.octopia.orders import as_utc
from comptoir.connectors.octopia.paging import numbered_pages
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Rejected
from comptoir.sdk.settlements import EntryKind, SettlementEntry, SettlementPage

_KINDS = {
    "Sale": EntryKind.SALE,
    "Commission": EntryKind.COMMISSION,
    "Refund": EntryKind.REFUND,
    "Subscription": EntryKind.FEE,
    "LogisticFee": EntryKind.FEE,
}


class PartPayload(Payload, frozen=True):
    """All four names are assumptions."""

    amount: Decimal | None = None
    currency: str | None = None
    order_id: Id = None
    created_at: datetime | None = None


class OperationPayload(Payload, frozen=True):
    operation_reference: Id = None
    event_types: list[str | None] | None = None
    payment_state: str | None = None
    release_payment_date: datetime | None = None
    sale: PartPayload | None = None
    commission: PartPayload | None = None
    refund: PartPayload | None = None

    @property
    def parts(self) -> list[PartPayload]:
        return [part for part in (self.sale, self.commission, self.refund) if part is not None]


class SettlementReader:
    def __init__(self, client: OctopiaClient, currency: str) -> None:
        self._client = client
        self._currency = currency

    def pages(self, since: datetime) -> Iterator[SettlementPage]:
        for page in numbered_pages(self._client, "listOperations", "/operations", {}):
            yield self._page(page, since)

    def _page(self, page: Sequence[msgspec.Raw], since: datetime) -> SettlementPage:
        entries: list[SettlementEntry] = []
        refused: list[Rejected] = []
        for raw in page:
            try:
                entry = parse_operation(raw, self._currency)
            except RejectedRecord as error:
                refused.append(Rejected(external_id=error.record_id, message=error.message, raw=bytes(raw)))
                continue
            if entry.booked_at is None or entry.booked_at >= since:
                entries.append(entry)
        return SettlementPage(entries=tuple(entries), rejected=tuple(refused))


def parse_operation(raw: msgspec.Raw, currency: str) -> SettlementEntry:
    try:
        payload = msgspec.json.decode(raw, type=OperationPayload, strict=False)
    except msgspec.DecodeError as error:
        raise RejectedRecord(f"This operation cannot be read: {error}.") from error
    reference = text(payload.operation_reference)
    amounts = [part.amount for part in payload.parts if part.amount is not None]
    if not reference or not amounts:
        raise RejectedRecord("This operation has no reference or no amount.", record_id=reference)
    words = [text(word) for word in payload.event_types or []]
    first = next(part for part in payload.parts if part.amount is not None)
    released = payload.release_payment_date
    return SettlementEntry(
        external_id=reference,
        kind=next((_KINDS[word] for word in words if word in _KINDS), EntryKind.OTHER),
        external_kind=", ".join(words),
        amount=sum(amounts, Decimal(0)),
        currency=text(first.currency) or currency,
        order_id=text(first.order_id),
        booked_at=as_utc(first.created_at) if first.created_at else None,
        payout_at=as_utc(released) if released else None,
        paid=payload.payment_state == "Paid",
        raw=bytes(raw),
    )
