"""The warehouse: ships documents whole from physical stock, or tells what is short and waits."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec

from bazaar.erp_files.books import Books, stamp
from bazaar.erp_files.records import Document, DocumentLine

Parcel = list[tuple[DocumentLine, int]]  # the lines and how many units of each


class Shipping:
    def __init__(self, books: Books) -> None:
        self._books = books

    def prepare(self, reference: str) -> None:
        document = self._books.documents[reference]
        if document.state == "received":
            self._books.change_state(document, "preparing")

    def ship(self, reference: str) -> None:
        """Ship what is open of a document; when units lack, all of it waits."""
        document = self._books.documents[reference]
        needed = _needed(document)
        if not needed:
            return
        lacking = {sku: units - self._books.stock[sku] for sku, units in needed.items()}
        lacking = {sku: units for sku, units in lacking.items() if units > 0}
        if lacking:
            self._wait(document, lacking)
        else:
            self._send(document)

    def restock(self, reference: str, ordered: dict[str, int]) -> None:
        """The supplier's goods arrive; what others took meanwhile is received with them."""
        for sku, units in ordered.items():
            self._books.incoming[sku] -= units
        for sku, units in _needed(self._books.documents[reference]).items():
            if units > self._books.stock[sku]:
                self._books.move_stock(sku, units - self._books.stock[sku], "receipt", reference)
        self.ship(reference)

    def take_back(self, reference: str, sku: str, quantity: int) -> None:
        self._books.move_stock(sku, quantity, "return", reference)

    def _wait(self, document: Document, lacking: dict[str, int]) -> None:
        """These units were oversold: told once per document."""
        world, key, settings = self._books.world, self._books.key, self._books.settings
        if document.state != "short":
            for sku, units in lacking.items():
                world.record(
                    "erp_short", key, order_id=document.reference, sku=sku, quantity=units,
                    channel=document.channel, external_id=document.external_id,
                )  # fmt: skip
            self._books.change_state(document, "short")
        again = world.now() + timedelta(hours=settings.restock_after_hours)
        if not settings.restock_on_short:
            world.set_timer(again, key, "ship", reference=document.reference)
            return
        for sku, units in lacking.items():
            self._books.incoming[sku] = self._books.incoming.get(sku, 0) + units
        world.set_timer(again, key, "restock", reference=document.reference, ordered=lacking)

    def _send(self, document: Document) -> None:
        for parcel in self._parcels(document):
            self._send_parcel(document, parcel)
        shipped = tuple(
            msgspec.structs.replace(line, shipped=line.shipped + line.open) for line in document.lines
        )
        self._books.change_state(msgspec.structs.replace(document, lines=shipped), "shipped")
        later = self._books.world.now() + timedelta(hours=self._books.settings.invoice_after_hours)
        self._books.world.set_timer(later, self._books.key, "invoice", reference=document.reference)

    def _parcels(self, document: Document) -> list[Parcel]:
        """One parcel, or now and then two: the lines halved, or the units of the only line."""
        whole = [(line, line.open) for line in document.lines if line.open]
        rng = self._books.world.rng(f"{self._books.key}/parcels")
        if rng.random() >= self._books.settings.split_rate:
            return [whole]
        if len(whole) > 1:
            return [whole[: len(whole) // 2], whole[len(whole) // 2 :]]
        line, units = whole[0]
        return [[(line, units // 2)], [(line, units - units // 2)]] if units > 1 else [whole]

    def _send_parcel(self, document: Document, parcel: Parcel) -> None:
        number = self._books.count("shipment")
        rng = self._books.world.rng(f"{self._books.key}/carriers")
        carrier = rng.choice(self._books.settings.carriers)
        tracking = f"{carrier[:2]}{rng.randint(0, 10**11 - 1):011d}FR"
        for line, units in parcel:
            self._books.move_stock(line.sku, -units, "shipment", document.reference)
            self._record(document, line, units, tracking)
            self._books.tell(
                "shipments",
                {
                    "reference": document.reference,
                    "shipment_id": f"BL{number:07d}",
                    "line_number": str(line.line_number),
                    "line_reference": line.line_reference,
                    "sku": line.sku,
                    "quantity": str(units),
                    "warehouse": self._books.settings.warehouse,
                    "carrier": carrier,
                    "tracking_number": tracking,
                    "tracking_url": f"https://tracking.example.org/{carrier.lower()}/{tracking}",
                    "shipped_at": stamp(self._books.own_now()),
                },
            )

    def _record(self, document: Document, line: DocumentLine, units: int, tracking: str) -> None:
        self._books.world.record(
            "erp_shipped",
            self._books.key,
            order_id=document.reference,
            sku=line.sku,
            quantity=units,
            channel=document.channel,
            external_id=document.external_id,
            line_id=line.line_reference,
            tracking_number=tracking,
        )


def _needed(document: Document) -> Counter[str]:
    needed: Counter[str] = Counter()
    for line in document.lines:
        if line.open:
            needed[line.sku] += line.open
    return needed
