"""Cancellations and refunds from the hub: line by line, each id applied once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec

from bazaar.erp_files.books import Books
from bazaar.erp_files.inbox import Reading, Rows
from bazaar.erp_files.intake import WrongRowError, amount, whole
from bazaar.erp_files.invoicing import Invoicing
from bazaar.erp_files.records import Document, DocumentLine, Rejection

CANCELLATION_COLUMNS = (
    "reference", "line_number", "line_reference", "sku", "quantity", "reason", "cancelled_at",
    "cancellation_id",
)  # fmt: skip
REFUND_COLUMNS = (
    "reference", "line_number", "line_reference", "sku", "quantity", "amount", "currency", "reason",
    "refunded_at", "refund_id",
)  # fmt: skip
_Apply = Callable[[dict[str, str], str], None]


class Amendments:
    def __init__(self, books: Books, invoicing: Invoicing) -> None:
        self._books = books
        self._invoicing = invoicing

    def cancellations(self) -> Reading:
        return Reading(
            CANCELLATION_COLUMNS, lambda rows, dec: self._each(rows, dec, "cancellation_id", self._cancel)
        )

    def refunds(self) -> Reading:
        return Reading(REFUND_COLUMNS, lambda rows, dec: self._each(rows, dec, "refund_id", self._refund))

    def _each(self, rows: Rows, decimal: str, id_column: str, apply: _Apply) -> list[Rejection]:
        rejected: list[Rejection] = []
        for line, row in enumerate(rows, start=2):
            applied = f"{id_column}/{row[id_column]}/{row['line_number']}"
            if applied in self._books.applied:
                continue
            try:
                apply(row, decimal)
            except WrongRowError as wrong:
                key = row["reference"] or ""
                rejected.append(Rejection(line=line, key=key, code=wrong.code, message=wrong.message))
            else:
                self._books.applied[applied] = row["reference"]
        return rejected

    def _find(self, row: dict[str, str]) -> tuple[Document, DocumentLine]:
        document = self._books.documents.get(row["reference"] or "")
        if document is None:
            raise WrongRowError("unknown_reference", f"no document for {row['reference']!r}")
        line = document.line(whole(row, "line_number"))
        if line is None or line.sku != row["sku"]:
            raise WrongRowError("unknown_line", f"no line {row['line_number']} of {row['sku']}")
        return document, line

    def _cancel(self, row: dict[str, str], _decimal: str) -> None:
        document, line = self._find(row)
        quantity = whole(row, "quantity")
        if quantity > line.open:
            code = "already_shipped" if line.shipped else "too_many"
            raise WrongRowError(
                code, f"{line.open} units of {line.sku} can still be cancelled, not {quantity}"
            )
        cancelled = msgspec.structs.replace(line, cancelled=line.cancelled + quantity)
        document = document.with_line(cancelled)
        self._books.documents[document.reference] = document
        self._books.world.record(
            "erp_order_cancelled",
            self._books.key,
            order_id=document.reference,
            sku=line.sku,
            quantity=quantity,
            line_id=line.line_reference,
        )
        if all(other.cancelled == other.quantity for other in document.lines):
            self._books.change_state(document, "cancelled")

    def _refund(self, row: dict[str, str], decimal: str) -> None:
        document, line = self._find(row)
        quantity = whole(row, "quantity") if row["quantity"] != "0" else 0  # 0: money only
        if quantity > line.shipped - line.refunded:
            raise WrongRowError(
                "not_shipped", f"{line.shipped - line.refunded} shipped units of {line.sku} are left"
            )
        refunded = msgspec.structs.replace(line, refunded=line.refunded + quantity)
        self._books.documents[document.reference] = document.with_line(refunded)
        self._books.world.record(
            "erp_refund_created",
            self._books.key,
            order_id=document.reference,
            sku=line.sku,
            quantity=quantity,
            amount=amount(row, "amount", decimal),
            currency=row["currency"],
            line_id=line.line_reference,
        )
        self._invoicing.tell_credit(
            document, line, quantity, amount(row, "amount", decimal), row["refund_id"]
        )
        self._expect_back(document.reference, line.sku, quantity)

    def _expect_back(self, reference: str, sku: str, quantity: int) -> None:
        world, settings = self._books.world, self._books.settings
        if quantity:
            back_at = world.now() + timedelta(hours=settings.return_after_hours)
            world.set_timer(
                back_at, self._books.key, "return", reference=reference, sku=sku, quantity=quantity
            )
