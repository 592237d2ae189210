"""deliveries that are due ──POST, signed──▶ the merchant's own addresses; what fails is tried for three days"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings

from comptoir.core import clock
from comptoir.core.sealing import CannotUnseal
from comptoir.core.throttle import NoThrottle
from comptoir.events.models import Delivery
from comptoir.events.webhooks import Attempt, due_deliveries, message_of, note_attempts, signed_headers
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.http import Exchange, HttpLink, Problem
from comptoir.sdk.i18n import N_

TIMEOUT_S = 15.0
ADDRESSES_AT_ONCE = 8


@flow(
    label=N_("Send webhooks"),
    every=timedelta(seconds=5),
    has_work=lambda _: bool(due_deliveries(clock.now())),
)
def send_webhooks(execution: Execution) -> None:
    by_webhook: dict[int, list[Delivery]] = defaultdict(list)
    for delivery in due_deliveries(execution.now()):
        by_webhook[delivery.webhook_id].append(delivery)
    # A slow address delays its own events and nobody else's.
    with ThreadPoolExecutor(ADDRESSES_AT_ONCE) as pool:
        for attempts in pool.map(_send, by_webhook.values()):
            note_attempts(attempts)
            execution.count("delivered", sum(one.ok for one in attempts))
            execution.count("failed", sum(not one.ok for one in attempts))


def _send(deliveries: Sequence[Delivery]) -> list[Attempt]:
    """In the order of the events; after the first failure the others wait for their own turn."""
    attempts: list[Attempt] = []
    seen: list[Exchange] = []
    link = HttpLink(
        "", account=f"webhook:{deliveries[0].webhook_id}", headers=dict, throttle=NoThrottle(), observe=seen.append,
        clock=clock.now, read_problem=_no_words, allow_loopback=settings.ALLOW_LOOPBACK, timeout_s=TIMEOUT_S,
    )  # fmt: skip
    try:
        for delivery in deliveries:
            attempts.append(_send_one(link, delivery, seen))
            if not attempts[-1].ok:
                break
    finally:
        link.close()
    return attempts


def _send_one(link: HttpLink, delivery: Delivery, seen: list[Exchange]) -> Attempt:
    body = message_of(delivery.event)
    try:
        headers = signed_headers(delivery.webhook, delivery.event, body, clock.now())
    except (CannotUnseal, ValueError) as error:
        # Its own trouble (restored without the sealing keys): the other addresses are told all the same.
        return Attempt(delivery.pk, None, f"The secret of this webhook cannot be used: {error}", 0)
    message = ""
    try:
        link.write("webhook", "POST", delivery.webhook.url, content=body, headers=headers)
    except ConnectorError as error:
        message = error.message
    trace = seen.pop()
    return Attempt(delivery.pk, trace.status, message, trace.duration_ms)


def _no_words(body: bytes) -> Problem:
    """What their server writes into an error is not ours to keep."""
    return Problem("")
