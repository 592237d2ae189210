"""The history of what was wanted of offers: one OfferAct for each thing that somebody or something did, one
OfferChange for each offer that it changed. Triggers of the database refuse to change or delete either."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.core.fields import MoneyField


class OfferAct(models.Model):
    """One act: a price typed, a file applied, a call of the API, a roll-back."""

    class Kind(models.TextChoices):
        PERSON = "person", _("By hand")
        BULK = "bulk", _("Many at once")
        FILE = "file", _("File")
        API = "api", _("API")
        ROLL_BACK = "roll_back", _("Roll-back")
        LET_PASS = "let_pass", _("Let pass")
        THEIRS = "theirs", _("Taken from the channel")
        RULE = "rule", _("Rule")

    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    words = models.TextField(blank=True)
    """What it was: the name of the file, the instant gone back to."""

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["-at"], name="offers_act_at"),)

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class OfferChange(models.Model):
    """What one act changed of one offer. It outlives the offer: no constraint ties them."""

    act = models.ForeignKey(
        OfferAct, on_delete=models.DO_NOTHING, related_name="changes", db_constraint=False
    )
    offer_id = models.BigIntegerField()
    at = models.DateTimeField()
    price_before = MoneyField(null=True)
    price_after = MoneyField(null=True)
    floor_before = MoneyField(null=True)
    floor_after = MoneyField(null=True)
    paused_before = models.BooleanField()
    paused_after = models.BooleanField()
    lead_time_before = models.IntegerField(null=True)
    lead_time_after = models.IntegerField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["offer_id", "id"], name="offers_change_offer"),
            models.Index(fields=["at"], name="offers_change_at"),
        )

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.price_before} → {self.price_after}"
