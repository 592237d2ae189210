"""What an ERP makes of our orders: preparation, delivery, invoice, credit note, return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable

from comptoir.sdk.records import Batch, Record


class DocumentKind(StrEnum):
    ORDER = "order"
    PREPARATION = "preparation"
    DELIVERY = "delivery"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RETURN = "return"


class ErpDocumentLine(Record, frozen=True, kw_only=True):
    sku: str
    """"" for what is no article of the catalogue: shipping, a discount, a cent of rounding."""
    quantity: int
    """Units, never below zero: those of a credit note are the units that it takes back (0: money only)."""
    amount: Decimal
    """Tax included. A credit note's is what it gives back, above zero."""
    line_id: str = ""
    """The channel's own id of the order's line, where the ERP keeps it."""


class ErpDocument(Record, frozen=True, kw_only=True):
    """One document of one of our orders, as it stands in the ERP. Told again, it takes its own place.

    A document that groups several orders is told once per order, with the lines of that order.
    """

    order_reference: str
    kind: DocumentKind
    number: str
    """Its number there. `(order_reference, kind, number)` names it for ever."""
    document_date: date
    total_amount: Decimal
    """Tax included, of this order's lines; a credit note's is what it gives back, above zero."""
    currency: str = "EUR"
    origin: str = ""
    """The number of the document that it was made from: an invoice's delivery note."""
    refund_id: str = ""
    """Of a credit note that we asked for: our own `ErpRefund.refund_id`. "" when the ERP made it by itself."""
    tax_amount: Decimal | None = None
    lines: tuple[ErpDocumentLine, ...] = ()
    file_name: str = ""
    content: bytes = b""
    """The document as a PDF, where the ERP gives it."""
    line: int | None = None
    """Its line number, where the source is a file."""


class DocumentBatch(Batch, frozen=True, kw_only=True):
    documents: tuple[ErpDocument, ...]


@runtime_checkable
class DocumentSource(Protocol):
    """An ERP that tells the documents which our orders become."""

    def document_batches(self, cursor: str) -> Iterator[DocumentBatch]:
        """What changed since `cursor` ("" the first time). The same document may come again."""
        ...
