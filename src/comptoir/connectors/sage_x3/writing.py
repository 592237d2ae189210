"""Orders, cancellations and refunds by SOAP: each looked up before it is asked for, and after silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from comptoir.connectors.sage_x3.amendments import plan_change
from comptoir.connectors.sage_x3.attempts import Attempts
from comptoir.connectors.sage_x3.client import BUSY
from comptoir.connectors.sage_x3.customers import Customers
from comptoir.connectors.sage_x3.documents import CLOSED
from comptoir.connectors.sage_x3.lists import Lists, Row
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.payloads import build_order, build_refund, credit_reference
from comptoir.connectors.sage_x3.services import LOCKED, Services
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.errors import ConfigurationError, OutcomeUnknown, RejectedRecord, TransientError
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

Call = Callable[[], tuple[str, str]]
"""Writes; gives the number of what was written, and X3's warnings."""
Look = Callable[[], str]
"""The number of what is there; "" when it is not."""
Item = tuple[str, Call, Look]


class Writer:
    def __init__(
        self, lists: Lists, services: Services, customers: Customers, attempts: Attempts, settings: SageX3Settings,
        mapped: Mapped,
    ) -> None:  # fmt: skip
        self._lists = lists
        self._services = services
        self._customers = customers
        self._attempts = attempts
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
        return self._receipt("orders", number, known, items)

    def cancellations(self, number: int, items: Sequence[ErpCancellation]) -> Receipt:
        calls = [(item.cancellation_id, self._cancel_call(item), _never) for item in items]
        return self._receipt("cancellations", number, {}, calls)

    def refunds(self, number: int, items: Sequence[ErpRefund]) -> Receipt:
        calls = [(item.refund_id, self._credit_call(item), self._credit_look(item)) for item in items]
        return self._receipt("refunds", number, {}, calls)

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
            column = self._mapped.place("order.reference")[1]
            number = self._mapped.place("order.number")[1]
            rows = self._services.query(self._settings.order_object, {column: reference})
            return next((str(row.get(number, "")) for row in rows if row.get(column) == reference), "")

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
                self._services.modify(name, key, change.entity)
            return next(iter(key.values())), ""

        return write

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
            column, number = self._mapped.place("credit.reference")[1], self._mapped.place("credit.number")[1]
            rows = self._services.query(self._settings.invoice_object, {column: wanted})
            return next((str(row.get(number, "")) for row in rows if row.get(column) == wanted), "")

        return look

    def _created(self, name: str, entity: object, word: str) -> tuple[str, str]:
        read, warnings = self._services.save(name, entity)  # type: ignore[arg-type]
        group, field = self._mapped.place(word)
        return str(read.get(group, {}).get(field, "")), warnings

    # --- a delivery -------------------------------------------------------------------------------------

    def _receipt(self, kind: str, number: int, known: dict[str, str], items: Sequence[Item]) -> Receipt:
        for key in known:
            self._attempts.end(key)
        verdicts = [_found(key, document) for key, document in sorted(known.items())]
        verdicts += self._write_all(items, written=len(known))
        report = SubmissionReport(state=ImportState.COMPLETE, verdicts=tuple(verdicts))
        return Receipt(external_id=f"{kind}-{number}", report=report)

    def _write_all(self, items: Sequence[Item], *, written: int) -> Iterator[Verdict]:
        """One after the other. A record that somebody holds waits alone; when X3 itself cannot go on, the rest is
        told again later, and when nothing at all could be done, the error is raised, so that the next turn waits."""
        done = written
        for place, (key, write, look) in enumerate(items):
            try:
                yield self._write_one(key, write, look)
                done += 1
            except (TransientError, ConfigurationError) as error:
                if error.code == LOCKED:
                    yield Verdict(key=key, outcome=Outcome.RETRY, code=error.code, message=error.message)
                    done += 1
                    continue
                if not done:
                    raise
                yield from (Verdict(key=rest[0], outcome=Outcome.RETRY) for rest in items[place:])
                return

    def _write_one(self, key: str, write: Call, look: Look) -> Verdict:
        """Looked for once more just before: what a lost call of a moment ago has made is found here."""
        if look is _never:
            return self._written(key, write, look)
        if there := look():
            self._attempts.end(key)
            return _found(key, there)
        if self._attempts.is_open(key):
            words = "asked for a moment ago without an answer: looked for again before it is written"
            return Verdict(key=key, outcome=Outcome.UNKNOWN, code="settling", message=words)
        self._attempts.begin(key)
        try:
            verdict = self._written(key, write, look)
        except (TransientError, ConfigurationError) as error:
            if error.code in (BUSY, LOCKED) or error.status in (None, 401, 403, 429, 503):
                self._attempts.end(key)  # it never began
            raise
        if verdict.outcome is not Outcome.UNKNOWN:
            self._attempts.end(key)
        return verdict

    def _written(self, key: str, write: Call, look: Look) -> Verdict:
        try:
            document, warnings = write()
        except RejectedRecord as error:
            if self._settings.own_numbers and (there := look()):
                return _found(key, there)  # « this number exists »: the lost call made it
            return Verdict(key=key, outcome=Outcome.REJECTED, code=error.code, message=error.message)
        except OutcomeUnknown as error:
            return self._look_again(key, look, error)
        return Verdict(key=key, outcome=Outcome.DONE, external_id=document, message=warnings)

    def _look_again(self, key: str, look: Look, error: OutcomeUnknown) -> Verdict:
        """Never a blind second write: what is not found now is looked for by the next deliveries, first."""
        try:
            if there := look():
                return _found(key, there)
        except (TransientError, OutcomeUnknown):
            pass  # still unknown, and said so below
        return Verdict(key=key, outcome=Outcome.UNKNOWN, code=error.code, message=error.message)

    # --- looking ----------------------------------------------------------------------------------------

    def _orders(self, references: Iterator[str] | Sequence[str]) -> list[Row]:
        return self._lists.of("orders", "reference", references, ("number",))


def _found(key: str, document: str) -> Verdict:
    return Verdict(key=key, outcome=Outcome.DONE, external_id=document, message="found in X3")


def _never() -> str:
    """A cancellation says where a line shall stand: asked again, it changes nothing."""
    return ""
