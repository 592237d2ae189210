"""Accepting and refusing: `POST /orders/{id}/approval-status`, only while an order waits for it.

Octopia decides on whole orders. The order is read before anything is posted: what was done by an
attempt whose answer was lost is found there, and nothing is posted twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import text
from comptoir.connectors.octopia.order_reading import OrderReader
from comptoir.connectors.octopia.statuses import ACCEPTED_CODES, WAITING
from comptoir.connectors.octopia.verdicts import NotYet, done, verdict_each
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.records import OrderDecision, Verdict

_WISHED = {True: ACCEPTED_CODES, False: frozenset({"Refused"})}


class Acceptor:
    def __init__(self, client: OctopiaClient, orders: OrderReader) -> None:
        self._client = client
        self._orders = orders

    def decide(self, decisions: Sequence[OrderDecision]) -> Iterator[Verdict]:
        return verdict_each(decisions, lambda decision: decision.order_id, self._decide)

    def _decide(self, decision: OrderDecision) -> Verdict:
        answers = set(decision.lines.values())
        if len(answers) != 1:
            raise RejectedRecord(
                "Octopia decides on whole orders: accept it, then cancel the lines that cannot be served.",
                record_id=decision.order_id,
            )
        return self.answer(decision.order_id, accept=answers.pop())

    def answer(self, order_id: str, *, accept: bool) -> Verdict:
        code = self._state(order_id)
        if code in _WISHED[accept]:
            return done(order_id, f"The order is already {code}.")
        if code == "Processing":
            raise NotYet(f"The order {order_id} is still being checked by Octopia.")
        if code != WAITING:
            raise RejectedRecord(f"The order is {code}: it waits for no answer.", record_id=order_id)
        return self._post(order_id, accept=accept)

    def _post(self, order_id: str, *, accept: bool) -> Verdict:
        body = {"approval_status": "Accepted" if accept else "Refused"}
        try:
            answer = self._client.write("approveOrder", "POST", f"/orders/{order_id}/approval-status", body)
        except OutcomeUnknown:
            if self._state(order_id) in _WISHED[accept]:
                return done(order_id, "The answer was lost; the order was read back.")
            raise
        if answer.status == 202 and self._state(order_id) not in _WISHED[accept]:
            raise OutcomeUnknown(f"Octopia took the answer to {order_id} and has not applied it yet.")
        return done(order_id)

    def _state(self, order_id: str) -> str:
        return text(self._orders.one(order_id).status)
