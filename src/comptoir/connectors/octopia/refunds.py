"""Giving money back after shipping: whole lines are cancelled, parts go as a commercial gesture.

`POST /order-commercial-gesture-requests {orderId, reason, reasonDetails, amount}` for an order that is
Shipped or Delivered, up to `GET /orders/{id}/commercial-gestures-available-amounts`. Our reference goes
into `reasonDetails`: that is how a gesture whose answer was lost is found again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from comptoir.connectors.octopia.cancellations import Canceller
from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import Id, OrderPayload, Payload, text
from comptoir.connectors.octopia.order_reading import OrderReader
from comptoir.connectors.octopia.paging import linked_pages
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.connectors.octopia.statuses import SHIPPED_CODES
from comptoir.connectors.octopia.verdicts import done, verdict_each
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import LineAmount, Refund, Verdict


class _Available(Payload, frozen=True):
    allowable_amount: Decimal


class _Gesture(Payload, frozen=True):
    request_id: Id = None
    reason_details: str | None = None


class Refunder:
    def __init__(
        self, client: OctopiaClient, settings: OctopiaSettings, orders: OrderReader, canceller: Canceller
    ) -> None:
        self._client = client
        self._settings = settings
        self._orders = orders
        self._canceller = canceller

    def refund(self, refunds: Sequence[Refund]) -> Iterator[Verdict]:
        return verdict_each(refunds, lambda refund: refund.reference, self._refund)

    def _refund(self, refund: Refund) -> Verdict:
        order = self._orders.one(refund.order_id)
        if all(_is_whole(order, line) for line in refund.lines):
            lines = [line for wanted in refund.lines if (line := order.line(wanted.line_id))]
            # The reasons that Octopia takes after shipping are not those from before it.
            reason = refund.reason or self._settings.refund_reason
            return self._canceller.ask(refund.order_id, refund.reference, reason, order, lines)
        return self._gesture(refund, text(order.status))

    def _gesture(self, refund: Refund, state: str) -> Verdict:
        made = self._find_gesture(refund)
        if made is not None:
            return done(refund.reference, "Already given.", external_id=text(made.request_id))
        if state not in SHIPPED_CODES:
            words = f"The order is {state}: part of its amount can be given back once it is shipped."
            raise RejectedRecord(words, record_id=refund.reference)
        body = {
            "orderId": refund.order_id,
            "reason": refund.reason or self._settings.gesture_reason,
            "reasonDetails": refund.reference,
            "amount": self._within_available(refund),
        }
        answer = self._client.write("giveGesture", "POST", "/order-commercial-gesture-requests", body)
        return done(refund.reference, external_id=_gesture_id(answer.body))

    def _within_available(self, refund: Refund) -> Decimal:
        amount = sum((line.amount + line.shipping_amount for line in refund.lines), ZERO)
        path = f"/orders/{refund.order_id}/commercial-gestures-available-amounts"
        available = self._client.get("availableGesture", path).json(_Available).allowable_amount
        if not ZERO < amount <= available:
            words = f"Octopia gives back up to {available} for this order, not {amount}."
            raise RejectedRecord(words, record_id=refund.reference)
        return amount

    def _find_gesture(self, refund: Refund) -> _Gesture | None:
        asked = {"orderId": refund.order_id}
        pages = linked_pages(self._client, "listGestures", "/order-commercial-gesture-requests", asked)
        gestures = (_read_gesture(raw) for page in pages for raw in page)
        return next((one for one in gestures if text(one.reason_details) == refund.reference), None)


def _is_whole(order: OrderPayload, wanted: LineAmount) -> bool:
    """All the units of a line and at least its price: that is a cancellation in Octopia's words."""
    line = order.line(wanted.line_id)
    told = line.total_price.selling_price if line and line.total_price else None
    if line is None:
        raise RejectedRecord(f"The order has no line {wanted.line_id}.")
    return wanted.quantity >= (line.quantity or 0) and told is not None and wanted.amount >= told


def _read_gesture(raw: msgspec.Raw) -> _Gesture:
    try:
        return msgspec.json.decode(raw, type=_Gesture, strict=False)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswer(f"A commercial gesture cannot be read ({error}).") from error


def _gesture_id(body: bytes) -> str:
    """ "" where the answer has no body: its shape is not verified."""
    try:
        return text(msgspec.json.decode(body, type=_Gesture, strict=False).request_id)
    except msgspec.DecodeError:
        return ""
