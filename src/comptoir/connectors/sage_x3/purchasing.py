"""Orders to suppliers: POH objects out, PORDER and PORDERQ back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from comptoir.connectors.sage_x3.deliveries import Call, Deliveries, Look
from comptoir.connectors.sage_x3.dialect import Entity, Value, number
from comptoir.connectors.sage_x3.documents import changed_at
from comptoir.connectors.sage_x3.lists import Lists, Row, literal
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.payloads import placed, table_of
from comptoir.connectors.sage_x3.progress import Pass
from comptoir.connectors.sage_x3.services import Services
from comptoir.connectors.sage_x3.settings import MAX_REFERENCE, SageX3Settings
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.purchasing import ErpPurchaseOrder, ErpPurchaseState, PurchaseStateBatch
from comptoir.sdk.records import Receipt

MAX_SUPPLIER: Final = 15
_FIRST: Final = timedelta(days=180)
State = Literal["ordered", "partially_received", "received", "cancelled"]


class Purchasing:
    def __init__(
        self, lists: Lists, services: Services, deliveries: Deliveries, settings: SageX3Settings, mapped: Mapped,
        context: Context,
    ) -> None:  # fmt: skip
        self._lists = lists
        self._services = services
        self._deliveries = deliveries
        self._settings = settings
        self._mapped = mapped
        self._clock: Callable[[], datetime] = context.clock

    def submit(self, delivery: int, orders: Sequence[ErpPurchaseOrder]) -> Receipt:
        """Nothing is sent that cannot be written: RejectedRecord names the order, before any write."""
        entities = {order.reference: build_purchase(order, self._settings, self._mapped) for order in orders}
        rows = self._lists.of("purchases", "reference", entities, ("number",))
        known = {str(row["reference"]): str(row["number"]) for row in rows}
        items = [
            (reference, self._call(entity), self._look(reference))
            for reference, entity in entities.items()
            if reference not in known
        ]
        return self._deliveries.receipt("purchase_orders", delivery, known, items)

    def _call(self, entity: Entity) -> Call:
        def write() -> tuple[str, str]:
            read, warnings = self._services.save(self._settings.purchase_object, entity)
            group, field = self._mapped.place("purchase.number")
            return str(read.get(group, {}).get(field, "")), warnings

        return write

    def _look(self, reference: str) -> Look:
        def look() -> str:
            words = ("purchase.reference", "purchase.number")
            return self._services.find(self._settings.purchase_object, self._mapped, words, reference)

        return look

    def states(self, cursor: str) -> Iterator[PurchaseStateBatch]:
        column = self._lists.column("purchases", "reference")
        prefix = self._settings.purchase_prefix
        where = f"left({column},{len(prefix)}) eq {literal(prefix)}"
        one = Pass(self._lists, cursor, listed="purchases", where=where, order=("number",), now=self._clock(),
                   swept=False, first=_FIRST)  # fmt: skip
        for rows in one.pages():
            lines = self._lists.of(
                "purchase_lines", "number", (str(row["number"]) for row in rows), ("number", "line")
            )
            states = parse_purchases(rows, lines, self._mapped) if one.is_new([rows, lines]) else ()
            if states or one.cursor != cursor:
                yield PurchaseStateBatch(key=one.key, cursor=one.cursor, states=states)


def build_purchase(order: ErpPurchaseOrder, settings: SageX3Settings, mapped: Mapped) -> Entity:
    """RejectedRecord, with the order's reference, when X3 could not hold it."""
    supplier = order.supplier_code or order.supplier
    if why := _fault(order, supplier, settings):
        raise RejectedRecord(f"{order.reference}: {why}.", code="purchase", record_id=order.reference)
    header: dict[str, Value] = {
        "purchase.site": order.warehouse or settings.stock_site,
        "purchase.date": order.ordered_on,
        "purchase.supplier": supplier,
        "purchase.reference": order.reference,
        "purchase.currency": order.currency,
    }
    lines: list[dict[str, Value]] = [
        {"purchase_line.article": line.sku, "purchase_line.quantity": line.quantity,
         "purchase_line.price": line.unit_price, "purchase_line.expected": order.expected_on or ""}
        for line in order.lines
    ]  # fmt: skip
    table, rows = table_of(mapped, "purchase_line", lines)
    return placed(mapped, header) | {table: rows}


def _fault(order: ErpPurchaseOrder, supplier: str, settings: SageX3Settings) -> str:
    if not order.reference.startswith(settings.purchase_prefix) or len(order.reference) > MAX_REFERENCE:
        return "it is no reference of ours"
    if not settings.purchase_object:
        return "no purchase order is published"
    if not 0 < len(supplier) <= MAX_SUPPLIER:
        return f"{supplier!r} is no number of a supplier (1 to {MAX_SUPPLIER} characters)"
    return "" if order.lines else "it has no line"


def parse_purchases(
    rows: Iterable[Row], lines: Iterable[Row], mapped: Mapped
) -> tuple[ErpPurchaseState, ...]:
    ordered: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    received: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        own, sku = str(line["number"]), str(line["sku"])
        ordered[own][sku] += int(number(line["quantity"]))
        received[own][sku] += int(number(line["received"]))
    return tuple(
        ErpPurchaseState(
            order_reference=str(row["reference"]),
            document=str(row["number"]),
            status=purchase_state(
                ordered[str(row["number"])], received[str(row["number"])],
                closed=str(row.get("closed") or "") == mapped["value.purchase_closed"],
            ),
            received={sku: units for sku, units in received[str(row["number"])].items() if units},
            changed_at=changed_at(row),
        )
        for row in rows
    )  # fmt: skip


def purchase_state(ordered: dict[str, int], received: dict[str, int], *, closed: bool) -> State:
    came = any(received.values())
    if closed:
        return "received" if came else "cancelled"
    if came and all(received.get(sku, 0) >= units for sku, units in ordered.items()):
        return "received"
    return "partially_received" if came else "ordered"
