from __future__ import annotations

from django.db import models

from comptoir.channels.models import Channel
from comptoir.core.fields import MoneyField
from comptoir.orders.models import Order


class ErpDay(models.Model):
    """One day of one channel, by its orders' own day: what the hub gave the ERP, and what the ERP has."""

    erp = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=60)
    """Key of the selling channel; "" for documents of orders that the hub does not know."""
    day = models.DateField()
    here_count = models.IntegerField()
    here_amount = MoneyField()
    there_count = models.IntegerField()
    there_amount = MoneyField()
    gaps = models.IntegerField()
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "channel"]
        constraints = [models.UniqueConstraint(fields=["erp", "channel", "day"], name="finance_erp_day_once")]


class ErpGap(models.Model):
    """One order on which hub and ERP did not agree when they were last compared."""

    erp = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    """Of `orders.erp_gaps.KINDS`."""
    reference = models.CharField(max_length=60)
    order = models.ForeignKey(Order, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=60, blank=True)
    day = models.DateField(null=True)
    here_amount = MoneyField(null=True)
    there_amount = MoneyField(null=True)
    documents = models.JSONField(default=list)
    found_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "reference", "kind"]
        constraints = [models.UniqueConstraint(fields=["erp", "kind", "reference"], name="finance_gap_once")]
