"""Orders, cancellations and refunds through the pont: each looked up before it is asked for, and after silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from comptoir.connectors.sage100 import queries
from comptoir.connectors.sage100.database import Database
from comptoir.connectors.sage100.payloads import (
    Variants,
    build_cancellation,
    build_order,
    build_refund,
    credit_reference,
)
from comptoir.connectors.sage100.pont import Pont, Written
from comptoir.connectors.sage100.purchases import build_purchase
from comptoir.connectors.sage100.settings import Sage100Settings
from comptoir.sdk.errors import ConfigurationError, OutcomeUnknown, RejectedRecord, TransientError
from comptoir.sdk.purchasing import ErpPurchaseOrder
from comptoir.sdk.records import (
    ErpCancellation,
    ErpOrder,
    ErpRefund,
    Outcome,
    Receipt,
    SubmissionReport,
    Verdict,
)
from comptoir.sdk.statuses import ImportState

T = TypeVar("T")
Item = tuple[str, Callable[[], Written], Callable[[], bool]]
"""Its key, the write, and whether it is there after a write without an answer."""


class Writer:
    def __init__(self, database: Database, pont: Pont, settings: Sage100Settings) -> None:
        self._database = database
        self._pont = pont
        self._settings = settings

    def orders(self, number: int, orders: Sequence[ErpOrder]) -> Receipt:
        """Nothing is sent that cannot be written whole: RejectedRecord names the order, before any write."""
        variants = self._variants(line.sku for erp_order in orders for line in erp_order.order.lines)
        bodies = {order.reference: build_order(order, self._settings, variants) for order in orders}
        known = self._known(queries.KNOWN_ORDERS, list(bodies), times=2)
        items = [
            (reference, self._order_call(body), self._order_check(reference))
            for reference, body in bodies.items()
            if reference not in known
        ]
        return self._receipt("orders", number, known, items)

    def cancellations(self, number: int, items: Sequence[ErpCancellation]) -> Receipt:
        variants = self._variants(item.sku for item in items)
        calls = [(item.cancellation_id, self._cancel_call(item, variants), _never) for item in items]
        return self._receipt("cancellations", number, set(), calls)

    def refunds(self, number: int, items: Sequence[ErpRefund]) -> Receipt:
        variants = self._variants(item.sku for item in items)
        names = {item.refund_id: credit_reference(item.refund_id) for item in items}
        there = self._known(queries.KNOWN_CREDITS, list(names.values()))
        known = {key for key, name in names.items() if name in there}
        calls = [
            (item.refund_id, self._credit_call(item, variants), self._credit_check(names[item.refund_id]))
            for item in items
            if item.refund_id not in known
        ]
        return self._receipt("refunds", number, known, calls)

    def purchases(self, number: int, orders: Sequence[ErpPurchaseOrder]) -> Receipt:
        variants = self._variants(line.sku for order in orders for line in order.lines)
        named = sorted({name for order in orders for name in (order.supplier_code, order.supplier) if name})
        marks = ", ".join("?" * len(named))
        suppliers = self._database.rows(queries.SUPPLIERS.format(marks=marks), named * 2) if named else []
        prefix = self._settings.purchase_prefix
        bodies = {order.reference: build_purchase(order, prefix, suppliers, variants) for order in orders}
        known = self._known(queries.KNOWN_PURCHASES, list(bodies), times=2)
        items = [
            (reference, self._purchase_call(body), self._purchase_check(reference))
            for reference, body in bodies.items()
            if reference not in known
        ]
        return self._receipt("purchase_orders", number, known, items)

    # --- one item ---------------------------------------------------------------------------------------

    def _order_call(self, body: dict[str, Any]) -> Callable[[], Written]:
        return lambda: self._pont.create_order(body)

    def _order_check(self, reference: str) -> Callable[[], bool]:
        def there() -> bool:
            return bool(self._known(queries.KNOWN_ORDERS, [reference], times=2)) or bool(
                self._pont.find_order(reference)
            )

        return there

    def _purchase_call(self, body: dict[str, Any]) -> Callable[[], Written]:
        return lambda: self._pont.create_purchase(body)

    def _purchase_check(self, reference: str) -> Callable[[], bool]:
        def there() -> bool:
            return bool(self._known(queries.KNOWN_PURCHASES, [reference], times=2)) or bool(
                self._pont.find_purchase(reference)
            )

        return there

    def _cancel_call(self, item: ErpCancellation, variants: Variants) -> Callable[[], Written]:
        return lambda: self._pont.cancel(item.order_reference, build_cancellation(item, variants))

    def _credit_call(self, item: ErpRefund, variants: Variants) -> Callable[[], Written]:
        return lambda: self._pont.credit(build_refund(item, variants))

    def _credit_check(self, name: str) -> Callable[[], bool]:
        return lambda: bool(self._known(queries.KNOWN_CREDITS, [name]))

    # --- a delivery -------------------------------------------------------------------------------------

    def _receipt(self, kind: str, number: int, known: set[str], items: Sequence[Item]) -> Receipt:
        verdicts = [Verdict(key=key, outcome=Outcome.DONE, message="found in Sage") for key in sorted(known)]
        verdicts += self._write_all(items, written=len(known))
        report = SubmissionReport(state=ImportState.COMPLETE, verdicts=tuple(verdicts))
        return Receipt(external_id=f"{kind}-{number}", report=report)

    def _write_all(self, items: Sequence[Item], *, written: int) -> Iterator[Verdict]:
        """One after the other, for Sage writes one at a time. When it cannot go on, the rest is told again later;
        when nothing at all could be done, the error is raised, so that the next turn waits."""
        done = written
        for place, (key, write, is_there) in enumerate(items):
            try:
                yield self._write_one(key, write, is_there)
                done += 1
            except (TransientError, ConfigurationError):
                if not done:
                    raise
                yield from (Verdict(key=rest[0], outcome=Outcome.RETRY) for rest in items[place:])
                return

    def _write_one(self, key: str, write: Callable[[], Written], is_there: Callable[[], bool]) -> Verdict:
        try:
            done = write()
            return Verdict(key=key, outcome=Outcome.DONE, external_id=done.piece or done.id)
        except RejectedRecord as error:
            return Verdict(key=key, outcome=Outcome.REJECTED, code=error.code, message=error.message)
        except OutcomeUnknown as error:
            return self._look(key, is_there, error)

    def _look(self, key: str, is_there: Callable[[], bool], error: OutcomeUnknown) -> Verdict:
        """Never a blind second write: what is not found now is looked up again by the next delivery, first."""
        try:
            if is_there():
                return Verdict(key=key, outcome=Outcome.DONE, message="found in Sage after no answer")
        except (TransientError, OutcomeUnknown):
            pass  # still unknown, and said so below
        return Verdict(key=key, outcome=Outcome.UNKNOWN, code=error.code, message=error.message)

    # --- looking ----------------------------------------------------------------------------------------

    def _known(self, statement: str, references: Sequence[str], times: int = 1) -> set[str]:
        if not references:
            return set()
        marks = ", ".join("?" * len(references))
        rows = self._database.rows(statement.format(marks=marks), list(references) * times)
        return {row["reference"] for row in rows}

    def _variants(self, skus: Iterator[str]) -> Variants:
        asked = sorted(set(skus) - {""})
        if not asked:
            return {}
        marks = ", ".join("?" * len(asked))
        rows = self._database.rows(queries.VARIANT_OF.format(marks=marks), asked)
        return {row["ae_ref"]: (row["ar_ref"], row["value_1"] or "", row["value_2"] or "") for row in rows}


def _never() -> bool:
    """The pont keeps the ids of cancellations itself: asked again, it answers with the first one's result."""
    return False
