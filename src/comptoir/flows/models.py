from __future__ import annotations

from django.db import models


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
