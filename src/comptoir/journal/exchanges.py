"""Keeping traces: always on error, by sample otherwise, and always redacted first."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from comptoir.core.telling import tell_exchange
from comptoir.journal.models import Exchange
from comptoir.sdk.http import Exchange as Trace
from comptoir.sdk.storable import storable, storable_json

KEPT_CHARACTERS = 64_000


@dataclass
class ExchangeRecorder:
    """`context.observe` of one run. Traces are kept in memory and written by `flush`.

    They are written after the run's own transactions, on purpose: a rollback must not take with it the
    only evidence of why it happened.
    """

    channel: str
    sample_rate: float
    chance: random.Random = field(default_factory=random.Random)
    count: int = 0
    _kept: list[Exchange] = field(default_factory=list)

    def __call__(self, trace: Trace) -> None:
        self.count += 1
        tell_exchange(
            trace.operation, trace.started_at, trace.duration_ms,
            channel=self.channel, method=trace.method, status=trace.status, failed=trace.failed,
        )  # fmt: skip
        if trace.failed or self.chance.random() < self.sample_rate:
            self._kept.append(_redacted(trace, self.channel))

    def flush(self, run_id: int | None) -> None:
        for exchange in self._kept:
            exchange.run_id = run_id
        Exchange.objects.bulk_create(self._kept)
        self._kept.clear()


def _redacted(trace: Trace, channel: str) -> Exchange:
    hide = trace.redactor
    return Exchange(
        channel=channel,
        operation=trace.operation,
        method=trace.method,
        url=storable(hide.url(trace.url)),
        started_at=trace.started_at,
        duration_ms=trace.duration_ms,
        status=trace.status,
        request_headers=storable_json(hide.headers(trace.request_headers)),
        request_body=_text(hide.body(trace.request_body.decode("utf-8", "replace"))),
        response_headers=storable_json(hide.headers(trace.response_headers)),
        response_body=_text(hide.body(trace.response_body.decode("utf-8", "replace"))),
        error=storable(hide.body(trace.error)),
    )


def _text(body: str) -> str:
    body = storable(body)
    left = len(body) - KEPT_CHARACTERS
    return body if left <= 0 else f"{body[:KEPT_CHARACTERS]}\n… {left} more characters"
