from __future__ import annotations

from django.db import models

from comptoir.accounts.models import ApiKey


class KeptAnswer(models.Model):
    """What a write with an Idempotency-Key was answered: the same key and body get the same answer."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, db_index=False)
    name = models.CharField(max_length=200)
    """The caller's Idempotency-Key."""
    fingerprint = models.BinaryField()
    """Of method, address and body."""
    status = models.IntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "name"], name="api_answer_once")]
