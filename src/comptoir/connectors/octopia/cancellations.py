"""Cancelling (which refunds) a whole order or whole lines, before or after shipping.

`POST /order-cancellation-requests` and `POST /order-partial-cancellation-requests`. Both are requests: the
order changes later. There is no quantity below a line. Before its acceptance an order is refused instead.
The requests already made are read first, so that none is made twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from comptoir.connectors.octopia.acceptance import Acceptor
from comptoir.connectors.octopia.account import Account
from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import Id, LinePayload, OrderPayload, Payload, text
from comptoir.connectors.octopia.order_reading import OrderReader
from comptoir.connectors.octopia.paging import numbered_pages
from comptoir.connectors.octopia.reasons import choose_reason
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.connectors.octopia.statuses import CANCELLED_CODES, WAITING
from comptoir.connectors.octopia.verdicts import done, verdict_each
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.records import Cancellation, LineAmount, Verdict

# The states of a request are not documented; these words, wherever they were seen, mean that it failed.
_FAILED_STATES = frozenset({"Rejected", "Refused", "Failed", "Error", "Cancelled"})


class _Request(Payload, frozen=True):
    cancellation_request_id: Id = None
    line_id: Id = None
    status: str | None = None


class Canceller:
    def __init__(
        self,
        client: OctopiaClient,
        settings: OctopiaSettings,
        orders: OrderReader,
        account: Account,
        acceptor: Acceptor,
    ) -> None:
        self._client = client
        self._settings = settings
        self._orders = orders
        self._account = account
        self._acceptor = acceptor

    def cancel(self, cancellations: Sequence[Cancellation]) -> Iterator[Verdict]:
        return verdict_each(cancellations, lambda one: one.reference, self._cancel)

    def _cancel(self, cancellation: Cancellation) -> Verdict:
        order = self._orders.one(cancellation.order_id)
        if text(order.status) == WAITING:
            return self._refuse(cancellation, order)
        lines = lines_to_cancel(order, cancellation.lines, cancellation.reference)
        return self.ask(cancellation.order_id, cancellation.reference, cancellation.reason, order, lines)

    def ask(
        self, order_id: str, reference: str, reason: str, order: OrderPayload, lines: Sequence[LinePayload]
    ) -> Verdict:
        """Ask for what is neither cancelled nor asked for already."""
        live = [line for line in lines if text(line.status) not in CANCELLED_CODES]
        if not live:
            return done(reference, "Already cancelled.")
        asked = self._already_asked(order_id)
        left = [] if "" in asked else [line for line in live if text(line.order_line_id) not in asked]
        if not left:
            return done(reference, "Already asked for.")
        states = self._account.cancellation_reasons(text(order.status))
        code = choose_reason(reason, self._settings.cancellation_reason, states, reference)
        if len(left) == len(order.known_lines):
            return self._ask_whole(order_id, reference, code)
        return self._ask_lines(order_id, reference, code, left)

    def _refuse(self, cancellation: Cancellation, order: OrderPayload) -> Verdict:
        if cancellation.lines and len(cancellation.lines) < len(order.known_lines):
            words = "The order waits for our answer: accept it first, or refuse it whole."
            raise RejectedRecord(words, record_id=cancellation.reference)
        verdict = self._acceptor.answer(cancellation.order_id, accept=False)
        return msgspec.structs.replace(verdict, key=cancellation.reference)

    def _ask_whole(self, order_id: str, reference: str, reason: str) -> Verdict:
        body = {"orderSellerId": order_id, "reason": reason, "shippingCostRefund": True}
        answer = self._client.write("cancelOrder", "POST", "/order-cancellation-requests", body)
        return done(reference, external_id=_request_id(answer.body))

    def _ask_lines(self, order_id: str, reference: str, reason: str, lines: Sequence[LinePayload]) -> Verdict:
        body = {
            "orderSellerId": order_id,
            "lines": [
                {
                    "lineId": text(line.order_line_id),
                    "offerId": text(line.offer.offer_id) if line.offer else "",
                    "reason": reason,
                    "shippingCostRefund": True,
                }
                for line in lines
            ],
        }
        answer = self._client.write("cancelLines", "POST", "/order-partial-cancellation-requests", body)
        return done(reference, external_id=_request_id(answer.body))

    def _already_asked(self, order_id: str) -> set[str]:
        """Ids of the lines in requests that have not failed; "" stands for the whole order."""
        pages = numbered_pages(
            self._client, "listCancellations", "/order-cancellation-requests", {"orderSellerId": order_id}
        )
        requests = [_read_request(raw) for page in pages for raw in page]
        return {text(one.line_id) for one in requests if text(one.status) not in _FAILED_STATES}


def lines_to_cancel(order: OrderPayload, wanted: Iterable[LineAmount], reference: str) -> list[LinePayload]:
    """The order's lines that are wanted, all of them when none is named; RejectedRecord for a part of one."""
    amounts = list(wanted)
    return [_whole_line(order, one, reference) for one in amounts] if amounts else order.known_lines


def _whole_line(order: OrderPayload, wanted: LineAmount, reference: str) -> LinePayload:
    line = order.line(wanted.line_id)
    if line is None:
        raise RejectedRecord(f"The order has no line {wanted.line_id}.", record_id=reference)
    if wanted.quantity < (line.quantity or 0):
        words = f"Octopia cancels whole lines: {wanted.quantity} of {line.quantity} units cannot be."
        raise RejectedRecord(words, record_id=reference)
    return line


def _read_request(raw: msgspec.Raw) -> _Request:
    try:
        return msgspec.json.decode(raw, type=_Request, strict=False)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswer(f"A cancellation request cannot be read ({error}).") from error


def _request_id(body: bytes) -> str:
    """The id of the request just made; "" where the answer has no body (its shape is not verified)."""
    try:
        found = msgspec.json.decode(body, type=dict[str, object])
    except msgspec.DecodeError:
        return ""
    return text(found.get("cancellationRequestId") or found.get("partialCancellationRequestId"))
