from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.core.sealing import unseal


class Event(models.Model):
    """One thing that happened, numbered in the order in which it was noticed: that number is the feed's cursor."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=60, blank=True)
    subject_kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    source = models.CharField(max_length=20)
    source_id = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="events_event_once")]
        indexes = [models.Index(fields=["at"], name="events_event_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def told(self) -> dict[str, Any]:
        return {"id": self.pk, "at": self.at, "kind": self.kind, "channel": self.channel,
                "subject_kind": self.subject_kind, "subject": self.subject, "data": self.data}  # fmt: skip


class Collected(models.Model):
    """How far the events of one source were collected."""

    source = models.CharField(max_length=20, primary_key=True)
    last_id = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()


class Webhook(models.Model):
    """An address of the merchant's own systems that is told of events."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        """By a person, or by itself after three days without an answer that says yes."""

    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list, blank=True)
    """Beginnings of kinds, such as "order." or "issue.opened"; empty: all of them."""
    channels = models.JSONField(default=list, blank=True)
    """Keys of channels; empty: all, and what belongs to none."""
    sealed_secret = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    state_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def secret(self) -> str:
        """`whsec_…`, as Standard Webhooks writes it."""
        return str(unseal(bytes(self.sealed_secret))["secret"])


class Delivery(models.Model):
    """One event for one webhook."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Delivered")
        FAILED = "failed", _("Given up")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    status = models.IntegerField(null=True)
    message = models.TextField(blank=True)
    duration_ms = models.FloatField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="events_delivery_once")]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="events_delivery_log"),
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="events_delivery_due"),
        ]
