"""« Ask again »: a kept reading, made once more by hand, and both answers side by side.

Only a GET whose address was kept whole is repeated to the letter. A write is not: what became of it is looked up by
its flow, which then does what is still to be done (`docs/develop/architecture.md`, « how every flow runs »).
"""

from __future__ import annotations

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.flows.connect import UnknownConnector, connected, connector_type
from comptoir.journal.exchanges import ExchangeRecorder
from comptoir.journal.models import Exchange, Run
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.redaction import HIDDEN
from comptoir.sdk.rereading import ReadsAgain

NAME = "read_again"


class CannotReadAgain(ValueError):  # noqa: N818
    """It wrote something, its address was not kept whole, or its connector cannot."""


def can_read_again(exchange: Exchange) -> bool:
    """Is it a reading that can be made again to the letter?"""
    if exchange.method != "GET" or exchange.request_body or HIDDEN in exchange.url:
        return False
    channel = Channel.objects.filter(key=exchange.channel).first()
    return channel is not None and _connector_can(channel)


def read_again(exchange: Exchange, *, actor: str) -> Exchange | None:
    """The new exchange, failed or not; None when nothing left, because our own limit or settings said no: the run
    says why. Raises CannotReadAgain."""
    if not can_read_again(exchange):
        raise CannotReadAgain(exchange.pk)
    channel = Channel.objects.get(key=exchange.channel)
    run = Run.objects.create(
        flow=NAME, channel=channel.key, trigger="hand", actor=actor, started_at=clock.now()
    )
    recorder = ExchangeRecorder(channel.key, sample_rate=1.0)
    run.outcome = Run.Outcome.FAILED
    try:
        with connected(channel, recorder) as connection:
            connection.read_again(exchange.operation, exchange.url)
        run.outcome = Run.Outcome.SUCCEEDED
    except ConnectorError as error:
        run.error_kind, run.error = type(error).__name__, error.message
    finally:
        run.ended_at = clock.now()
        run.save()
        recorder.flush(run.pk)
    # A token may have been asked for before it.
    return run.exchanges.filter(operation=exchange.operation, method="GET").order_by("-id").first()


def _connector_can(channel: Channel) -> bool:
    try:
        return issubclass(connector_type(channel.kind).connection, ReadsAgain)  # type: ignore[arg-type]
    except UnknownConnector:
        return False
