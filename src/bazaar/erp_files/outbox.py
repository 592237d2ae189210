"""Writes what the hub reads: products, stock, order_status and shipments, each file whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bazaar.erp_files.books import Books, stamp
from bazaar.erp_files.folder import Folder
from bazaar.erp_files.pair import write_csv, write_manifest
from bazaar.world.facts import Product
from bazaar.world.randomness import digest

PRODUCT_COLUMNS = (
    "sku", "ean", "title", "brand", "family", "supplier", "purchase_price", "purchase_currency", "list_price",
    "currency", "vat_rate", "weight_g", "length_mm", "width_mm", "height_mm", "active", "updated_at",
)  # fmt: skip
STOCK_COLUMNS = ("sku", "warehouse", "quantity", "incoming")
STATUS_COLUMNS = ("reference", "document", "status", "message", "changed_at")
SHIPMENT_COLUMNS = (
    "reference", "shipment_id", "line_number", "line_reference", "sku", "quantity", "warehouse", "carrier",
    "tracking_number", "tracking_url", "shipped_at",
)  # fmt: skip
DOCUMENT_COLUMNS = (
    "reference", "kind", "number", "origin", "document_date", "currency", "total_amount", "tax_amount",
    "line_reference", "sku", "quantity", "amount", "refund_id", "file",
)  # fmt: skip
PURCHASE_COLUMNS = ("reference", "document", "status", "sku", "received", "message", "changed_at")
WAITING = (
    ("order_status", STATUS_COLUMNS),
    ("shipments", SHIPMENT_COLUMNS),
    ("documents", DOCUMENT_COLUMNS),
    ("purchase_status", PURCHASE_COLUMNS),
)
_AGAIN_AFTER = timedelta(minutes=10)


class Outbox:
    def __init__(self, books: Books, folder: Folder) -> None:
        self._books = books
        self._folder = folder
        self._looked_at: dict[str, Product] = {}
        """The very objects: one that changes is another."""
        for kind in ("products", "stock", *(kind for kind, _ in WAITING)):
            # A file written just before a crash may be more than the books remember.
            last = max(books.counters.get(f"out/{kind}", 0), folder.last_sequence(kind))
            books.counters[f"out/{kind}"] = last

    def write_products(self) -> None:
        """All of them the first time, then those that changed."""
        told, complete = self._books.told_products, not self._books.told_products
        rows = []
        for product in self._books.world.products.values():
            if self._looked_at.get(product.sku) is product:
                continue
            self._looked_at[product.sku] = product
            cells = self._product_cells(product)
            mark = digest(*cells.values())
            if told.get(product.sku) != mark:
                told[product.sku] = mark
                rows.append({**cells, "updated_at": stamp(self._books.own_now())})
        if rows:
            self._write_spoilt(
                "products", PRODUCT_COLUMNS, rows, {"sku": "", "vat_rate": "vingt"}, complete=complete
            )

    def write_stock(self) -> None:
        """Every so often all of it, else what moved; nothing when nothing moved."""
        complete = self._books.count("stock exports") % self._books.settings.complete_stock_every == 1
        rows = []
        for sku, quantity in self._books.stock.items():
            cells = self._stock_cells(sku, quantity)
            now = f"{quantity}/{cells['incoming']}"
            if complete or self._books.told_stock.get(sku) != now:
                self._books.told_stock[sku] = now
                rows.append(cells)
        if rows:
            as_of = stamp(self._books.own_now())
            bad = {"sku": "", "quantity": "n/a"}
            self._write_spoilt("stock", STOCK_COLUMNS, rows, bad, as_of=as_of, complete=complete)

    def write_waiting(self) -> None:
        """Statuses, shipments and documents since the last time, oldest first."""
        for kind, columns in WAITING:
            keys = [key for key, row in self._books.waiting.items() if row.kind == kind]
            if keys:
                self._write(kind, columns, [self._books.waiting[key].cells for key in keys])
                for key in keys:
                    del self._books.waiting[key]

    def write_again(self, name: str, changed: bool) -> None:
        """The fault of a replayed sequence: an old pair comes back, as it was or with another date."""
        pair = self._folder.find_pair(name)
        if pair is None:
            self._books.count("replays whose file was gone")
            return
        manifest, data = pair
        if changed:
            manifest = _dated(manifest, stamp(self._books.own_now()))
        self._folder.write_pair(name, data, manifest)

    def _product_cells(self, product: Product) -> dict[str, str]:
        return {
            "sku": product.sku,
            "ean": product.ean,
            "title": product.title,
            "brand": product.brand,
            "family": product.family,
            "supplier": product.supplier,
            "purchase_price": self._number(product.purchase_price),
            "purchase_currency": "EUR",
            "list_price": self._number(product.list_price),
            "currency": "EUR",
            "vat_rate": self._number(product.vat_rate),
            "weight_g": str(product.weight_g),
            "length_mm": str(product.length_mm),
            "width_mm": str(product.width_mm),
            "height_mm": str(product.height_mm),
            "active": "yes",
        }

    def _stock_cells(self, sku: str, quantity: int) -> dict[str, str]:
        return {
            "sku": sku,
            "warehouse": self._books.settings.warehouse,
            "quantity": str(quantity),
            "incoming": str(self._books.incoming.get(sku, 0)),
        }

    def _number(self, value: object) -> str:
        return str(value).replace(".", self._books.settings.decimal)

    def _write_spoilt(
        self,
        kind: str,
        columns: Sequence[str],
        rows: list[dict[str, str]],
        bad: dict[str, str],
        **more: object,
    ) -> None:
        """A bad line is one more line: the truth is still all there."""
        if self._books.world.fault(self._books.key, "bad_line"):
            rows.insert(len(rows) // 2, bad)
        self._write(kind, columns, rows, **more)

    def _write(
        self, kind: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]], **more: object
    ) -> None:
        settings, world = self._books.settings, self._books.world
        form = {"encoding": settings.encoding, "separator": settings.separator, "decimal": settings.decimal}
        data = write_csv(columns, rows, settings.encoding, settings.separator)
        if world.fault(self._books.key, "bad_checksum"):
            name, manifest = self._numbered(kind, data, len(rows), form, more)
            self._folder.write_pair(name, data[: len(data) * 2 // 3], manifest)
        name, manifest = self._numbered(kind, data, len(rows), form, more)
        self._folder.write_pair(name, data, manifest)
        if world.fault(self._books.key, "file_twice"):
            changed = world.rng(f"{self._books.key}/twice").random() < 0.5
            world.set_timer(world.now() + _AGAIN_AFTER, self._books.key, "again", name=name, changed=changed)

    def _numbered(
        self, kind: str, data: bytes, rows: int, form: Mapping[str, str], more: Mapping[str, object]
    ) -> tuple[str, bytes]:
        sequence = self._books.count(f"out/{kind}")
        created_at = stamp(self._books.own_now())
        manifest = write_manifest(kind, sequence, created_at, data, rows, form, **more)
        return f"{kind}-{sequence:09d}", manifest


def _dated(manifest: bytes, created_at: str) -> bytes:
    return json.dumps({**json.loads(manifest), "created_at": created_at}, ensure_ascii=False).encode()
