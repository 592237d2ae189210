"""The ERP's books: every shelf in one place, its own clock, and the physical stock."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from bazaar.erp_files.records import Document, DocumentState, Purchase, Row, RowKind, Taken
from bazaar.erp_files.settings import ErpSettings
from bazaar.party import World


class Books:
    def __init__(self, key: str, world: World, settings: ErpSettings) -> None:
        self.key = key
        self.world = world
        self.settings = settings
        self.documents = world.shelf(key, "documents", Document)
        self.purchases = world.shelf(key, "purchases", Purchase)
        self.stock = world.shelf(key, "stock", int)  # physical units by SKU
        self.incoming = world.shelf(key, "incoming", int)  # units ordered from suppliers
        self.counters = world.shelf(key, "counters", int)
        self.taken = world.shelf(key, "taken", Taken)
        self.refused = world.shelf(key, "refused", str)  # `<kind>-<sequence>`: the reason
        self.applied = world.shelf(key, "applied", str)  # cancellation_id, refund_id
        self.waiting = world.shelf(key, "waiting", Row)
        self.told_products = world.shelf(key, "told_products", int)
        self.told_stock = world.shelf(key, "told_stock", str)  # of what has not moved since
        self.gaps = world.shelf(key, "gaps", datetime)  # `<kind>-<sequence>` missing: since when

    def own_now(self) -> datetime:
        """The clock on the ERP's wall, which may be wrong."""
        return self.world.now() + self.world.skew(self.key)

    def count(self, name: str) -> int:
        self.counters[name] = self.counters.get(name, 0) + 1
        return self.counters[name]

    def take_in_new_products(self) -> None:
        """The opening stock of products seen for the first time."""
        if len(self.stock) == len(self.world.products):
            return
        for sku, product in self.world.products.items():
            if sku not in self.stock:
                self.stock[sku] = 0
                self.move_stock(sku, product.initial_stock, "opening")

    def move_stock(self, sku: str, quantity: int, why: str, reference: str = "") -> None:
        self.stock[sku] += quantity
        if self.stock[sku] < 0:
            raise AssertionError(f"the warehouse cannot hold {self.stock[sku]} units of {sku}")
        if quantity:
            # Three leave and three come back: the same figure, and news for who took the three off by himself.
            self.told_stock.pop(sku, None)
            self.world.record(
                "stock_moved", self.key, order_id=reference, sku=sku, quantity=quantity, why=why
            )

    def change_state(self, document: Document, state: DocumentState, message: str = "") -> Document:
        """Keep the document with its new state; the hub is told all of them but `short`."""
        changed = msgspec.structs.replace(document, state=state)
        self.documents[document.reference] = changed
        if state != "short":
            cells = {
                "reference": document.reference,
                "document": document.number,
                "status": state,
                "message": message,
                "changed_at": stamp(self.own_now()),
            }
            self.tell("order_status", cells)
        return changed

    def tell(
        self,
        kind: RowKind,
        cells: dict[str, str],
    ) -> None:
        self.waiting[f"{self.count('row'):09d}"] = Row(kind=kind, cells=cells)


def stamp(at: datetime) -> str:
    """The contract's instants: `2026-11-23T09:00:00.000000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
