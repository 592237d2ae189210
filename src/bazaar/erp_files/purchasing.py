"""Orders to suppliers from the hub: each reference once, received in two parts on this ERP's own clock."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

import msgspec

from bazaar.erp_files.books import Books, stamp
from bazaar.erp_files.inbox import Reading, Rows
from bazaar.erp_files.intake import WrongRowError, whole
from bazaar.erp_files.records import Purchase, Rejection

COLUMNS = (
    "reference", "supplier", "supplier_code", "warehouse", "ordered_on", "expected_on", "currency", "comment",
    "line_number", "lines", "sku", "supplier_sku", "title", "quantity", "unit_price",
)  # fmt: skip


class Purchasing:
    def __init__(self, books: Books) -> None:
        self._books = books

    def reading(self) -> Reading:
        return Reading(COLUMNS, self._read)

    def receive(self, reference: str, *, last: bool) -> None:
        """Half of what is to come, or all of it."""
        purchase = self._books.purchases[reference]
        received = dict(purchase.received)
        for sku, ordered in purchase.ordered.items():
            left = ordered - received.get(sku, 0)
            units = left if last else left // 2
            if units:
                received[sku] = received.get(sku, 0) + units
                self._books.incoming[sku] = max(self._books.incoming.get(sku, 0) - units, 0)
                self._books.move_stock(sku, units, "receipt", reference)
        changed = msgspec.structs.replace(purchase, received=received)
        self._books.purchases[reference] = changed
        self._tell(changed)

    def _read(self, rows: Rows, decimal: str) -> list[Rejection]:
        rejected: list[Rejection] = []
        numbered = list(enumerate(rows, start=2))
        for reference, group in groupby(numbered, key=lambda one: one[1]["reference"] or ""):
            found = list(group)
            if reference in self._books.purchases:
                continue
            try:
                self._take(reference, [row for _, row in found])
            except WrongRowError as wrong:
                rejected += [
                    Rejection(line=line, key=reference, code=wrong.code, message=wrong.message)
                    for line, _ in found
                ]
        return rejected

    def _take(self, reference: str, rows: Rows) -> None:
        ordered = {row["sku"]: whole(row, "quantity") for row in rows}
        if not 0 < len(reference) <= 17 or len(ordered) != whole(rows[0], "lines"):
            raise WrongRowError("incomplete_order", f"{len(ordered)} lines of {rows[0]['lines']}")
        if unknown := sorted(set(ordered) - set(self._books.stock)):
            raise WrongRowError("unknown_sku", f"no product {', '.join(unknown)}")
        if not rows[0]["supplier"] and not rows[0]["supplier_code"]:
            raise WrongRowError("unknown_supplier", "an order to nobody")
        number = f"CF{self._books.count('purchase'):07d}"
        purchase = Purchase(reference=reference, number=number, ordered=ordered, received={})
        self._books.purchases[reference] = purchase
        for sku, units in ordered.items():
            self._books.incoming[sku] = self._books.incoming.get(sku, 0) + units
        self._tell(purchase)
        world, hours = self._books.world, self._books.settings.supplier_hours
        for last, after in ((False, hours), (True, hours * 2)):
            world.set_timer(
                world.now() + timedelta(hours=after),
                self._books.key,
                "receive",
                reference=reference,
                last=last,
            )

    def _tell(self, purchase: Purchase) -> None:
        whole_of_it = all(purchase.received.get(sku, 0) >= units for sku, units in purchase.ordered.items())
        some = any(purchase.received.values())
        for sku in purchase.ordered:
            cells = {
                "reference": purchase.reference, "document": purchase.number, "sku": sku,
                "status": "received" if whole_of_it else "partially_received" if some else "ordered",
                "received": str(purchase.received.get(sku, 0)), "message": "",
                "changed_at": stamp(self._books.own_now()),
            }  # fmt: skip
            self._books.tell("purchase_status", cells)
