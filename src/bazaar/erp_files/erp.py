"""The party: its timers, and what the world may ask of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
from starlette.routing import BaseRoute

from bazaar.erp_files.amendments import Amendments
from bazaar.erp_files.books import Books
from bazaar.erp_files.folder import Folder
from bazaar.erp_files.inbox import Inbox
from bazaar.erp_files.intake import Intake
from bazaar.erp_files.invoicing import Invoicing
from bazaar.erp_files.outbox import Outbox
from bazaar.erp_files.purchasing import Purchasing
from bazaar.erp_files.records import DocumentLine
from bazaar.erp_files.settings import ErpSettings
from bazaar.erp_files.shipping import Shipping
from bazaar.party import World
from bazaar.world.facts import Timer


class FilesErp:
    """Implements `bazaar.party.Warehouse`; works by its timers alone."""

    kind = "erp_files"

    def __init__(self, key: str, world: World, settings: ErpSettings) -> None:
        self.key = key
        self._settings = settings
        self._world = world
        self._books = Books(key, world, settings)
        self._books.take_in_new_products()
        root = Path(settings.folder)
        self._shipping = Shipping(self._books)
        self._outbox = Outbox(self._books, Folder(root / "from_erp"))
        self._invoicing = Invoicing(self._books, root / "from_erp" / "papers")
        self._purchasing = Purchasing(self._books)
        amendments = Amendments(self._books, self._invoicing)
        readings = {
            "orders": Intake(self._books).reading(),
            "cancellations": amendments.cancellations(),
            "refunds": amendments.refunds(),
            "purchase_orders": self._purchasing.reading(),
        }
        self._inbox = Inbox(self._books, Folder(root / "to_erp"), readings)
        self._rounds: dict[str, tuple[int, Callable[[], None]]] = {
            "read": (settings.read_every_s, self._inbox.read_all),
            "write": (settings.write_every_s, self._outbox.write_waiting),
            "products": (settings.products_every_s, self._outbox.write_products),
            "stock": (settings.stock_every_s, self._outbox.write_stock),
        }
        self._start()

    def _start(self) -> None:
        """The rounds begin with the world; a restart finds them in the agenda."""
        if "started" not in self._books.counters:
            self._books.count("started")
            for action in ("products", "stock", "read", "write"):
                self._world.set_timer(self._world.now(), self.key, action)

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    def on_timer(self, timer: Timer) -> None:
        if timer.action in self._rounds:
            every, work = self._rounds[timer.action]
            # First the next round, so that a crash in the middle of this one does not end them all.
            self._world.set_timer(self._world.now() + timedelta(seconds=every), self.key, timer.action)
            self._books.take_in_new_products()
            work()
            return
        given = timer.payload
        match timer.action:
            case "prepare":
                self._shipping.prepare(str(given["reference"]))
            case "ship":
                self._shipping.ship(str(given["reference"]))
            case "restock":
                ordered = msgspec.convert(given["ordered"], dict[str, int])
                self._shipping.restock(str(given["reference"]), ordered)
            case "invoice":
                self._invoicing.invoice(str(given["reference"]))
            case "receive":
                self._purchasing.receive(str(given["reference"]), last=bool(given["last"]))
            case "credit":
                self._invoicing.credit(str(given["reference"]), msgspec.convert(given["line"], int))
            case "return":
                quantity = msgspec.convert(given["quantity"], int)
                self._shipping.take_back(str(given["reference"]), str(given["sku"]), quantity)
            case "receipt":
                self._inbox.write_receipt(str(given["name"]))
            case "again":
                self._outbox.write_again(str(given["name"]), bool(given["changed"]))
            case _:
                raise LookupError(f"{self.key} knows no timer {timer.action!r}")

    def describe(self) -> dict[str, object]:
        states = Counter(document.state for document in self._books.documents.values())
        return {
            "connector": "files",
            "settings": {"folder": str(Path(self._settings.folder).resolve())},
            "folder": str(Path(self._settings.folder).resolve()),
            "warehouse": self._settings.warehouse,
            "documents": dict(states),
            "physical_units": sum(self._books.stock.values()),
            "replays_refused": self._books.counters.get("replays refused", 0),
            "refused": dict(self._books.refused),
            "gaps": self._inbox.alarms(),
        }

    def documents(self) -> Iterator[dict[str, object]]:
        for document in self._books.documents.values():
            yield {
                "reference": document.reference,
                "number": document.number,
                "channel": document.channel,
                "external_id": document.external_id,
                "total": document.total,
                "currency": document.currency,
                "copies": 1,
                "sent": document.sent,
                "state": document.state,
                "lines": [_told(line) for line in document.lines],
            }

    def physical_stock(self) -> dict[str, int]:
        return dict(self._books.stock)


def _told(line: DocumentLine) -> dict[str, object]:
    return msgspec.structs.asdict(line)
