"""The party: its addresses, its timers, and what the world may ask of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.party import World
from bazaar.sage_x3.books import Books
from bazaar.sage_x3.envelope import write_fault
from bazaar.sage_x3.gate import Gate
from bazaar.sage_x3.records import CENT, Order
from bazaar.sage_x3.rest import Rest, diagnosed
from bazaar.sage_x3.results import delivery_state
from bazaar.sage_x3.services import BUSY, Services
from bazaar.sage_x3.settings import X3Settings
from bazaar.sage_x3.warehouse import Warehouse
from bazaar.world.facts import Timer

_ROUND = timedelta(minutes=30)


class X3Erp:
    """Implements `bazaar.party.Warehouse`."""

    kind = "sage_x3"

    def __init__(self, key: str, world: World, settings: X3Settings) -> None:
        self.key = key
        self._world = world
        self._settings = settings
        self._books = Books(key, world, settings)
        self._books.take_in_products()
        self._warehouse = Warehouse(self._books)
        self._services = Services(self._books, self._warehouse)
        self._rest = Rest(self._books)
        if "started" not in self._books.counters:
            self._books.counters["started"] = 1
            world.set_timer(world.now() + _ROUND, key, "round")

    def routes(self) -> Sequence[BaseRoute]:
        gate = Gate(self._books)
        soap = "/soap-generic/syracuse/collaboration/syracuse/CAdxWebServiceXmlCC"
        return [
            Route(soap, gate.guarded(self._services.endpoint), methods=["POST"]),
            Route("/api1/x3/erp/{endpoint}/{name}", gate.guarded(self._rest.query), methods=["GET"]),
        ]

    def refusal(self, status: int) -> Response:
        """In Syracuse's own words: JSON, and a SOAP fault when no session is free."""
        if status == 503:
            return Response(write_fault(f"{BUSY} {self._settings.pool}"), 503, media_type="text/xml")
        words = {401: "Invalid credentials", 429: "Too many requests"}.get(status, "Internal error")
        return diagnosed(status, words)

    def on_timer(self, timer: Timer) -> None:
        given = timer.payload
        match timer.action:
            case "round":
                self._world.set_timer(self._world.now() + _ROUND, self.key, "round")
                self._books.take_in_products()
            case "prepare":
                self._warehouse.prepare(str(given["number"]))
            case "ship":
                self._warehouse.ship(str(given["number"]))
            case "restock":
                self._warehouse.restock(
                    str(given["number"]), msgspec.convert(given["ordered"], dict[str, int])
                )
            case "invoice":
                self._warehouse.invoice(str(given["number"]))
            case "credit":
                self._services.credits.by_itself(str(given["number"]))
            case "receive":
                self._services.purchases.receive(str(given["number"]))
            case "return":
                quantity = msgspec.convert(given["quantity"], int)
                self._warehouse.take_back(str(given["reference"]), str(given["sku"]), quantity)
            case "work_off":
                self._services.work_off(str(given["place"]))
            case _:
                raise LookupError(f"{self.key} knows no timer {timer.action!r}")

    def describe(self) -> dict[str, object]:
        settings = self._settings
        return {
            "connector": "sage_x3",
            "settings": {
                "endpoint": settings.endpoint,
                "pool": settings.pool,
                "auth": settings.auth,
                "user": settings.user,
                "password": settings.password,
                "client_id": settings.client_id,
                "client_secret": settings.client_secret,
                "result_format": settings.result_format,
                "sales_site": settings.sales_site,
                "stock_site": settings.stock_site,
                "customer": settings.customer,
                "customer_mode": settings.customer_mode,
                "order_type": settings.manual_type if settings.own_numbers else settings.order_type,
                "own_numbers": settings.own_numbers,
                "credit_type": settings.credit_type,
                # What this folder has added to the standard objects.
                "mapping": "order.external=SOH0_1.YREFEXT, order.channel=SOH0_1.YCANAL, credit.order=SIH0_1.YREFCDE,"
                " invoices.order=YREFCDE",
            },
            "documents": dict(Counter(document_state(order) for order in self._books.orders.values())),
            "invoices": dict(Counter(invoice.type for invoice in self._books.invoices.values())),
            "physical_units": sum(self._books.stock.values()),
        }

    def documents(self) -> Iterator[dict[str, object]]:
        """One per order of the books: two with one reference are an order written twice."""
        for order in self._books.orders.values():
            yield {
                "reference": order.reference,
                "number": order.number,
                "channel": order.channel,
                "external_id": order.external_id,
                "total": (order.total + order.taken_off).quantize(CENT),
                "currency": order.currency,
                "copies": 1,
                "state": document_state(order),
                "lines": [msgspec.structs.asdict(line) for line in order.lines],
            }

    def physical_stock(self) -> dict[str, int]:
        return dict(self._books.stock)


def document_state(order: Order) -> str:
    if any(line.open for line in order.goods):
        return "received"
    return "cancelled" if delivery_state(order) == 1 else "shipped"
