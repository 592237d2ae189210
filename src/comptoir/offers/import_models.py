"""A file of offers between its upload and its being kept: every line stays, right or wrong, with why."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.core.fields import MoneyField


class OfferImport(models.Model):
    """One file, or one call of the API."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READ = "read", _("To confirm")
        APPLYING = "applying", _("Being kept")
        APPLIED = "applied", _("Kept")
        FAILED = "failed", _("Unreadable")
        DROPPED = "dropped", _("Dropped")

    state = models.CharField(max_length=8, choices=State, default=State.READING)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    """Emptied once it was read: its lines hold all that it said."""
    only = models.JSONField(default=list)
    """Keys of the only channels that exist for who gave it; empty: every one."""
    actor = models.CharField(max_length=150)
    by_api = models.BooleanField(default=False)
    let_pass = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    lines_read = models.IntegerField(default=0)
    lines_total = models.IntegerField(null=True)
    """As far as they can be counted before they are read; null: they cannot."""
    changes = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    too_far = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    applied = models.IntegerField(default=0)
    lines_kept = models.IntegerField(default=0, db_default=0)
    """Of those to keep, how many were gone through."""
    kept_upto = models.BigIntegerField(default=0, db_default=0)
    """The id of the last offer that was gone through: where a worker goes on."""
    act_id = models.BigIntegerField(null=True)
    message = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    """The columns that were understood."""

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["reading", "applying"]),
                name="offers_import_to_do",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    @property
    def progress(self) -> tuple[int, int] | None:
        """(done, in all), while a worker is at it; None: nobody can tell."""
        if self.state == self.State.APPLYING:
            return self.lines_kept, max(self.changes + self.too_far, self.lines_kept)
        return None if self.lines_total is None else (self.lines_read, max(self.lines_total, self.lines_read))


class OfferImportLine(models.Model):
    """What one line asks of one offer; a line without a channel asks it of each offer of its article."""

    class Outcome(models.TextChoices):
        CHANGES = "changes", _("Changes")
        SAME = "same", _("As it is")
        TOO_FAR = "too_far", _("Moves too far")
        ERROR = "error", _("Error")

    # Its constraint would be checked row by row (ADR 0012); the index of `number` starts with it.
    file = models.ForeignKey(
        OfferImport, on_delete=models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    number = models.IntegerField()
    """As a spreadsheet counts."""
    cells = models.JSONField()
    """What the line said, column by column."""
    offer_id = models.BigIntegerField(null=True)
    sku = models.CharField(max_length=80)
    channel = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    price = MoneyField(null=True)
    floor = MoneyField(null=True)
    paused = models.BooleanField(null=True)
    lead_time = models.IntegerField(null=True)
    price_before = MoneyField(null=True)
    floor_before = MoneyField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    error = models.CharField(max_length=30, blank=True)
    detail = models.JSONField(default=dict)
    """What the words of the error name."""

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=["file", "outcome", "number"], name="offers_import_line_outcome"),
            models.Index(fields=["file", "offer_id"], name="offers_import_line_offer"),
        )

    def __str__(self) -> str:
        return f"{self.file_id}:{self.number}"
