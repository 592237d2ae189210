from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Turn(models.Model):
    """When a flow runs next on a channel ("" for the flows of the house itself)."""

    flow = models.CharField(max_length=60)
    channel = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    paused = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "channel"], name="flows_turn_once")]
        indexes = [models.Index(fields=["due_at"], name="flows_turn_due")]


class KilledJob(models.Model):
    """A job whose worker died under it, and how often: three times is an Issue, not a fourth try."""

    task = models.CharField(max_length=120)
    arguments = models.CharField(max_length=300)
    kills = models.IntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "arguments"], name="flows_killed_once")]


class TableFile(models.Model):
    """A file that somebody gave (judged, applied, perhaps taken back) or asked for."""

    class Kind(models.TextChoices):
        STOCK = "stock", _("Stock counts")
        PRODUCTS = "products", _("Products")
        RULES = "rules", _("Rules of quantity")

    class State(models.TextChoices):
        READ = "read", _("To confirm")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Taken back")
        DROPPED = "dropped", _("Dropped")
        READY = "ready", _("To download")

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    """Of an export: the file. Of an import nothing: its lines are judged when it comes."""
    changes = models.JSONField(default=list)
    """What it would change, or changed: in the words of the room that judged it."""
    faults = models.JSONField(default=list)
    """[line, key of a text, what its words name]."""
    unchanged = models.IntegerField(default=0)
    applied = models.IntegerField(default=0)
    """Lines."""
    actor = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"
