from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.channels.models import Channel
from comptoir.core.fields import CurrencyField, MoneyField
from comptoir.orders.models import Order


class SettlementEntry(models.Model):
    """One movement of our account at a channel: told by the channel, or expected until it tells.

    An account may serve several channels: `channel` is the one of the order, where there is an order.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        COMMISSION = "commission", _("Commission")
        REFUND = "refund", _("Refund")
        FEE = "fee", _("Fee")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        PROVISIONAL = "provisional", _("Provisional")
        """What the order lets expect; it gives way to what the channel tells."""
        FINAL = "final", _("Final")

    account = models.CharField(max_length=100)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="settlement_entries", db_index=False
    )
    external_id = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State)
    kind = models.CharField(max_length=12, choices=Kind)
    external_kind = models.CharField(max_length=120, blank=True)
    amount = MoneyField()
    """Signed: positive is owed to us. Tax included."""
    currency = CurrencyField()
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="settlement_entries")
    order_external_id = models.CharField(max_length=120, blank=True)
    booked_at = models.DateTimeField(null=True)
    payout_at = models.DateTimeField(null=True)
    paid = models.BooleanField(default=False)
    raw = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-booked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="finance_entry_once"),
        ]
        indexes = [
            models.Index(fields=["channel", "-booked_at"], name="finance_entry_booked"),
            models.Index(
                fields=["account", "order_external_id"],
                condition=models.Q(order__isnull=True) & ~models.Q(order_external_id=""),
                name="finance_entry_orderless",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
