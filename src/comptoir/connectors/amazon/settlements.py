"""Settlements: the flat file V2 that Amazon makes every fortnight, line by line.

Source: documentation "Settlement reports". It cannot be requested, only found; amounts are in the local
format (95,00); the first row has the totals, and the sum of the others must be its total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from comptoir.connectors.amazon.reports import ReportDesk, rows
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.money import ZERO, parse_amount
from comptoir.sdk.records import Record
from comptoir.sdk.settlements import EntryKind, SettlementEntry, SettlementPage

SETTLEMENT_REPORT = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"


class SettlementLine(Record, frozen=True, kw_only=True):
    transaction: str
    """Order, Refund, other-transaction… in Amazon's words."""
    amount_type: str
    description: str
    amount: Decimal
    order_id: str = ""
    item_id: str = ""
    sku: str = ""
    quantity: int = 0
    posted_at: str = ""
    marketplace: str = ""


class Settlement(Record, frozen=True, kw_only=True):
    external_id: str
    start: str
    """Dates stay as Amazon writes them: their format depends on the marketplace."""
    end: str
    deposit: str
    total: Decimal
    currency: str
    lines: tuple[SettlementLine, ...]


def read_settlements(desk: ReportDesk, since: datetime) -> Iterator[Settlement]:
    for report in desk.done_since(SETTLEMENT_REPORT, since):
        if report.report_document_id:
            yield parse_settlement(desk.download(report.report_document_id))


def parse_settlement(content: bytes) -> Settlement:
    """UnexpectedAnswer when the lines do not add up to the total: nothing may be booked from it."""
    table = rows(content)
    head = next(table, None)
    if head is None or "settlement-id" not in head:
        raise UnexpectedAnswer("the settlement report has no first row with its totals")
    lines = tuple(_line(row) for row in table)
    total = _amount(head, "total-amount")
    summed = sum((line.amount for line in lines), ZERO)
    if summed != total:
        raise UnexpectedAnswer(
            f"settlement {head['settlement-id']}: {summed} in its lines, {total} announced"
        )
    return Settlement(
        external_id=head["settlement-id"],
        start=head.get("settlement-start-date", ""),
        end=head.get("settlement-end-date", ""),
        deposit=head.get("deposit-date", ""),
        total=total,
        currency=head.get("currency", ""),
        lines=lines,
    )


def _line(row: Mapping[str, str]) -> SettlementLine:
    quantity = row.get("quantity-purchased", "")
    return SettlementLine(
        transaction=row.get("transaction-type", ""),
        amount_type=row.get("amount-type", ""),
        description=row.get("amount-description", ""),
        amount=_amount(row, "amount"),
        order_id=row.get("order-id", ""),
        item_id=row.get("order-item-code", ""),
        sku=row.get("sku", ""),
        quantity=int(quantity) if quantity.isdigit() else 0,
        posted_at=row.get("posted-date-time", "") or row.get("posted-date", ""),
        marketplace=row.get("marketplace-name", ""),
    )


def _amount(row: Mapping[str, str], name: str) -> Decimal:
    try:
        return parse_amount(row.get(name)) or ZERO
    except ValueError as error:
        raise UnexpectedAnswer(f"settlement: {name} is {row.get(name)!r}") from error


def settlement_pages(desk: ReportDesk, since: datetime) -> Iterator[SettlementPage]:
    """A page per settlement; a line's place in its file names it for ever."""
    for settlement in read_settlements(desk, since):
        deposit = _moment(settlement.deposit)
        yield SettlementPage(
            entries=tuple(
                SettlementEntry(
                    external_id=f"{settlement.external_id}:{number}",
                    kind=entry_kind(line),
                    external_kind=" ".join((line.transaction, line.amount_type, line.description)).strip(),
                    amount=line.amount,
                    currency=settlement.currency,
                    order_id=line.order_id,
                    booked_at=_moment(line.posted_at),
                    payout_at=deposit,
                    paid=True,
                )
                for number, line in enumerate(settlement.lines, start=1)
            )
        )


def entry_kind(line: SettlementLine) -> EntryKind:
    """Amazon's words, in lower case (documentation "Settlement reports"); what is not known is OTHER."""
    transaction, kind = line.transaction.lower(), line.amount_type.lower()
    if kind == "itemfees":
        return EntryKind.COMMISSION if "commission" in line.description.lower() else EntryKind.FEE
    if transaction == "refund":
        return EntryKind.REFUND
    if transaction == "order" and kind in ("itemprice", "promotion"):
        return EntryKind.SALE
    return EntryKind.FEE if "fee" in f"{transaction} {kind} {line.description.lower()}" else EntryKind.OTHER


def _moment(text: str) -> datetime | None:
    """None for a way of writing that we do not know: the entry counts all the same."""
    plain = text.removesuffix(" UTC").strip()
    for pattern in ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S",
                    "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):  # fmt: skip
        try:
            found = datetime.strptime(plain, pattern)  # noqa: DTZ007 - the next line
        except ValueError:
            continue
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return None
