"""orders_update: look at the orders, send what is left to do, one verdict per item.

At most 25 orders travel in one request (API 2.6). One order that their schema refuses condemns the
whole request, so that a refused request is sent again order by order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from lxml import etree

from comptoir.connectors.fnac import replies, xml
from comptoir.connectors.fnac.client import FnacClient
from comptoir.connectors.fnac.fields import children, text
from comptoir.connectors.fnac.order_plans import LineAction, OrderAction, Plan
from comptoir.connectors.fnac.order_reading import OrderReader
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.records import Order, Outcome, Verdict

ORDERS_PER_UPDATE: Final = 25

T = TypeVar("T")


class OrderWriter:
    def __init__(self, client: FnacClient, reader: OrderReader) -> None:
        self._client = client
        self._reader = reader

    def carry_out(
        self,
        items: Sequence[T],
        *,
        key: Callable[[T], str],
        order_id: Callable[[T], str],
        plan: Callable[[T, Order], Plan],
    ) -> Iterator[Verdict]:
        """One verdict per item, in no particular order."""
        for chunk in _chunks(items, order_id):
            known = self._look([order_id(item) for item in chunk])
            actions: list[OrderAction] = []
            for item in chunk:
                found = known.get(order_id(item))
                step = plan(item, found) if found else _not_found(key(item), order_id(item))
                if isinstance(step, Verdict):
                    yield step
                else:
                    actions.append(step)
            if actions:
                yield from self._send(actions)

    def _look(self, order_ids: Sequence[str]) -> Mapping[str, Order]:
        pages = self._reader.by_id(order_ids)
        return {order.external_id: order for page in pages for order in page.orders}

    def _send(self, actions: Sequence[OrderAction]) -> Iterator[Verdict]:
        try:
            reply = self._client.write(build_orders_update(actions), items="order")
        except OutcomeUnknown as error:
            yield from (_verdict(a, Outcome.UNKNOWN, error.code, error.message) for a in actions)
        except RejectedRecord as error:
            if len(actions) == 1:
                yield _verdict(actions[0], Outcome.REJECTED, error.code, error.message)
            else:
                for action in actions:
                    yield from self._send([action])
        else:
            yield from parse_orders_update(reply.content, actions)


def _chunks(items: Sequence[T], order_id: Callable[[T], str]) -> Iterator[list[T]]:
    """At most 25 items, no order twice: the answer names orders, not items."""
    chunk: list[T] = []
    for item in items:
        if len(chunk) == ORDERS_PER_UPDATE or order_id(item) in {order_id(other) for other in chunk}:
            yield chunk
            chunk = []
        chunk.append(item)
    if chunk:
        yield chunk


def build_orders_update(actions: Sequence[OrderAction]) -> etree._Element:
    request = xml.document("orders_update")
    for action in actions:
        order = xml.add(request, "order", attributes={"order_id": action.order_id, "action": action.action})
        for line in action.lines:
            _add_line(xml.add(order, "order_detail"), line)
    return request


def _add_line(detail: etree._Element, line: LineAction) -> None:
    xml.add(detail, "order_detail_id", line.line_id)
    xml.add(detail, "action", line.action)
    for name in ("tracking_number", "tracking_company", "refund_reason"):
        if value := getattr(line, name):
            xml.add(detail, name, value)


def parse_orders_update(reply: Mapping[str, object], actions: Sequence[OrderAction]) -> Iterator[Verdict]:
    """An order that the answer does not speak of has an unknown outcome."""
    answers = {text(node, "order_id"): node for node in children(reply, "order")}
    for action in actions:
        node = answers.get(action.order_id)
        if node is None:
            yield _verdict(action, Outcome.UNKNOWN, "", "The answer does not speak of this order.")
        else:
            yield _order_verdict(action, node)


def _order_verdict(action: OrderAction, node: Mapping[str, object]) -> Verdict:
    """Refused when the order or any of its lines is; the others of its lines may well have been taken."""
    parts = [node, *children(node, "order_detail")]
    errors = [error for part in parts for error in replies.errors_of(part)]
    condemned = replies.severe(errors)
    if condemned or any(replies.failed(text(part, "status")) for part in parts):
        code = condemned[0].code if condemned else ""
        words = "; ".join(error.message for error in condemned) or f"status {text(node, 'status')}"
        return _verdict(action, Outcome.REJECTED, code, words)
    return _verdict(action, action.then, "", "; ".join(error.message for error in errors))


def _verdict(action: OrderAction, outcome: Outcome, code: str, message: str) -> Verdict:
    return Verdict(key=action.key, outcome=outcome, code=code, message=message, external_id=action.order_id)


def _not_found(key: str, order_id: str) -> Verdict:
    """Not shown now, or not readable now: its page may come whole the next time."""
    return Verdict(
        key=key,
        outcome=Outcome.RETRY,
        code="order_not_found",
        message=f"Fnac shows no order {order_id} that can be read.",
        external_id=order_id,
    )
