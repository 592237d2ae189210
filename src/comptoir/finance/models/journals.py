from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.channels.models import Channel
from comptoir.core.fields import MoneyField
from comptoir.finance.models.settlements import SettlementEntry


class AccountMap(models.Model):
    """The accounts that entries are written to: of one channel, or (without one) of all the others."""

    channel = models.OneToOneField(Channel, null=True, on_delete=models.CASCADE, related_name="account_map")
    journal = models.CharField(max_length=10)
    accounts = models.JSONField(default=dict)
    """Role (`buyers`, `sales`, `vat_20`, `commission`, `bank`…) → {number, label}; what lacks is the house's own."""
    since = models.DateField(null=True)
    """The first day that is written; of the house's own row. None: nothing is."""
    default_vat = models.DecimalField(max_digits=5, decimal_places=2, default=20, db_default=20)
    """Percent, of articles whose rate is not known."""
    commission_vat = models.CharField(max_length=10, default="domestic", db_default="domestic")
    """Of commissions and fees: `domestic` (inside, deductible), `reverse` (none inside, reverse charge), `none`."""
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journal"], condition=models.Q(channel__isnull=True), name="finance_accounts_of_house"
            )
        ]


class AccountingEntry(models.Model):
    """One entry of one journal: its lines balance to the cent, its source makes it once."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="entries", db_index=False)
    journal = models.CharField(max_length=10)
    number = models.IntegerField()
    """From 1, without a hole, in its journal."""
    source = models.CharField(max_length=120)
    """What it was made of: `sales:2026-11-23`, `payout:F-112`: one entry each."""
    entry_date = models.DateField()
    piece = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    total = MoneyField()
    """Σ debit = Σ credit."""
    outcome = models.CharField(max_length=10, blank=True, default="", db_default="")
    """What whoever keeps the books said of it: "" not yet, `done`, `rejected`."""
    message = models.TextField(blank=True, default="", db_default="")
    delivery = models.ForeignKey(
        "JournalDelivery", null=True, on_delete=models.SET_NULL, related_name="entries"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["journal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["journal", "number"], name="finance_entry_number_once"),
            models.UniqueConstraint(fields=["channel", "source"], name="finance_entry_source_once"),
        ]
        indexes = [models.Index(fields=["entry_date", "id"], name="finance_entry_day")]

    def __str__(self) -> str:
        return f"{self.journal}/{self.number}"


class AccountingRow(models.Model):
    """One debit or one credit."""

    entry = models.ForeignKey(AccountingEntry, on_delete=models.CASCADE, related_name="rows", db_index=False)
    place = models.IntegerField()
    account = models.CharField(max_length=20)
    account_label = models.CharField(max_length=100)
    auxiliary = models.CharField(max_length=20, blank=True)
    auxiliary_label = models.CharField(max_length=100, blank=True)
    label = models.CharField(max_length=120)
    debit = MoneyField(default=0)
    credit = MoneyField(default=0)

    class Meta:
        ordering = ["entry_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "place"], name="finance_row_place_once"),
            models.CheckConstraint(
                condition=models.Q(debit__gt=0, credit=0) | models.Q(debit=0, credit__gt=0),
                name="finance_row_one_side",
            ),
        ]


class PostedSettlement(models.Model):
    """So much of a settlement entry stands in that accounting entry: the rest is what has still to be written."""

    class Part(models.TextChoices):
        SALES = "sales", _("Sales and refunds")
        PAYOUT = "payout", _("Payouts")

    settlement = models.ForeignKey(
        SettlementEntry, on_delete=models.PROTECT, related_name="posted", db_index=False
    )
    part = models.CharField(max_length=6, choices=Part)
    entry = models.ForeignKey(AccountingEntry, on_delete=models.CASCADE, related_name="posted")
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement", "part", "entry"], name="finance_posted_once")
        ]


class JournalDelivery(models.Model):
    """One numbered delivery of entries to whoever keeps the books."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SENT = "sent", _("Sent")
        COMPLETE = "complete", _("Complete")
        FAILED = "failed", _("Failed")

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    external_id = models.CharField(max_length=120, blank=True)
    message = models.TextField(blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "number"], name="finance_journal_delivery_once")
        ]
