"""The days of preparation of offers, beside them: narrow, since a closure rewrites every one of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class LeadTime(models.Model):
    """What a channel should be told of one offer, was told, and took; no row where nothing rules it.

    `desired` is in days as its channel counts them. A difference with `sent` is what `publish_offers` closes, on
    channels that take a lead time by itself.
    """

    offer = models.OneToOneField(
        "offers.Offer",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="lead_time",
        db_constraint=False,
    )
    channel = models.ForeignKey(
        "channels.Channel", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    working_days = models.SmallIntegerField()
    """Of preparation, by the rule that won."""
    rule_id = models.BigIntegerField(null=True)
    """`inventory.LeadTimeRule`; null: asked of this very offer."""
    desired = models.SmallIntegerField()
    sent = models.SmallIntegerField(null=True)
    confirmed = models.SmallIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    submission_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(
                fields=["channel", "offer"],
                condition=Q(submission_id=None, error="") & (Q(sent=None) | ~Q(sent=F("desired"))),
                name="offers_lead_time_differs",
            ),
        )


class LeadTimeMoment(models.Model):
    """What preparation times came to when every offer was last brought in line with them: one row, number 1."""

    digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="offers_lead_time_moment_one"),)
