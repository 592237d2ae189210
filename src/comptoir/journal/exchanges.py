"""Keeping traces: always on error, by sample otherwise, and always redacted first."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from comptoir.core.telling import tell_exchange
from comptoir.journal.models import Exchange
from comptoir.sdk.http import Exchange as Trace
from comptoir.sdk.redaction import Redactor
from comptoir.sdk.storable import storable, storable_json

KEPT_CHARACTERS = 64_000
LONGEST_SECRET = 8_000
"""Characters of a key or a token, however it is written, at most."""


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
        request_body=_body(hide, trace.request_body),
        response_headers=storable_json(hide.headers(trace.response_headers)),
        response_body=_body(hide, trace.response_body),
        error=storable(hide.body(trace.error)),
    )


def _body(hide: Redactor, raw: bytes) -> str:
    """Redacted first, cut after. Of a page of megabytes only what may be kept is redacted at all: what the first
    cut halved (a secret, an address) stands in its last characters, which are dropped."""
    text = raw.decode("utf-8", "replace")
    if len(text) <= KEPT_CHARACTERS:
        redacted = hide.body(text)
        kept, left = redacted[:KEPT_CHARACTERS], len(redacted) - KEPT_CHARACTERS
    else:
        kept = hide.body(text[: KEPT_CHARACTERS + LONGEST_SECRET])[:-LONGEST_SECRET][:KEPT_CHARACTERS]
        left = len(text) - len(kept)
    return storable(kept) if left <= 0 else f"{storable(kept)}\n… {left} more characters"
