"""`documents` from the ERP: preparations, notes, invoices and credit notes, one row per line of a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from comptoir.connectors.files.cells import Row
from comptoir.sdk.documents import DocumentKind, ErpDocument, ErpDocumentLine
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Rejected

REQUIRED: Final = ("reference", "kind", "number", "document_date", "total_amount")
KEY: Final = "number"
LARGEST_PAPER: Final = 8 * 1024 * 1024
_PAPER_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.pdf", re.IGNORECASE)
_KINDS: Final = {kind.value: kind for kind in DocumentKind}


def parse_document_row(row: Row) -> ErpDocument:
    """A document of one line; `whole_documents` puts those of one number together."""
    kind = _KINDS.get(row.needed("kind").lower())
    if kind is None:
        raise RejectedRecord(f"{row.text('kind')!r} is no kind of this contract.", code="unknown_kind")
    total = row.amount("total_amount")
    if total is None:
        raise RejectedRecord("total_amount is missing.", code="missing")
    name = row.text("file")
    if name and not _PAPER_NAME.fullmatch(name):
        raise RejectedRecord(f"{name!r} is no name of a PDF.", code="bad_file")
    return ErpDocument(
        order_reference=row.needed("reference"), kind=kind, number=row.needed("number"),
        document_date=_day(row), total_amount=total, currency=row.currency("currency") or "EUR",
        origin=row.text("origin"), refund_id=row.text("refund_id"), tax_amount=row.amount("tax_amount"),
        lines=_line(row), file_name=name, line=row.line,
    )  # fmt: skip


def _day(row: Row) -> date:
    text = row.needed("document_date")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return row.needed_instant("document_date").date()


def _line(row: Row) -> tuple[ErpDocumentLine, ...]:
    amount = row.amount("amount")
    if amount is None:
        return ()
    units = row.quantity("quantity", default=0)
    if units < 0:
        raise RejectedRecord(f"quantity is below zero: {units}.", code="bad_quantity")
    return (
        ErpDocumentLine(
            sku=row.text("sku"), quantity=units, amount=amount, line_id=row.text("line_reference")
        ),
    )


def whole_documents(
    rows: Iterable[ErpDocument], paper: Callable[[str], bytes | None]
) -> tuple[list[ErpDocument], list[Rejected]]:
    """Rows of one document follow each other. `paper` reads a PDF by its name; None when it is not there."""
    documents, rejected = [], []
    for _, group in groupby(rows, key=lambda one: (one.order_reference, one.kind, one.number)):
        found = list(group)
        first = found[0]
        if problem := next(_problems(found), ""):
            rejected.append(_refusal(first, problem, "document"))
            continue
        content = paper(first.file_name) if first.file_name else b""
        if content is None or len(content) > LARGEST_PAPER or (content and not content.startswith(b"%PDF-")):
            words = f"The paper {first.file_name} of {first.number} is not there, is no PDF or is too large."
            rejected.append(_refusal(first, words, "paper"))
            content = b""
        documents.append(
            ErpDocument(
                order_reference=first.order_reference, kind=first.kind, number=first.number,
                document_date=first.document_date, total_amount=first.total_amount, currency=first.currency,
                origin=first.origin, refund_id=first.refund_id, tax_amount=first.tax_amount,
                lines=tuple(line for one in found for line in one.lines),
                file_name=first.file_name if content else "", content=content, line=first.line,
            )
        )  # fmt: skip
    return documents, rejected


def _problems(rows: list[ErpDocument]) -> Iterator[str]:
    first = rows[0]
    heads = {
        (one.document_date, one.total_amount, one.currency, one.origin, one.refund_id, one.file_name)
        for one in rows
    }
    if len(heads) > 1:
        yield f"The rows of {first.number} do not say the same of it."
    total = sum((line.amount for one in rows for line in one.lines), Decimal(0))
    if any(one.lines for one in rows) and total != first.total_amount:
        yield f"The lines of {first.number} make {total}, its total is {first.total_amount}."


def _refusal(document: ErpDocument, words: str, code: str) -> Rejected:
    return Rejected(external_id=document.number, message=words, code=code, line=document.line)
