from __future__ import annotations

from django.db import models


class TokenBucket(models.Model):
    """The state of one rate limit, shared by every worker. `tokens` as of `filled_at`."""

    key = models.CharField(max_length=200, primary_key=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True)
