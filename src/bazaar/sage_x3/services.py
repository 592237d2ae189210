"""`CAdxWebServiceXmlCC`: a pool of sessions, the published objects, and refusals that come with a 200."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bazaar.sage_x3.books import Books
from bazaar.sage_x3.credits import Credits
from bazaar.sage_x3.envelope import BadCall, Call, read_call, write_answer, write_fault
from bazaar.sage_x3.orders import Orders
from bazaar.sage_x3.published import OBJECTS, describe, read_param
from bazaar.sage_x3.purchases import Purchases
from bazaar.sage_x3.records import Customer, Order
from bazaar.sage_x3.refusal import ERROR, INFORMATION, Messages, Refusal
from bazaar.sage_x3.rest import diagnosed
from bazaar.sage_x3.results import (
    Entity,
    customer_entity,
    invoice_entity,
    invoice_row,
    order_entity,
    order_row,
    purchase_entity,
    purchase_row,
    write_entity,
    write_list,
)
from bazaar.sage_x3.warehouse import Warehouse

BUSY = "com.adonix.wsjwss.CAdxWSSException: No channel available in pool"
_GIVEN_UP = timedelta(minutes=3)
Done = tuple[str, Messages]


class Services:
    def __init__(self, books: Books, warehouse: Warehouse) -> None:
        self._books = books
        self._warehouse = warehouse
        self._orders = Orders(books)
        self.credits = Credits(books)
        self.purchases = Purchases(books)
        self._operations: dict[str, Callable[[Call, str], Done]] = {
            "getDescription": lambda call, name: (describe(name), []),
            "query": self._query,
            "read": self._read,
            "run": self._run,
            "save": self._save,
            "modify": self._modify,
            "deleteLines": self._drop,
        }

    async def endpoint(self, request: Request) -> Response:
        if "soapaction" not in request.headers:
            return diagnosed(500, "Header 'soapAction' is missing.")
        if not request.headers.get("content-type", "").startswith("text/xml"):
            return diagnosed(415, "Content-Type text/xml is expected.")
        try:
            call = read_call(await request.body())
        except BadCall as error:
            return _fault(str(error))
        world, key = self._books.world, self._books.key
        writes = call.operation in ("save", "modify", "deleteLines", "delete")
        if writes and world.fault(key, "partial_failure"):
            if world.rng(f"{key}/busy").random() < 0.5:
                return _fault(f"{BUSY} {call.pool}")
            return _answer(call, 0, [(ERROR, "Fiche en cours de modification par ADMIN")], "")
        if call.operation == "save" and world.fault(key, "late_import"):
            # The gateway gives the call up; its session goes on and writes in the end.
            place = f"{len(self._books.working) + 1}-{world.now():%H%M%S%f}"
            self._books.working[place] = msgspec.json.encode(call)
            world.set_timer(world.now() + _GIVEN_UP, key, "work_off", place=place)
            return Response(b"<html><body>504 Gateway Time-out</body></html>", 504, media_type="text/html")
        return self._answered(call)

    def work_off(self, place: str) -> None:
        body = self._books.working.pop(place, None)
        if body is not None:
            with suppress(Refusal):  # nobody listens any more
                self._done(msgspec.json.decode(body, type=Call))

    def _answered(self, call: Call) -> Response:
        try:
            result, messages = self._done(call)
        except Refusal as refusal:
            return _answer(call, 0, refusal.messages, "")
        return _answer(call, 1, messages, result)

    def _done(self, call: Call) -> Done:
        if call.pool != self._books.settings.pool:
            # So the real one answers an alias that it does not know.
            raise Refusal(f"Pool alias {call.pool} : Record does not exist")
        name = call.texts["publicName"]
        if name not in OBJECTS:
            raise Refusal(f"Publication web service {name} inexistante")
        operation = self._operations.get(call.operation)
        if operation is None:
            raise Refusal(f"{call.operation} : fonction interdite")
        return operation(call, name)

    # --- reading ----------------------------------------------------------------------------------------

    def _query(self, call: Call, name: str) -> Done:
        """The left list, narrowed by equal values; an unknown column narrows nothing but is an error here."""
        rows = [order_row(one) for one in self._books.orders.values()] if name == "YOSOH" else []
        if name == "YOPOH":
            rows = [purchase_row(one) for one in self._books.purchases.values()]
        if name == "YOSIH":
            rows = [invoice_row(one) for one in self._books.invoices.values()]
        for column, value in call.keys.items():
            if rows and column not in rows[0]:
                raise Refusal(f"{column} : zone inconnue dans la liste gauche")
            rows = [row for row in rows if row[column] == value]
        return write_list(rows[: int(call.texts["listSize"])], as_json=_json(call)), []

    def _read(self, call: Call, name: str) -> Done:
        return self._written(call, name, self._shown(name, call.keys)), []

    def _shown(self, name: str, keys: dict[str, str]) -> Entity:
        books, settings = self._books, self._books.settings
        if name == "YOSOH":
            return order_entity(self._order(keys), settings.sales_site, settings.stock_site)
        if name == "YOSIH" and keys.get("NUM", "") in books.invoices:
            return invoice_entity(books.invoices[keys["NUM"]], settings.sales_site)
        if name == "YOBPC" and keys.get("BPCNUM", "") in books.customers:
            return customer_entity(books.customers[keys["BPCNUM"]])
        raise Refusal(f"{' '.join(keys.values())} : Fiche inexistante")

    def _run(self, call: Call, name: str) -> Done:
        if name != "YSTOCK_LOT":
            raise Refusal(f"{name} n'est pas un sous-programme")
        given = read_param(name, call.texts["inputXml"])
        site = given.groups.get("GRP1", {}).get("I_STOFCY", "")
        lines = [
            {
                "O_STOFCY": site,
                "O_ITMREF": sku,
                "O_LOT": "",
                "O_AVAILABLE": units - self._books.allocated(sku),
            }
            for sku, units in self._books.stock.items()
            if site == self._books.settings.stock_site
        ]
        blank = {"O_STOFCY": "", "O_ITMREF": "", "O_LOT": "", "O_AVAILABLE": 0}
        entity = {"GRP1": {"I_STOFCY": site}, "GRP2": lines or [blank]}
        return self._written(call, name, entity), []

    # --- writing ----------------------------------------------------------------------------------------

    def _save(self, call: Call, name: str) -> Done:
        given = read_param(name, call.texts["objectXml"])
        settings = self._books.settings
        if name == "YOSOH":
            order, messages = self._orders.create(given)
            self._tell(order)
            return self._written(
                call, name, order_entity(order, settings.sales_site, settings.stock_site)
            ), messages
        if name == "YOSIH":
            credit, messages = self.credits.create(given)
            return self._written(call, name, invoice_entity(credit, settings.sales_site)), messages
        if name == "YOPOH":
            purchase, messages = self.purchases.create(given)
            return self._written(call, name, purchase_entity(purchase, settings.stock_site)), messages
        header = given.groups.get("BPC0_1", {})
        number = header.get("BPCNUM", "")
        if not number or number in self._books.customers:
            raise Refusal(f"Client {number}", "Cet enregistrement existe déjà")
        city = next((cells.get("CTY", "") for _, cells in given.tables.get("BPAC_1", [])), "")
        customer = Customer(number=number, name=header.get("BPCNAM", ""), city=city)
        self._books.customers[number] = customer
        return self._written(call, name, customer_entity(customer)), [
            (INFORMATION, f"{number} Création effectuée")
        ]

    def _tell(self, order: Order) -> None:
        repeated = bool(order.reference) and len(self._books.of_reference(order.reference)) > 1
        self._books.world.record(
            "erp_order_repeated" if repeated else "erp_order_created", self._books.key, order_id=order.reference,
            amount=order.total, currency=order.currency, channel=order.channel, external_id=order.external_id,
            document=order.number,
        )  # fmt: skip
        self._warehouse.plan(order.number)

    def _modify(self, call: Call, name: str) -> Done:
        if name != "YOSOH":
            raise Refusal(f"{name} : modification non publiée")
        order = self._orders.modify(self._order(call.keys), read_param(name, call.texts["objectXml"]))
        return self._after(call, name, order)

    def _drop(self, call: Call, name: str) -> Done:
        order = self._orders.drop(self._order(call.keys), call.texts["blocKey"], call.lines)
        return self._after(call, name, order)

    def _after(self, call: Call, name: str, order: Order) -> Done:
        settings = self._books.settings
        entity = order_entity(order, settings.sales_site, settings.stock_site)
        return self._written(call, name, entity), [(INFORMATION, f"{order.number} Modification effectuée")]

    def _order(self, keys: dict[str, str]) -> Order:
        order = self._books.orders.get(keys.get("SOHNUM", ""))
        if order is None:
            raise Refusal(f"Commande {keys.get('SOHNUM', '')} : Fiche inexistante")
        return order

    def _written(self, call: Call, name: str, entity: Entity) -> str:
        if self._books.world.fault(self._books.key, "unknown_fields"):
            entity = {**entity, **({"SOH9_9": {"ZDEMAIN": "1"}} if _json(call) else {})}
        return write_entity(name, entity, as_json=_json(call))


def _json(call: Call) -> bool:
    return "adxwss.optreturn=JSON" in call.config.split("&")


def _answer(call: Call, status: int, messages: Messages, result: str) -> Response:
    return Response(write_answer(call.operation, status, messages, result), 200, media_type="text/xml")


def _fault(words: str) -> Response:
    return Response(write_fault(words), 500, media_type="text/xml")
