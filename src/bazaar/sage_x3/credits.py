"""Credit notes as GESSIH enters them: an invoice of the other direction, and goods that come back later."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bazaar.sage_x3.books import Books
from bazaar.sage_x3.published import Fields
from bazaar.sage_x3.records import Invoice, InvoiceLine, worth
from bazaar.sage_x3.refusal import INFORMATION, Messages, Refusal


class Credits:
    def __init__(self, books: Books) -> None:
        self._books = books

    def create(self, given: Fields) -> tuple[Invoice, Messages]:
        """Raises Refusal. INVREF is no key: the same reference may be entered twice."""
        books, settings = self._books, self._books.settings
        header = given.groups.get("SIH0_1", {})
        for field, expected in (
            ("SALFCY", settings.sales_site),
            ("SIVTYP", settings.credit_type),
            ("CUR", "EUR"),
        ):
            if header.get(field, "") != expected:
                raise Refusal(f"{field} : {header.get(field, '')}", "Fiche inexistante")
        if header.get("BPCINV", "") not in books.customers:
            raise Refusal(f"Client facturé : {header.get('BPCINV', '')}", "Fiche inexistante")
        lines = given.tables.get("SIH4_1", [])
        if not lines:
            raise Refusal("Facture sans ligne")
        entered = []
        for _, cells in lines:
            if books.article(cells.get("ITMREF", "")) is None:
                raise Refusal(f"Article : {cells.get('ITMREF', '')}", "Fiche inexistante")
            units = int(Decimal(cells["QTY"]))
            amount = worth(Decimal(cells["GROPRI"]), units)
            entered.append(InvoiceLine(article=cells["ITMREF"], quantity=units, amount=amount))
        number = books.number("AVC")
        credit = Invoice(
            number=number, type=settings.credit_type, order=header.get("YREFCDE", ""), delivery="",
            reference=header.get("INVREF", ""), customer=header["BPCINV"], currency="EUR",
            lines=tuple(entered), created_at=books.own_now(), credit=True,
        )  # fmt: skip
        books.invoices[number] = credit
        self._tell(credit, lines)
        return credit, [(INFORMATION, f"{number} Création effectuée")]

    def by_itself(self, number: str) -> None:
        """One article of an invoice, whole: goods that came back. An order that was credited is left alone."""
        books = self._books
        invoice = books.invoices[number]
        order = books.orders[invoice.order]
        credited = {one.order for one in books.invoices.values() if one.credit}
        goods = [line for line in invoice.lines if line.article in books.stock]
        if not goods or credited & {order.number, order.reference}:
            return
        own, line = books.number("AVC"), goods[0]
        books.invoices[own] = Invoice(
            number=own, type=books.settings.credit_type, order=order.number, delivery=invoice.delivery, reference="",
            customer=order.customer, currency="EUR", lines=(line,), created_at=books.own_now(), credit=True,
        )  # fmt: skip
        books.world.record("erp_refund_created", books.key, order_id=order.reference, sku=line.article,
                           quantity=line.quantity, amount=line.amount, currency="EUR", own=True)  # fmt: skip
        back = books.world.now() + timedelta(hours=books.settings.return_after_hours)
        books.world.set_timer(back, books.key, "return", reference=order.reference, sku=line.article,
                              quantity=line.quantity)  # fmt: skip

    def _tell(self, credit: Invoice, lines: list[tuple[int, dict[str, str]]]) -> None:
        """What is given back at its whole price comes back to the site; less than that is money alone."""
        books = self._books
        back = books.world.now() + timedelta(hours=books.settings.return_after_hours)
        for _, cells in lines:
            sku, units = cells["ITMREF"], int(Decimal(cells["QTY"]))
            amount = worth(Decimal(cells["GROPRI"]), units)
            returned = amount >= self._sold_for(credit.order, sku, units) and sku in books.stock
            books.world.record("erp_refund_created", books.key, order_id=credit.order, sku=sku,
                               quantity=units if returned else 0, amount=amount)  # fmt: skip
            if returned:
                books.world.set_timer(
                    back, books.key, "return", reference=credit.order, sku=sku, quantity=units
                )

    def _sold_for(self, reference: str, sku: str, units: int) -> Decimal:
        for order in self._books.of_reference(reference):
            for line in order.lines:
                if line.article == sku:
                    return worth(line.price, units)
        return Decimal("Infinity")
