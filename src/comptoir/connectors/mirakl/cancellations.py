"""OR29 (a whole order) and OR30 (units of lines): before anything left, where `can_cancel` says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from comptoir.connectors.mirakl.attempts import Attempts
from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.giving_back import already_given, build_body, ids_of
from comptoir.connectors.mirakl.lookup import find_order, look_at
from comptoir.connectors.mirakl.payloads import OrderPayload
from comptoir.connectors.mirakl.settings import MiraklSettings
from comptoir.connectors.mirakl.statuses import order_status
from comptoir.connectors.mirakl.verdicts import done, one_by_one
from comptoir.sdk.connector import Cache
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Cancellation, Verdict
from comptoir.sdk.statuses import OrderStatus


class _Cancelation(msgspec.Struct):
    cancelation_id: str | int | None = None


class _Cancelations(msgspec.Struct):
    cancelations: list[_Cancelation]


class CancellationWriter:
    def __init__(self, client: MiraklClient, settings: MiraklSettings, cache: Cache) -> None:
        self._client = client
        self._reason = settings.cancel_reason
        self._attempts = Attempts(cache)

    def cancel(self, cancellations: Sequence[Cancellation]) -> Iterator[Verdict]:
        return one_by_one(cancellations, lambda one: one.reference, self._cancel)

    def _cancel(self, cancellation: Cancellation) -> Verdict:
        return self._cancel_lines(cancellation) if cancellation.lines else self._cancel_order(cancellation)

    def _cancel_order(self, cancellation: Cancellation) -> Verdict:
        try:
            self._client.send("OR29", order_id=cancellation.order_id)
        except RejectedRecord:
            # A second cancelation is refused as "wrong state": is the order cancelled already?
            order = look_at(self._client, cancellation.order_id)
            if order_status(order.order_state or "") is not OrderStatus.CANCELLED:
                raise
            return done(cancellation.reference, message="It was already cancelled.")
        return done(cancellation.reference)

    def _cancel_lines(self, cancellation: Cancellation) -> Verdict:
        order = find_order(self._client, cancellation.order_id)
        body = build_cancellation(order, cancellation, self._reason)
        before = self._attempts.begin(f"cancellation:{cancellation.reference}", _cancelation_ids(order))
        if before is not None and (given := already_given(order, cancellation.lines, "cancelations", before)):
            return done(cancellation.reference, ",".join(given), "It was already cancelled.")
        created = self._client.send("OR30", body).json(_Cancelations)
        ids = [str(one.cancelation_id) for one in created.cancelations if one.cancelation_id is not None]
        return done(cancellation.reference, ",".join(ids))


def build_cancellation(
    order: OrderPayload, cancellation: Cancellation, default_reason: str
) -> dict[str, object]:
    """RejectedRecord without a reason, which OR30 wants for each line."""
    reason = cancellation.reason or default_reason
    if not reason:
        raise RejectedRecord(
            "Choose a default reason of cancellations in the settings.", code="REASON_MISSING"
        )
    return build_body(order, "cancelations", cancellation.lines, reason)


def _cancelation_ids(order: OrderPayload) -> list[str]:
    return [i for line in order.order_lines or () if line for i in ids_of(line.cancelations or ())]
