"""Sales orders as GESSOH keeps them: what is entered, changed, taken off and closed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import msgspec

from bazaar.sage_x3.books import Books
from bazaar.sage_x3.published import Cells, Fields
from bazaar.sage_x3.records import Line, Order
from bazaar.sage_x3.refusal import INFORMATION, WARNING, Messages, Refusal

_STEP = 1000
_PLACES = 5  # decimals of a price


class Orders:
    def __init__(self, books: Books) -> None:
        self._books = books

    def create(self, given: Fields) -> tuple[Order, Messages]:
        """Raises Refusal. CUSORDREF is no key: the same reference may be entered twice."""
        header = given.groups.get("SOH0_1", {})
        books, settings = self._books, self._books.settings
        _must(header.get("SALFCY", "") == settings.sales_site, f"Site de vente : {header.get('SALFCY', '')}",
              "Fiche inexistante")  # fmt: skip
        customer = books.customers.get(header.get("BPCORD", ""))
        _must(
            customer is not None and customer.active,
            f"Client : {header.get('BPCORD', '')}",
            "Fiche inexistante",
        )
        _must(header.get("CUR", "EUR") == "EUR", f"Devise : {header.get('CUR', '')}", "Fiche inexistante")
        site = given.groups.get("SOH2_1", {}).get("STOFCY", settings.stock_site)
        _must(site == settings.stock_site, f"Site d'expédition : {site}", "Fiche inexistante")
        _must(
            given.groups.get("SOH1_4", {}).get("PRITYP", "2") == "2",
            "Type de prix : TTC obligatoire pour ce type",
        )
        lines = given.tables.get("SOH4_1", [])
        _must(bool(lines), "Commande sans ligne")
        entered = tuple(self._line(cells, place * _STEP) for place, (_, cells) in enumerate(lines, start=1))
        number = self._number(header)
        now = books.own_now()
        order = Order(
            number=number, type=header["SOHTYP"], customer=header["BPCORD"],
            date=header.get("ORDDAT", f"{now:%Y%m%d}"), currency="EUR", reference=header.get("CUSORDREF", ""),
            channel=header.get("YCANAL", ""), external_id=header.get("YREFEXT", ""),
            delivery_address=given.groups.get("ADB2_1", {}), lines=entered, created_at=now, updated_at=now,
        )  # fmt: skip
        return books.keep(order), self._said(order)

    def _said(self, order: Order) -> Messages:
        messages: Messages = [(INFORMATION, f"{order.number} Création effectuée")]
        for line in order.goods:
            free = self._books.stock[line.article] - self._books.allocated(line.article)
            if line.quantity > free:
                messages.append((WARNING, f"Article {line.article} : stock insuffisant ({free} disponibles)"))
        return messages

    def _number(self, header: Cells) -> str:
        """By the counter of its type, or by hand for a type without one: there a number is taken once only."""
        books, settings = self._books, self._books.settings
        kind, own = header.get("SOHTYP", ""), header.get("SOHNUM", "")
        if kind == settings.order_type:
            _must(not own, f"Numéro de commande : {own}", "Saisie interdite, compteur automatique")
            return books.number("SON")
        _must(kind == settings.manual_type, f"Type de commande : {kind}", "Fiche inexistante")
        _must(bool(own), "Numéro de commande : zone obligatoire")
        _must(own not in books.orders, f"Commande {own}", "Cet enregistrement existe déjà")
        return own

    def _line(self, cells: Cells, number: int) -> Line:
        reference = cells.get("ITMREF", "")
        article = self._books.article(reference)
        if article is None:
            raise Refusal(f"Article : {reference}", "Fiche inexistante", f"Ligne {number // _STEP}")
        _must(
            cells.get("NUMLIG", "0") == "0", f"Ligne {cells.get('NUMLIG')} : numéro attribué par le système"
        )
        site = cells.get("DSTOFCY", self._books.settings.stock_site)
        _must(site == self._books.settings.stock_site, f"Site d'expédition : {site}", "Fiche inexistante")
        quantity = _whole(cells.get("QTY", ""))
        price = _price(cells.get("GROPRI", ""))
        title, stocked = article
        _must(price >= 0 or not stocked, f"Article {reference} : prix négatif interdit")
        return Line(number=number, article=reference, title=cells.get("ITMDES", title)[:30], quantity=quantity,
                    ordered=quantity, price=price, stocked=stocked)  # fmt: skip

    # --- afterwards -------------------------------------------------------------------------------------

    def modify(self, order: Order, given: Fields) -> Order:
        """Quantities of lines by their rank, lines added (`NUMLIG` 0), or `ORDSTA` 2: the rest is closed."""
        _must(not order.closed, f"Commande {order.number} soldée : modification interdite")
        for rank, cells in given.tables.get("SOH4_1", []):
            if "ITMREF" in cells:
                last = max(line.number for line in order.lines)
                order = msgspec.structs.replace(order, lines=(*order.lines, self._line(cells, last + _STEP)))
            else:
                order = self._resized(order, rank, _whole(cells.get("QTY", "")))
        state = given.groups.get("SOH1_5", {}).get("ORDSTA", "1")
        if state == "2":
            order = self._closed(order)
        else:
            _must(state == "1", f"Etat commande : {state}", "Valeur interdite")
        return self._books.keep(order)

    def _resized(self, order: Order, rank: int, quantity: int) -> Order:
        _must(0 < rank <= len(order.lines), f"Ligne {rank} inexistante")
        line = order.lines[rank - 1]
        _must(not line.closed, f"Ligne {rank} soldée : modification interdite")
        _must(quantity >= line.delivered, f"Ligne {rank} : quantité inférieure à la quantité livrée")
        changed = msgspec.structs.replace(
            line, quantity=quantity, allocated=min(line.allocated, quantity - line.delivered)
        )
        return self._taken_off(order, line, line.quantity - quantity).with_line(changed)

    def drop(self, order: Order, table: str, numbers: list[str]) -> Order:
        """`deleteLines`: lines by their number, as long as nothing of them has left."""
        _must(table == "SOH4_1", f"Bloc {table} inexistant")
        _must(not order.closed, f"Commande {order.number} soldée : modification interdite")
        for number in numbers:
            line = next((line for line in order.lines if str(line.number) == number), None)
            if line is None:
                raise Refusal(f"Ligne {number} inexistante")
            _must(not line.delivered, f"Ligne {number} livrée : suppression interdite")
            _must(len(order.lines) > 1, "Commande sans ligne")
            order = self._taken_off(order, line, line.quantity)
            order = msgspec.structs.replace(order, lines=tuple(one for one in order.lines if one is not line))
        return self._books.keep(order)

    def _closed(self, order: Order) -> Order:
        """What is open is closed; its amounts stay on the order, as X3 leaves them."""
        for line in order.goods:
            if line.open:
                self._told(order, line, line.open)
        lines = tuple(msgspec.structs.replace(line, closed=True, allocated=0) for line in order.lines)
        return msgspec.structs.replace(order, lines=lines, closed=True)

    def _taken_off(self, order: Order, line: Line, units: int) -> Order:
        if units <= 0:
            return order
        if line.stocked:
            self._told(order, line, units)
        gone = line.amount - msgspec.structs.replace(line, quantity=line.quantity - units).amount
        return msgspec.structs.replace(order, taken_off=order.taken_off + gone)

    def _told(self, order: Order, line: Line, units: int) -> None:
        self._books.world.record(
            "erp_order_cancelled", self._books.key, order_id=order.reference, sku=line.article, quantity=units
        )


def _must(holds: bool, *words: str) -> None:
    if not holds:
        raise Refusal(*words)


def _whole(text: str) -> int:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise Refusal(f"Quantité : {text}", "Valeur interdite") from error
    _must(value == int(value) and value > 0, f"Quantité : {text}", "Valeur interdite")
    return int(value)


def _price(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise Refusal(f"Prix brut : {text}", "Valeur interdite") from error
    exponent = value.as_tuple().exponent
    _must(isinstance(exponent, int) and exponent >= -_PLACES, f"Prix brut : {text}", "Trop de décimales")
    return value
