"""OR28: money back to the buyer after the debit. The order is read first: its taxes are needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from comptoir.connectors.mirakl.attempts import Attempts
from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.giving_back import already_given, build_body, ids_of
from comptoir.connectors.mirakl.lookup import find_order
from comptoir.connectors.mirakl.payloads import OrderPayload
from comptoir.connectors.mirakl.settings import MiraklSettings
from comptoir.connectors.mirakl.verdicts import done, one_by_one
from comptoir.sdk.connector import Cache
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Refund, Verdict


class _Refund(msgspec.Struct):
    refund_id: str | int | None = None


class _Refunds(msgspec.Struct):
    refunds: list[_Refund]


class RefundWriter:
    def __init__(self, client: MiraklClient, settings: MiraklSettings, cache: Cache) -> None:
        self._client = client
        self._reason = settings.refund_reason
        self._attempts = Attempts(cache)

    def refund(self, refunds: Sequence[Refund]) -> Iterator[Verdict]:
        return one_by_one(refunds, lambda one: one.reference, self._refund)

    def _refund(self, refund: Refund) -> Verdict:
        order = find_order(self._client, refund.order_id)
        body = build_refund(order, refund, self._reason)
        before = self._attempts.begin(f"refund:{refund.reference}", _refund_ids(order))
        if before is not None and (given := already_given(order, refund.lines, "refunds", before)):
            return done(refund.reference, ",".join(given), "It was already refunded.")
        created = self._client.send("OR28", body).json(_Refunds)
        ids = [str(one.refund_id) for one in created.refunds if one.refund_id is not None]
        return done(refund.reference, ",".join(ids))


def build_refund(order: OrderPayload, refund: Refund, default_reason: str) -> dict[str, object]:
    """RejectedRecord without lines (OR28 knows no refund of whole orders) or without a reason."""
    if not refund.lines:
        raise RejectedRecord("A refund needs the lines that it gives back.", code="LINES_MISSING")
    reason = refund.reason or default_reason
    if not reason:
        raise RejectedRecord("Choose a default reason of refunds in the settings.", code="REASON_MISSING")
    return build_body(order, "refunds", refund.lines, reason)


def _refund_ids(order: OrderPayload) -> list[str]:
    return [i for line in order.order_lines or () if line for i in ids_of(line.refunds or ())]
