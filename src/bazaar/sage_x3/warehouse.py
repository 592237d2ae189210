"""The site: allocates, delivers and invoices on its own clock, or tells what is short."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec

from bazaar.sage_x3.books import DELIVERY, RECEIPT, RETURN, Books
from bazaar.sage_x3.records import Delivery, DeliveryLine, Invoice, InvoiceLine, Line, Order, worth

_replace = msgspec.structs.replace


class Warehouse:
    def __init__(self, books: Books) -> None:
        self._books = books

    def plan(self, number: str) -> None:
        """Start half-way, deliver at the end of a time drawn between the two settings."""
        settings, world, key = self._books.settings, self._books.world, self._books.key
        rng = world.rng(f"{key}/preparation")
        wait = timedelta(minutes=rng.uniform(settings.prepare_min_minutes, settings.prepare_max_minutes))
        for part, action in ((wait / 2, "prepare"), (wait, "ship")):
            world.set_timer(world.now() + part, key, action, number=number)

    def prepare(self, number: str) -> None:
        """Allocate what is free to what is open."""
        order = self._books.orders[number]
        for line in order.goods:
            free = self._books.stock[line.article] - self._books.allocated(line.article)
            more = min(line.open - line.allocated, free)
            if more > 0:
                order = self._books.keep(order.with_line(_replace(line, allocated=line.allocated + more)))

    def ship(self, number: str) -> None:
        """Deliver what is open; when units lack, all of it waits."""
        order = self._books.orders[number]
        needed: Counter[str] = Counter()
        for line in order.goods:
            needed[line.article] += line.open
        lacking = {sku: units - self._books.stock[sku] for sku, units in needed.items()
                   if units > self._books.stock[sku]}  # fmt: skip
        if lacking:
            self._wait(order, lacking)
        elif +needed:
            self._send(order)

    def restock(self, number: str, ordered: dict[str, int]) -> None:
        """The supplier's goods arrive, and more of them when others took them meanwhile."""
        books = self._books
        receipt = books.number("PTH")
        for sku, units in ordered.items():
            books.incoming[sku] -= units
        needed: Counter[str] = Counter()
        for line in books.orders[number].goods:
            needed[line.article] += line.open
        for sku, units in needed.items():
            if units > books.stock[sku]:
                books.move(sku, units - books.stock[sku], RECEIPT, receipt, why="receipt")
        self.ship(number)

    def invoice(self, number: str) -> None:
        """One invoice per delivery; what has no stock goes with the order's first."""
        books = self._books
        delivery = books.deliveries[number]
        order = books.orders[delivery.order]
        by_number = {line.number: line for line in order.lines}
        # A line that was taken off the order since cannot have left: every delivered line is still there.
        lines = [InvoiceLine(article=one.article, quantity=one.quantity,
                             amount=worth(by_number[one.order_line].price, one.quantity))
                 for one in delivery.lines]  # fmt: skip
        if not any(
            invoice.order == order.number and not invoice.credit for invoice in books.invoices.values()
        ):
            lines += [InvoiceLine(article=line.article, quantity=line.quantity, amount=line.amount)
                      for line in order.lines if not line.stocked]  # fmt: skip
        own = books.number("SIH")
        books.invoices[own] = Invoice(
            number=own, type="FAC", order=order.number, delivery=number, reference="", customer=order.customer,
            currency=order.currency, lines=tuple(lines), created_at=books.own_now(),
        )  # fmt: skip
        if books.world.rng(f"{books.key}/credits").random() < books.settings.credit_rate:
            later = books.world.now() + timedelta(hours=books.settings.credit_after_hours)
            books.world.set_timer(later, books.key, "credit", number=own)
        books.deliveries[number] = _replace(delivery, invoiced=True)
        books.keep(order)

    def take_back(self, reference: str, sku: str, quantity: int) -> None:
        self._books.move(sku, quantity, RETURN, self._books.number("SRH"), why="return", order=reference)

    # --- leaving ----------------------------------------------------------------------------------------

    def _send(self, order: Order) -> None:
        books, world = self._books, self._books.world
        leaving = self._part(order)
        rng = world.rng(f"{books.key}/carriers")
        carrier = rng.choice(books.settings.carriers)
        parcel = f"{carrier[:2]}{rng.randint(0, 10**11 - 1):011d}FR"
        number = books.number("SDH")
        lines = tuple(
            DeliveryLine(number=place * 1000, order_line=line.number, article=line.article, quantity=units)
            for place, (line, units) in enumerate(leaving, start=1)
        )
        books.deliveries[number] = Delivery(number=number, order=order.number, carrier=carrier, parcel=parcel,
                                            lines=lines, created_at=books.own_now())  # fmt: skip
        for one in lines:
            books.move(one.article, -one.quantity, DELIVERY, number, why="shipment", line=one.number,
                       order=order.reference)  # fmt: skip
        for line, units in leaving:
            order = order.with_line(
                _replace(line, delivered=line.delivered + units, allocated=max(line.allocated - units, 0))
            )
            world.record("erp_shipped", books.key, order_id=order.reference, sku=line.article, quantity=units,
                         channel=order.channel, external_id=order.external_id, tracking_number=parcel)  # fmt: skip
        books.keep(order)
        world.set_timer(world.now() + timedelta(hours=books.settings.invoice_after_hours), books.key, "invoice",
                        number=number)  # fmt: skip
        if any(line.open for line in order.goods):
            world.set_timer(world.now() + timedelta(hours=1), books.key, "ship", number=order.number)

    def _part(self, order: Order) -> list[tuple[Line, int]]:
        """All of it, or now and then without its first article, or half of the units of its only one."""
        whole = [(line, line.open) for line in order.goods if line.open]
        rng = self._books.world.rng(f"{self._books.key}/parcels")
        if rng.random() >= self._books.settings.split_rate:
            return whole
        if len(whole) > 1:
            return whole[1:]
        line, units = whole[0]
        return [(line, units // 2)] if units > 1 else whole

    def _wait(self, order: Order, lacking: dict[str, int]) -> None:
        """These units were oversold: told once per order."""
        books, settings = self._books, self._books.settings
        world, key = books.world, books.key
        if not order.short:
            for sku, units in lacking.items():
                world.record("erp_short", key, order_id=order.reference, sku=sku, quantity=units,
                             channel=order.channel, external_id=order.external_id)  # fmt: skip
            books.keep(_replace(order, short=True))
        again = world.now() + timedelta(hours=settings.restock_after_hours)
        if not settings.restock_on_short:
            world.set_timer(again, key, "ship", number=order.number)
            return
        for sku, units in lacking.items():
            books.incoming[sku] = books.incoming.get(sku, 0) + units
        world.set_timer(again, key, "restock", number=order.number, ordered=lacking)
