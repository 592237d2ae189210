"""The tables behind the representations: rows by class, with values as Python's own for filtering and ordering."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bazaar.sage_x3.books import SERVICES, Books
from bazaar.sage_x3.records import Order
from bazaar.sage_x3.results import allocation_state, delivery_state, line_state, order_state

Row = dict[str, Any]


class Tables:
    def __init__(self, books: Books) -> None:
        self._books = books
        self._classes = {
            "ITMMASTER": self._items,
            "ITMSALES": self._sales,
            "ITMBPS": self._suppliers,
            "ITMMVT": self._movements,
            "STOCK": self._stock,
            "STOJOU": self._journal,
            "SORDER": self._orders,
            "SORDERQ": self._order_lines,
            "SDELIVERY": self._deliveries,
            "SDELIVERYD": self._delivery_lines,
            "SINVOICE": self._invoices,
            "SINVOICED": self._invoice_lines,
            "PORDER": self._purchases,
            "PORDERQ": self._purchase_lines,
            "BPCUSTOMER": self._customers,
        }

    def rows(self, name: str) -> list[Row] | None:
        """None when nothing is published under that name."""
        found = self._classes.get(name)
        return None if found is None else list(found())

    # --- articles ---------------------------------------------------------------------------------------

    def _items(self) -> Iterator[Row]:
        books = self._books
        for sku, at in books.seen_at.items():
            product = books.world.products[sku]
            yield {"ITMREF": sku, "ITMDES1": product.title[:60], "EANCOD": product.ean, "ITMSTA": 1,
                   "TCLCOD": product.family.upper()[:5], "VACITM": [books.level(product)], "STU": "UN",
                   "ITMWEI": Decimal(product.weight_g) / 1000, "WEU": "KG", "UPDDAT": _day(at)}  # fmt: skip
        for reference, words in SERVICES.items():
            yield {"ITMREF": reference, "ITMDES1": words, "EANCOD": "", "ITMSTA": 1, "TCLCOD": "SERV",
                   "VACITM": ["NOR"], "STU": "UN", "ITMWEI": Decimal(0), "WEU": "",
                   "UPDDAT": date(2020, 1, 1)}  # fmt: skip

    def _sales(self) -> Iterator[Row]:
        """Base prices without tax, with the decimals that give the price with tax back."""
        for sku in self._books.seen_at:
            product = self._books.world.products[sku]
            price = (product.list_price / (1 + product.vat_rate / 100)).quantize(Decimal("0.00001"))
            yield {"ITMREF": sku, "BASPRI": price}

    def _suppliers(self) -> Iterator[Row]:
        for sku in self._books.seen_at:
            supplier = self._books.world.products[sku].supplier.upper()[:15]
            yield {"ITMREF": sku, "BPSNUM": supplier, "PIO": 1}

    def _movements(self) -> Iterator[Row]:
        books = self._books
        for sku, units in books.stock.items():
            yield {"ITMREF": sku, "STOFCY": books.settings.stock_site, "PHYSTO": units, "AVC": books.cost(sku),
                   "ORDSTO": books.incoming.get(sku, 0), "UPDDAT": _day(books.moved_at[sku])}  # fmt: skip

    def _stock(self) -> Iterator[Row]:
        """A row per article; X3 deletes the row of what is used up."""
        books = self._books
        allocated: dict[str, int] = {}
        for order in books.orders.values():
            for line in order.lines:
                allocated[line.article] = allocated.get(line.article, 0) + line.allocated
        for place, (sku, units) in enumerate(books.stock.items(), start=1):
            if units:
                yield {"STOFCY": books.settings.stock_site, "STOCOU": place, "ITMREF": sku, "LOT": "", "STA": "A",
                       "QTYSTU": units, "CUMALLQTY": allocated.get(sku, 0)}  # fmt: skip

    def _journal(self) -> Iterator[Row]:
        for one in self._books.movements.values():
            yield {"STOFCY": self._books.settings.stock_site, "ITMREF": one.article, "IPTDAT": _day(one.at),
                   "MVTSEQ": one.number, "VCRTYP": one.voucher_type, "VCRNUM": one.voucher, "VCRLIN": one.line,
                   "QTYSTU": one.quantity, "CREDATTIM": one.at.astimezone(UTC)}  # fmt: skip

    # --- documents --------------------------------------------------------------------------------------

    def _orders(self) -> Iterator[Row]:
        for order in self._books.orders.values():
            yield {"SOHNUM": order.number, "SOHTYP": order.type, "CUSORDREF": order.reference,
                   "BPCORD": order.customer, "ORDDAT": date.fromisoformat(order.date),
                   "ORDSTA": order_state(order), "DLVSTA": delivery_state(order),
                   "ALLSTA": allocation_state(order), "INVSTA": self._invoice_state(order), "ORDINVATI": order.total,
                   "UPDDAT": _day(order.updated_at), "UPDDATTIM": order.updated_at.astimezone(UTC)}  # fmt: skip

    def _invoice_state(self, order: Order) -> int:
        """INVSTA: 1 not, 2 partly, 3 invoiced."""
        own = [delivery for delivery in self._books.deliveries.values() if delivery.order == order.number]
        if not any(delivery.invoiced for delivery in own):
            return 1
        return 3 if all(delivery.invoiced for delivery in own) and order_state(order) == 2 else 2

    def _order_lines(self) -> Iterator[Row]:
        for order in self._books.orders.values():
            for line in order.lines:
                yield {"SOHNUM": order.number, "SOPLIN": line.number, "SOQSEQ": line.number, "ITMREF": line.article,
                       "STOFCY": self._books.settings.stock_site, "QTYSTU": line.quantity, "ORIQTY": line.ordered,
                       "ALLQTYSTU": line.allocated, "DLVQTYSTU": line.delivered,
                       "SOQSTA": line_state(line.closed, line.delivered, line.quantity)}  # fmt: skip

    def _deliveries(self) -> Iterator[Row]:
        for one in self._books.deliveries.values():
            yield {"SDHNUM": one.number, "SOHNUM": one.order, "DLVDAT": _day(one.created_at), "CFMFLG": 2,
                   "INVFLG": 2 if one.invoiced else 1, "BPTNUM": one.carrier, "BOLNUM": one.parcel,
                   "UPDDAT": _day(one.created_at)}  # fmt: skip

    def _delivery_lines(self) -> Iterator[Row]:
        for one in self._books.deliveries.values():
            for line in one.lines:
                yield {"SDHNUM": one.number, "SDDLIN": line.number, "SOHNUM": one.order, "SOPLIN": line.order_line,
                       "ITMREF": line.article, "QTYSTU": line.quantity}  # fmt: skip

    def _invoices(self) -> Iterator[Row]:
        """`YREFCDE`: the reference that whoever wrote it gave; X3's own documents know their order by their lines."""
        orders = self._books.orders
        for one in self._books.invoices.values():
            net = sum((self._net(line.article, line.amount) for line in one.lines), Decimal(0))
            yield {"NUM": one.number, "SIVTYP": one.type, "INVTYP": 2 if one.credit else 1, "INVREF": one.reference,
                   "BPR": one.customer, "INVDAT": _day(one.created_at), "CUR": one.currency, "AMTATI": one.total,
                   "AMTNOT": net, "YREFCDE": "" if one.order in orders else one.order,
                   "UPDDAT": _day(one.created_at)}  # fmt: skip

    def _net(self, article: str, amount: Decimal) -> Decimal:
        product = self._books.world.products.get(article)
        rate = product.vat_rate if product is not None else Decimal(20)
        return (amount / (1 + rate / 100)).quantize(Decimal("0.01"))

    def _invoice_lines(self) -> Iterator[Row]:
        orders = self._books.orders
        for one in self._books.invoices.values():
            for place, line in enumerate(one.lines, start=1):
                yield {"NUM": one.number, "SIDLIN": place * 1000, "SOHNUM": one.order if one.order in orders else "",
                       "SDHNUM": one.delivery, "ITMREF": line.article, "QTY": line.quantity,
                       "AMTATILIN": line.amount}  # fmt: skip

    def _purchases(self) -> Iterator[Row]:
        for one in self._books.purchases.values():
            done = all(line.received >= line.quantity for line in one.lines)
            yield {"POHNUM": one.number, "ORDREF": one.reference, "BPSNUM": one.supplier, "CLEFLG": 2 if done else 1,
                   "UPDDAT": _day(one.updated_at), "UPDDATTIM": one.updated_at.astimezone(UTC)}  # fmt: skip

    def _purchase_lines(self) -> Iterator[Row]:
        for one in self._books.purchases.values():
            for line in one.lines:
                yield {"POHNUM": one.number, "POPLIN": line.number, "ITMREF": line.article, "QTYSTU": line.quantity,
                       "RCPQTYSTU": line.received}  # fmt: skip

    def _customers(self) -> Iterator[Row]:
        for one in self._books.customers.values():
            yield {"BPCNUM": one.number, "BPCNAM": one.name, "BPCSTA": 2 if one.active else 1}


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
