from __future__ import annotations

from django.db import models


class TokenBucket(models.Model):
    """The state of one rate limit, shared by every worker. `tokens` as of `filled_at`."""

    key = models.CharField(max_length=200, primary_key=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True)


class DataKey(models.Model):
    """A key that seals personal data, itself sealed by the installation's: see `core.envelopes`."""

    class Purpose(models.TextChoices):
        CONTACTS = "contacts"
        INDEX = "index"
        """One for good: hashes the words by which a buyer is found."""

    id = models.BigIntegerField(primary_key=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["purpose", "created_at"], name="core_datakey_current")]
