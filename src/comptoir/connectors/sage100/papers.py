"""An order's chain: the documents that its lines are and were, and the credit notes that came of them.

Sage keeps no order: BC → PL → BL → FA are the same lines under another type and piece, and the numbers before
survive in `DL_PieceBC`, `DL_PiecePL` and `DL_PieceBL`, with their days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from comptoir.connectors.sage100.database import Row
from comptoir.connectors.sage100.documents import CENT, is_sold, reference_of
from comptoir.sdk.documents import DocumentKind, ErpDocument, ErpDocumentLine

CREDITS: Final = (1, 2)
"""DO_Provenance of a document of 6 or 7 that gives back: a return, a credit note."""
_KINDS: Final = {
    1: DocumentKind.ORDER, 2: DocumentKind.PREPARATION, 3: DocumentKind.DELIVERY, 4: DocumentKind.RETURN,
    5: DocumentKind.CREDIT_NOTE, 6: DocumentKind.INVOICE, 7: DocumentKind.INVOICE,
}  # fmt: skip
_BEFORE: Final = (
    (DocumentKind.ORDER, "dl_piecebc", "dl_datebc"),
    (DocumentKind.PREPARATION, "dl_piecepl", "dl_datepl"),
    (DocumentKind.DELIVERY, "dl_piecebl", "dl_datebl"),
)
Key = tuple[str, DocumentKind, str]


@dataclass
class _Paper:
    day: date
    origin: str
    asked_as: str = ""
    rows: list[Row] = field(default_factory=list)


def kind_of(row: Row) -> DocumentKind | None:
    """None of what is no document of an order: a till's ticket, an invoice of a down payment."""
    if row["do_type"] in (6, 7) and row["do_provenance"] in CREDITS:
        return DocumentKind.CREDIT_NOTE
    if row["do_type"] in (6, 7) and row["do_provenance"]:
        return None
    return _KINDS.get(row["do_type"])


def parse_papers(rows: Iterable[Row], prefix: str, orders: Mapping[str, str]) -> tuple[ErpDocument, ...]:
    """`rows`: every line of these orders, whatever it has become. `orders`: first piece → reference, for credit
    notes that bear no reference of ours."""
    papers: dict[Key, _Paper] = {}
    for row in rows:
        kind = kind_of(row)
        reference = reference_of(row, prefix)
        if not reference.startswith(prefix):
            reference = orders.get(row["dl_piecebc"] or "", "")
        if kind is None or not reference:
            continue
        earlier = _earlier(row) if kind not in (DocumentKind.CREDIT_NOTE, DocumentKind.RETURN) else []
        origin = ""
        for before, number, day in earlier:
            _add(papers, (reference, before, number), day, origin, row)
            origin = number
        origin = origin or row["dl_piecebl"] or row["dl_piecebc"] or ""
        own = _add(papers, (reference, kind, row["do_piece"]), row["do_date"].date(), origin, row)
        if kind is DocumentKind.CREDIT_NOTE:
            own.asked_as = asked_as(row, prefix)
    return tuple(_document(key, paper) for key, paper in papers.items() if _counts(key[1], paper))


def asked_as(row: Row, prefix: str) -> str:
    """The pont writes our refund's id into DO_NoWeb. One made in Sage has none, or its order's."""
    noted = str(row["do_noweb"] or "")
    return "" if noted.startswith(prefix) else noted


def _earlier(row: Row) -> list[tuple[DocumentKind, str, date]]:
    return [
        (kind, row[piece], (row[day] or row["do_date"]).date())
        for kind, piece, day in _BEFORE
        if row[piece] and row[piece] != row["do_piece"]
    ]


def _add(papers: dict[Key, _Paper], key: Key, day: date, origin: str, row: Row) -> _Paper:
    paper = papers.setdefault(key, _Paper(day, origin))
    paper.rows.append(row)
    return paper


def _counts(kind: DocumentKind, paper: _Paper) -> bool:
    """A credit note that gives back nothing is none yet."""
    return kind is not DocumentKind.CREDIT_NOTE or _total(paper, -1) > 0


def _total(paper: _Paper, sign: int) -> Decimal:
    amount = sum((Decimal(row["dl_montantttc"] or 0) for row in paper.rows), Decimal(0)) * sign
    return amount.quantize(CENT)


def _document(key: Key, paper: _Paper) -> ErpDocument:
    reference, kind, number = key
    sign = -1 if kind is DocumentKind.CREDIT_NOTE else 1
    net = sum((Decimal(row["dl_montantht"] or 0) for row in paper.rows), Decimal(0)) * sign
    total = _total(paper, sign)
    return ErpDocument(
        order_reference=reference, kind=kind, number=number, document_date=paper.day, total_amount=total,
        tax_amount=(total - net).quantize(CENT), origin=paper.origin if paper.origin != number else "",
        refund_id=paper.asked_as, lines=tuple(_line(row, sign) for row in paper.rows if not row.get("composed")),
    )  # fmt: skip


def _line(row: Row, sign: int) -> ErpDocumentLine:
    return ErpDocumentLine(
        sku=(row["ae_ref"] or row["ar_ref"] or "") if is_sold(row) else "",
        quantity=abs(int(row["dl_qte"])),
        amount=(Decimal(row["dl_montantttc"] or 0) * sign).quantize(CENT),
    )
