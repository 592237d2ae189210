"""Webhooks out: who is told, when it is tried again, when it is given up. Signed as Standard Webhooks says.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
from django.db import transaction
from standardwebhooks.webhooks import Webhook as Signer

from comptoir.core import clock
from comptoir.core.sealing import seal
from comptoir.events.models import Delivery, Event, Webhook
from comptoir.journal.audit import record_change
from comptoir.journal.issues import Reason, Trouble, close_issues, open_issues

WAITS = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""After each failed attempt, as the specification proposes: three days and three hours in all."""
GONE = 410
AT_ONCE = 200


class BadAddress(ValueError):  # noqa: N818
    """Not an address that can be told anything; says why."""


@dataclass(frozen=True)
class Attempt:
    """How one delivery went. `status` is None when there was no answer."""

    delivery_id: int
    status: int | None
    message: str
    duration_ms: float

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@transaction.atomic
def create_webhook(
    *, name: str, url: str, kinds: Sequence[str] = (), channels: Sequence[str] = (), actor: str
) -> Webhook:
    """Raises BadAddress. Whether the address is private is asked at each connection, not here alone."""
    webhook = Webhook.objects.create(
        name=name, url=checked(url), kinds=sorted(set(kinds)), channels=sorted(set(channels)),
        sealed_secret=seal({"secret": new_secret()}), created_at=clock.now(), created_by=actor,
    )  # fmt: skip
    _audit(
        webhook,
        "created",
        actor,
        after={"url": bare(url), "kinds": webhook.kinds, "channels": webhook.channels},
    )
    return webhook


@transaction.atomic
def change_webhook(
    webhook: Webhook, *, name: str, url: str, kinds: Sequence[str], channels: Sequence[str], actor: str
) -> None:
    before = {"url": bare(webhook.url), "kinds": webhook.kinds, "channels": webhook.channels}
    webhook.name, webhook.url = name, checked(url)
    webhook.kinds, webhook.channels = sorted(set(kinds)), sorted(set(channels))
    webhook.save(update_fields=["name", "url", "kinds", "channels"])
    _audit(webhook, "changed", actor, before=before,
           after={"url": bare(url), "kinds": webhook.kinds, "channels": webhook.channels})  # fmt: skip


@transaction.atomic
def delete_webhook(webhook: Webhook, *, actor: str) -> None:
    _audit(webhook, "deleted", actor)
    _settle(webhook, actor)
    webhook.delete()


@transaction.atomic
def set_state(webhook: Webhook, *, paused: bool, actor: str, reason: str = "") -> None:
    """What waits while it is paused goes out once it is resumed; nothing is lost."""
    webhook.state = Webhook.State.PAUSED if paused else Webhook.State.ACTIVE
    webhook.state_reason = reason
    webhook.save(update_fields=["state", "state_reason"])
    _audit(webhook, "paused" if paused else "resumed", actor, after={"reason": reason})
    if not paused:
        webhook.deliveries.filter(state=Delivery.State.WAITING).update(due_at=clock.now(), attempts=0)
        _settle(webhook, actor)


@transaction.atomic
def replay(delivery: Delivery, *, actor: str) -> None:
    """Send it again, from the first attempt on, whatever became of it."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.WAITING, attempts=0, due_at=clock.now()
    )
    _audit(delivery.webhook, "replayed", actor, after={"event": delivery.event_id})


def due_deliveries(now: datetime) -> list[Delivery]:
    found = Delivery.objects.filter(
        state=Delivery.State.WAITING, due_at__lte=now, webhook__state=Webhook.State.ACTIVE
    )
    return list(found.select_related("webhook", "event").order_by("due_at", "id")[:AT_ONCE])


def message_of(event: Event) -> bytes:
    told = {"type": event.kind, "timestamp": event.at, "data": event.told()}
    return msgspec.json.encode(told)


def signed_headers(webhook: Webhook, event: Event, body: bytes, now: datetime) -> dict[str, str]:
    name = f"evt_{event.pk}"
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Signer(webhook.secret()).sign(name, now, body.decode()),
    }


@transaction.atomic
def note_attempts(attempts: Sequence[Attempt]) -> None:
    """Done, tried again later, or given up: then the webhook is paused and a person is told."""
    now = clock.now()
    found = Delivery.objects.select_related("webhook").in_bulk([one.delivery_id for one in attempts])
    for attempt in attempts:
        delivery = found.get(attempt.delivery_id)
        if delivery is not None:  # its webhook may be gone by now
            _note(delivery, attempt, now)


def _note(delivery: Delivery, attempt: Attempt, now: datetime) -> None:
    delivery.attempts += 1
    delivery.tried_at, delivery.status = now, attempt.status
    delivery.message, delivery.duration_ms = attempt.message[:2000], attempt.duration_ms
    over = delivery.attempts > len(WAITS)
    if attempt.ok:
        delivery.state = Delivery.State.DONE
    elif over or attempt.status == GONE:
        delivery.state = Delivery.State.FAILED
    else:
        delivery.due_at = now + WAITS[delivery.attempts - 1]
    delivery.save()
    if delivery.state == Delivery.State.FAILED:
        why = (
            "it answered 410, gone" if attempt.status == GONE else f"no yes for three days: {attempt.message}"
        )
        _pause_by_itself(delivery.webhook, why)


def _pause_by_itself(webhook: Webhook, why: str) -> None:
    set_state(webhook, paused=True, actor="comptoir", reason=why)
    trouble = Trouble(
        Reason.CONFIGURATION, f"The webhook « {webhook.name} » was paused: {why}", subject_kind="webhook",
        subject=str(webhook.pk), flow="send_webhooks", action="resume_webhook",
    )  # fmt: skip
    open_issues([trouble])


def _settle(webhook: Webhook, actor: str) -> None:
    close_issues(by=actor, resolution="settled", subject_kind="webhook", subjects=[str(webhook.pk)])


def checked(url: str) -> str:
    """Raises BadAddress."""
    try:
        parts = urlsplit(url)
        ok = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise BadAddress(str(error)) from error
    if not ok or len(url) > 500 or not url.isprintable() or " " in url:
        raise BadAddress("an address that starts with https:// is needed")
    if parts.username or parts.password:
        raise BadAddress("no user name and no password in the address: the signature says who sends")
    return url


def bare(url: str) -> str:
    """Without its query, where merchants put tokens."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def _audit(webhook: Webhook, what: str, actor: str, *, before: dict[str, object] | None = None,
           after: dict[str, object] | None = None) -> None:  # fmt: skip
    record_change(actor=actor, action=f"webhook.{what}", subject_kind="webhook", subject=webhook.name[:200],
                  before=before, after=after)  # fmt: skip
