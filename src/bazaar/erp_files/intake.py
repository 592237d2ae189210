"""Orders from the hub become sales documents: each reference once, whole or not at all."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation

import msgspec

from bazaar.erp_files.books import Books
from bazaar.erp_files.inbox import Reading, Rows
from bazaar.erp_files.records import Document, DocumentLine, Rejection

ORDER_COLUMNS = (
    "reference", "channel", "external_id", "placed_at", "currency", "customer_name", "company", "street_1",
    "street_2", "postcode", "city", "country", "email", "phone", "line_number", "lines", "line_reference",
    "sku", "title", "quantity", "unit_price", "line_amount", "shipping_amount", "discount_amount",
    "total_amount", "ship_by", "prices_include_tax",
)  # fmt: skip
_CUSTOMER = ORDER_COLUMNS[5:14]
_FIRST_LINE = 2  # the header is line 1


class WrongRowError(Exception):
    """A row that cannot be taken: the receipt's code, and words for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Intake:
    def __init__(self, books: Books) -> None:
        self._books = books

    def reading(self) -> Reading:
        return Reading(ORDER_COLUMNS, self.take)

    def take(self, rows: Rows, decimal: str) -> list[Rejection]:
        groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
        for line, row in enumerate(rows, start=_FIRST_LINE):
            groups.setdefault(row["reference"] or "", []).append((line, row))
        rejected: list[Rejection] = []
        for reference, group in groups.items():
            try:
                self._take_order(reference, [row for _, row in group], decimal)
            except WrongRowError as wrong:
                rejected += [
                    Rejection(line=line, key=reference, code=wrong.code, message=wrong.message)
                    for line, _ in group
                ]
        return rejected

    def _take_order(self, reference: str, rows: Rows, decimal: str) -> None:
        known = self._books.documents.get(reference)
        if known is not None:
            self._books.documents[reference] = msgspec.structs.replace(known, sent=known.sent + 1)
            self._record("erp_order_repeated", known)
            return
        document = self._build(reference, rows, decimal)
        self._books.change_state(document, "received")
        self._record("erp_order_created", document)
        self._plan(document)

    def _record(self, kind: str, document: Document) -> None:
        self._books.world.record(
            kind,  # type: ignore[arg-type]
            self._books.key,
            order_id=document.reference,
            amount=document.total,
            currency=document.currency,
            channel=document.channel,
            external_id=document.external_id,
            document=document.number,
        )

    def _plan(self, document: Document) -> None:
        """The warehouse starts half-way and ships at the end of a time drawn between the two settings."""
        settings, world = self._books.settings, self._books.world
        rng = world.rng(f"{self._books.key}/preparation")
        wait = timedelta(minutes=rng.uniform(settings.prepare_min_minutes, settings.prepare_max_minutes))
        for part, action in ((wait / 2, "prepare"), (wait, "ship")):
            world.set_timer(world.now() + part, self._books.key, action, reference=document.reference)

    def _build(self, reference: str, rows: Rows, decimal: str) -> Document:
        first = rows[0]
        if not 0 < len(reference) <= 17:
            raise WrongRowError("bad_reference", f"a reference has 1 to 17 characters: {reference!r}")
        lines = tuple(sorted((self._line(row, decimal) for row in rows), key=lambda line: line.line_number))
        announced = whole(first, "lines")
        if [line.line_number for line in lines] != list(range(1, announced + 1)):
            raise WrongRowError("incomplete_order", f"{len(lines)} lines of {announced}")
        return Document(
            reference=reference,
            number=f"CC{self._books.count('document'):07d}",
            channel=first["channel"],
            external_id=first["external_id"],
            placed_at=first["placed_at"],
            currency=first["currency"],
            customer={name: first[name] for name in _CUSTOMER},
            shipping_amount=amount(first, "shipping_amount", decimal),
            discount_amount=amount(first, "discount_amount", decimal),
            total=amount(first, "total_amount", decimal),
            lines=lines,
            created_at=self._books.own_now(),
        )

    def _line(self, row: dict[str, str], decimal: str) -> DocumentLine:
        if row["sku"] not in self._books.stock:
            raise WrongRowError("unknown_sku", f"no product {row['sku']!r}")
        return DocumentLine(
            line_number=whole(row, "line_number"),
            line_reference=row["line_reference"],
            sku=row["sku"],
            title=row["title"],
            quantity=whole(row, "quantity"),
            unit_price=amount(row, "unit_price", decimal),
            line_amount=amount(row, "line_amount", decimal),
        )


def whole(row: dict[str, str], column: str) -> int:
    """A whole number above zero."""
    text = row[column] or ""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise WrongRowError("bad_number", f"{column} is not a whole number above zero: {text!r}")
    return int(text)


def amount(row: dict[str, str], column: str, decimal: str) -> Decimal:
    """An amount of at most four decimals; empty is zero."""
    text = (row[column] or "0").replace(decimal, ".")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise WrongRowError("bad_amount", f"{column} is not an amount: {text!r}") from error
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -4:
        raise WrongRowError("bad_amount", f"{column} has more than four decimals: {text!r}")
    return value
