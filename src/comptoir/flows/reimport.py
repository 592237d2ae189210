"""« Re-import this order » and « re-import this window »: by hand, from the back-office or the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.locks import advisory_lock
from comptoir.flows.connect import connected
from comptoir.flows.execution import Execution
from comptoir.flows.intake import store_page
from comptoir.journal.exchanges import ExchangeRecorder
from comptoir.journal.models import Run
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.ports import OrderSource
from comptoir.sdk.records import OrderPage


def reimport_orders(channel: Channel, order_ids: Sequence[str], *, actor: str) -> Run:
    """Raises core.locks.Busy when the channel's orders are being read right now."""
    return _reimport(channel, actor, lambda source: source.orders_by_id(order_ids))


def reimport_window(channel: Channel, start: datetime, end: datetime, *, actor: str) -> Run:
    return _reimport(channel, actor, lambda source: source.orders_between(start, end))


def _reimport(channel: Channel, actor: str, read: Callable[[OrderSource], Iterable[OrderPage]]) -> Run:
    with advisory_lock(f"flow:orders:{channel.key}"):
        run = Run.objects.create(
            flow="reimport_orders", channel=channel.key, trigger="hand", actor=actor, started_at=clock.now()
        )
        recorder = ExchangeRecorder(channel.key, sample_rate=1.0)
        execution = Execution(run, channel, None)
        try:
            with connected(channel, recorder) as connection:
                execution.connection = connection
                for page in read(connection):
                    store_page(execution, page)
            run.outcome = Run.Outcome.PARTIAL if execution.partial else Run.Outcome.SUCCEEDED
        except ConnectorError as error:
            run.outcome, run.error_kind, run.error = Run.Outcome.FAILED, type(error).__name__, error.message
        run.ended_at, run.counts = clock.now(), dict(execution.counts)
        run.save()
        recorder.flush(run.pk)
        return run
