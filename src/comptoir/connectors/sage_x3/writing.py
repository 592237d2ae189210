"""Orders, cancellations and refunds by SOAP: each looked up before it is asked for, and after silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comptoir.connectors.sage_x3.amendments import plan_change
from comptoir.connectors.sage_x3.customers import Customers
from comptoir.connectors.sage_x3.deliveries import Call, Deliveries, Look, never
from comptoir.connectors.sage_x3.dialect import Entity, Read
from comptoir.connectors.sage_x3.documents import CLOSED
from comptoir.connectors.sage_x3.lists import Lists, Row
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.payloads import build_order, build_refund, credit_reference
from comptoir.connectors.sage_x3.services import Services
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import (
    ErpCancellation,
    ErpOrder,
    ErpRefund,
    Receipt,
)


class Writer:
    def __init__(
        self, lists: Lists, services: Services, customers: Customers, deliveries: Deliveries, settings: SageX3Settings,
        mapped: Mapped,
    ) -> None:  # fmt: skip
        self._lists = lists
        self._services = services
        self._customers = customers
        self._deliveries = deliveries
        self._settings = settings
        self._mapped = mapped

    def orders(self, number: int, orders: Sequence[ErpOrder]) -> Receipt:
        """Nothing is sent that cannot be written whole: RejectedRecord names the order, before any write."""
        for order in orders:
            build_order(order, "?", self._settings, self._mapped)
        known = {
            str(row["reference"]): str(row["number"]) for row in self._orders(o.reference for o in orders)
        }
        items = [
            (order.reference, self._order_call(order), self._order_look(order.reference))
            for order in orders
            if order.reference not in known
        ]
        return self._deliveries.receipt("orders", number, known, items)

    def cancellations(self, number: int, items: Sequence[ErpCancellation]) -> Receipt:
        calls = [(item.cancellation_id, self._cancel_call(item), never) for item in items]
        return self._deliveries.receipt("cancellations", number, {}, calls)

    def refunds(self, number: int, items: Sequence[ErpRefund]) -> Receipt:
        names = {credit_reference(item.refund_id): item.refund_id for item in items}
        rows = self._lists.of("invoices", "reference", names, ("number",))
        known = {names[str(row["reference"])]: str(row["number"]) for row in rows}
        calls = [
            (item.refund_id, self._credit_call(item), self._credit_look(item))
            for item in items
            if item.refund_id not in known
        ]
        return self._deliveries.receipt("refunds", number, known, calls)

    # --- one item ---------------------------------------------------------------------------------------

    def _order_call(self, order: ErpOrder) -> Call:
        def write() -> tuple[str, str]:
            customer = self._customers.of(order)
            entity = build_order(order, customer, self._settings, self._mapped)
            return self._created(self._settings.order_object, entity, "order.number")

        return write

    def _order_look(self, reference: str) -> Look:
        """By the web service itself, which sees what its own sessions have just written."""

        def look() -> str:
            words = ("order.reference", "order.number")
            return self._services.find(self._settings.order_object, self._mapped, words, reference)

        return look

    def _cancel_call(self, item: ErpCancellation) -> Call:
        def write() -> tuple[str, str]:
            name, key = self._settings.order_object, self._key_of(item)
            order = self._services.read(name, key)
            if order is None:
                raise RejectedRecord(f"{item.order_reference} is not in X3 any more.", code="order")
            settings = self._settings
            services = {settings.shipping_article, settings.discount_article, settings.rounding_article}
            change = plan_change(order, item, services, self._mapped)
            if change.kind == "drop":
                table = self._mapped.place("line.article")[0]
                self._services.delete_lines(name, key, table, [change.line])
            elif change.kind in ("reduce", "close"):
                shown, _ = self._services.modify(name, key, change.entity)
                self._must_show(shown, item, services)
            return next(iter(key.values())), ""

        return write

    def _must_show(self, shown: Read, item: ErpCancellation, services: set[str]) -> None:
        """`modify` knows lines by their rank: somebody may have taken one off since it was read."""
        table = self._mapped.place("line.article")[0]
        if shown.get(table) and plan_change(shown, item, services, self._mapped).kind != "none":
            words = (
                f"{item.order_reference}: X3 took the cancellation of {item.sku} and shows another quantity."
            )
            raise RejectedRecord(words, code="not_shown", record_id=item.cancellation_id)

    def _key_of(self, item: ErpCancellation) -> dict[str, str]:
        found = [row for row in self._orders([item.order_reference]) if str(row["state"]) != CLOSED]
        found = found or self._orders([item.order_reference])
        if not found:
            raise RejectedRecord(
                f"{item.order_reference} is not in X3.", code="order", record_id=item.cancellation_id
            )
        return {self._mapped.place("order.number")[1]: str(found[0]["number"])}

    def _credit_call(self, item: ErpRefund) -> Call:
        def write() -> tuple[str, str]:
            customer = self._customers.of_order(item.order_reference)
            entity = build_refund(item, customer, self._settings, self._mapped)
            return self._created(self._settings.invoice_object, entity, "credit.number")

        return write

    def _credit_look(self, item: ErpRefund) -> Look:
        wanted = credit_reference(item.refund_id)

        def look() -> str:
            words = ("credit.reference", "credit.number")
            return self._services.find(self._settings.invoice_object, self._mapped, words, wanted)

        return look

    def _created(self, name: str, entity: Entity, word: str) -> tuple[str, str]:
        read, warnings = self._services.save(name, entity)
        group, field = self._mapped.place(word)
        return str(read.get(group, {}).get(field, "")), warnings

    # --- looking ----------------------------------------------------------------------------------------

    def _orders(self, references: Iterator[str] | Sequence[str]) -> list[Row]:
        return self._lists.of("orders", "reference", references, ("number",))
