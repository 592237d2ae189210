"""Invoices some hours after the goods, each with its paper, and credit notes: asked for, or of this ERP's own."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from bazaar.erp_files.books import Books
from bazaar.erp_files.records import Document, DocumentLine


class Invoicing:
    def __init__(self, books: Books, papers: Path) -> None:
        self._books = books
        self._papers = papers

    def invoice(self, reference: str) -> None:
        """What left of the order, once; shipping and discounts as lines without an article."""
        document = self._books.documents[reference]
        shipped = [line for line in document.lines if line.shipped]
        if not shipped:
            return
        goods = [(line, self._worth(line)) for line in shipped]
        rows = [self._cells(line.line_reference, line.sku, line.shipped, amount) for line, amount in goods]
        whole = all(line.shipped == line.quantity for line in document.lines)
        fees = document.total - sum(line.line_amount for line in document.lines) if whole else Decimal(0)
        if fees:
            rows.append(self._cells("", "", 1, fees))
        total = sum((amount for _, amount in goods), fees)
        number = f"FA{self._books.count('invoice'):07d}"
        self._tell(document, "invoice", number, total, rows, origin=document.number, file=self._paper(number))
        self._plan_credit(document, shipped[0])

    def credit(self, reference: str, number: int) -> None:
        """A credit note that nobody asked for; of an order that was credited already, none."""
        document = self._books.documents[reference]
        line = document.line(number)
        if line is None or any(other.refunded for other in document.lines):
            return
        amount = self._worth(line)
        credited = msgspec.structs.replace(line, refunded=line.shipped)
        self._books.documents[reference] = document.with_line(credited)
        self.tell_credit(document, line, line.shipped, amount, "")
        world, key = self._books.world, self._books.key
        world.record(
            "erp_refund_created", key, order_id=reference, sku=line.sku, quantity=line.shipped, amount=amount,
            currency=document.currency, line_id=line.line_reference, own=True,
        )  # fmt: skip
        back_at = world.now() + timedelta(hours=self._books.settings.return_after_hours)
        world.set_timer(back_at, key, "return", reference=reference, sku=line.sku, quantity=line.shipped)

    def tell_credit(
        self, document: Document, line: DocumentLine, quantity: int, amount: Decimal, refund_id: str
    ) -> None:
        number = f"AV{self._books.count('credit note'):07d}"
        rows = [self._cells(line.line_reference, line.sku, quantity, amount)]
        self._tell(
            document, "credit_note", number, amount, rows, refund_id=refund_id, file=self._paper(number)
        )

    def _plan_credit(self, document: Document, line: DocumentLine) -> None:
        settings, world, key = self._books.settings, self._books.world, self._books.key
        if world.rng(f"{key}/credits").random() < settings.credit_rate and line.shipped == line.quantity:
            later = world.now() + timedelta(hours=settings.credit_after_hours)
            world.set_timer(later, key, "credit", reference=document.reference, line=line.line_number)

    def _worth(self, line: DocumentLine) -> Decimal:
        return (line.line_amount * line.shipped / line.quantity).quantize(Decimal("0.01"))

    def _cells(self, line_reference: str, sku: str, quantity: int, amount: Decimal) -> dict[str, str]:
        return {
            "line_reference": line_reference,
            "sku": sku,
            "quantity": str(quantity),
            "amount": self._number(amount),
        }

    def _tell(
        self, document: Document, kind: str, number: str, total: Decimal, rows: list[dict[str, str]], *, file: str,
        origin: str = "", refund_id: str = "",
    ) -> None:  # fmt: skip
        head = {
            "reference": document.reference, "kind": kind, "number": number, "origin": origin,
            "document_date": f"{self._books.own_now():%Y-%m-%d}", "currency": document.currency,
            "total_amount": self._number(total), "tax_amount": "", "refund_id": refund_id, "file": file,
        }  # fmt: skip
        for cells in rows:
            self._books.tell("documents", {**head, **cells})

    def _paper(self, number: str) -> str:
        """The smallest page that is a PDF, with the number on it."""
        self._papers.mkdir(parents=True, exist_ok=True)
        name = f"{number}.pdf"
        (self._papers / name).write_bytes(_pdf(number))
        return name

    def _number(self, value: Decimal) -> str:
        return f"{value:.2f}".replace(".", self._books.settings.decimal)


def _pdf(words: str) -> bytes:
    """One page, one line of text (ISO 32000-1, 7.5)."""
    content = f"BT /F1 24 Tf 72 720 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + head + table + tail
