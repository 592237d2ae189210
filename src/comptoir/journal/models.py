"""What happened. Channels are named by their key: the journal outlives them and stands below them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Run(models.Model):
    """One execution of one flow."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        PARTIAL = "partial", _("Partial")
        FAILED = "failed", _("Failed")
        WAITING = "waiting", _("Waiting")
        """Stopped by a rate limit: it goes on at the next turn, and it costs no attempt."""

    flow = models.CharField(max_length=60)
    channel = models.CharField(max_length=60, blank=True)
    trigger = models.CharField(max_length=20, default="schedule")
    actor = models.CharField(max_length=150, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.RUNNING)
    counts = models.JSONField(default=dict)
    cursor_before = models.TextField(blank=True)
    cursor_after = models.TextField(blank=True)
    error_kind = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["flow", "channel", "-id"], name="journal_run_flow"),
            models.Index(fields=["started_at"], name="journal_run_started"),
            models.Index(fields=["id"], condition=models.Q(outcome="running"), name="journal_run_running"),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.channel} #{self.pk}"


class Exchange(models.Model):
    """One HTTP request and its answer, redacted before it is kept."""

    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="exchanges")
    channel = models.CharField(max_length=60)
    operation = models.CharField(max_length=60)
    method = models.CharField(max_length=8)
    url = models.TextField()
    started_at = models.DateTimeField()
    duration_ms = models.FloatField()
    status = models.IntegerField(null=True)
    request_headers = models.JSONField(default=dict)
    request_body = models.TextField(blank=True)
    response_headers = models.JSONField(default=dict)
    response_body = models.TextField(blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["channel", "-id"], name="journal_exchange_channel"),
            models.Index(fields=["started_at"], name="journal_exchange_started"),
        ]


class Issue(models.Model):
    """Something that a person must look at. The same trouble on the same object is one Issue, counted."""

    class Reason(models.TextChoices):
        REJECTED = "rejected", _("Rejected by the other side")
        RETRIES_EXHAUSTED = "retries_exhausted", _("Retries exhausted")
        CONFIGURATION = "configuration", _("Configuration")
        UNEXPECTED_ANSWER = "unexpected_answer", _("Unexpected answer")
        UNKNOWN_OUTCOME = "unknown_outcome", _("Unknown outcome")
        UNKNOWN_STATUS = "unknown_status", _("Unknown status")
        UNREADABLE = "unreadable", _("Unreadable record")
        WRONG_TOTAL = "wrong_total", _("Totals do not add up")
        UNKNOWN_PRODUCT = "unknown_product", _("Unknown product")
        TO_DECIDE = "to_decide", _("A decision is needed")
        BELOW_FLOOR = "below_floor", _("Price under its floor")
        PRICE_STEP = "price_step", _("Price moves too far")
        MISSING = "missing", _("Missing")
        DRIFT = "drift", _("Changed by somebody else")
        DIVERGENCE = "divergence", _("The two sides disagree")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    reason = models.CharField(max_length=20, choices=Reason)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    channel = models.CharField(max_length=60, blank=True)
    flow = models.CharField(max_length=60, blank=True)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    message = models.TextField()
    action = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL)
    occurrences = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    resolution = models.TextField(blank=True)

    class Meta:
        ordering = ["-last_seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reason", "channel", "flow", "subject_kind", "subject"],
                condition=models.Q(state="open"),
                name="journal_issue_one_open",
            )
        ]
        indexes = [
            models.Index(fields=["state", "-last_seen_at"], name="journal_issue_state"),
            models.Index(fields=["subject_kind", "subject"], name="journal_issue_subject"),
        ]


class Alert(models.Model):
    """Something that lasts and that somebody must hear of: one row from its beginning to its end."""

    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    message = models.TextField()
    value = models.FloatField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=models.Q(ended_at=None), name="journal_alert_one_on"
            )
        ]


class AlertNotice(models.Model):
    """One message about an alert by one way: written down before it is sent, so that none is forgotten."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notices")
    ended = models.BooleanField()
    """Whether it says that the trouble is over, or that it is there."""
    way = models.CharField(max_length=10)
    sent_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["alert", "ended", "way"], name="journal_notice_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(sent_at=None), name="journal_notice_to_send")
        ]


class Change(models.Model):
    """Who did what, before and after, and from where. A trigger of the database refuses to change or delete it."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    key = models.CharField(max_length=16, blank=True)
    """The prefix of the API key that asked for it."""

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject"], name="journal_change_subject"),
            models.Index(fields=["-at"], name="journal_change_at"),
        ]
