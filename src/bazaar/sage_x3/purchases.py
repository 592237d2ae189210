"""Orders to suppliers: half of each comes a day later, the rest the day after."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec

from bazaar.sage_x3.books import RECEIPT, Books
from bazaar.sage_x3.published import Fields
from bazaar.sage_x3.records import Purchase, PurchaseLine
from bazaar.sage_x3.refusal import INFORMATION, Messages, Refusal

_A_DAY = timedelta(days=1)


class Purchases:
    def __init__(self, books: Books) -> None:
        self._books = books

    def create(self, given: Fields) -> tuple[Purchase, Messages]:
        """Raises Refusal. ORDREF is no key: the same reference may be entered twice."""
        books, header = self._books, given.groups.get("POH0_1", {})
        site, supplier = header.get("POHFCY", ""), header.get("BPSNUM", "")
        if site != books.settings.stock_site:
            raise Refusal(f"Site de commande : {site}", "Fiche inexistante")
        if supplier not in {product.supplier.upper()[:15] for product in books.world.products.values()}:
            raise Refusal(f"Fournisseur : {supplier}", "Fiche inexistante")
        lines = tuple(
            self._line(cells, place * 1000)
            for place, (_, cells) in enumerate(given.tables.get("POH3_1", []), 1)
        )
        if not lines:
            raise Refusal("Commande sans ligne")
        number = books.number("POH")
        purchase = Purchase(number=number, reference=header.get("ORDREF", ""), supplier=supplier, lines=lines,
                            updated_at=books.own_now())  # fmt: skip
        books.purchases[number] = purchase
        for line in lines:
            books.incoming[line.article] = books.incoming.get(line.article, 0) + line.quantity
            books.moved_at[line.article] = books.own_now()
        books.world.set_timer(books.world.now() + _A_DAY, books.key, "receive", number=number)
        return purchase, [(INFORMATION, f"{number} Création effectuée")]

    def _line(self, cells: dict[str, str], number: int) -> PurchaseLine:
        article = cells.get("ITMREF", "")
        if article not in self._books.stock:
            raise Refusal(f"Article : {article}", "Fiche inexistante")
        quantity = Decimal(cells.get("QTYPUU", "0") or "0")
        if quantity <= 0 or quantity != int(quantity):
            raise Refusal(f"Quantité : {quantity}", "Valeur interdite")
        return PurchaseLine(number=number, article=article, quantity=int(quantity))

    def receive(self, number: str) -> None:
        books = self._books
        purchase = books.purchases[number]
        first = not any(line.received for line in purchase.lines)
        receipt, lines = books.number("PTH"), []
        for line in purchase.lines:
            left = line.quantity - line.received
            units = left // 2 if first and left > 1 else left
            books.incoming[line.article] -= units
            books.move(line.article, units, RECEIPT, receipt, why="receipt", line=line.number)
            lines.append(msgspec.structs.replace(line, received=line.received + units))
        books.purchases[number] = msgspec.structs.replace(
            purchase, lines=tuple(lines), updated_at=books.own_now()
        )
        if any(line.received < line.quantity for line in lines):
            books.world.set_timer(books.world.now() + _A_DAY, books.key, "receive", number=number)
