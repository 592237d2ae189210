from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product, Supplier
from comptoir.channels.models import Channel
from comptoir.core.fields import CurrencyField, MoneyField


class PurchaseOrder(models.Model):
    """One order to a supplier: written here, made in the ERP, received there."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        TO_SEND = "to_send", _("To send")
        SENT = "sent", _("Sent")
        """In a delivery whose answer is not known yet."""
        ORDERED = "ordered", _("In the ERP")
        PARTIALLY_RECEIVED = "partially_received", _("Partially received")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")
        REJECTED = "rejected", _("Rejected by the ERP")

    reference = models.CharField(max_length=17, unique=True)
    """Ours: what the ERP knows it by."""
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="purchase_orders")
    supplier_code = models.CharField(max_length=40, blank=True)
    """Its account in the ERP; empty: found there by its name."""
    warehouse = models.CharField(max_length=40, blank=True)
    currency = CurrencyField()
    expected_on = models.DateField(null=True, blank=True)
    comment = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    document = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(state__in=["to_send", "sent"]), name="finance_purchase_open"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class PurchaseLine(models.Model):
    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines", db_index=False)
    line_number = models.IntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="purchase_lines")
    supplier_sku = models.CharField(max_length=80, blank=True)
    quantity = models.IntegerField()
    received_quantity = models.IntegerField(default=0)
    unit_price = MoneyField()
    """Without tax."""

    class Meta:
        ordering = ["order_id", "line_number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line_number"], name="finance_purchase_line_once"),
            models.UniqueConstraint(fields=["order", "product"], name="finance_purchase_product_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="finance_purchase_quantity"),
            models.CheckConstraint(
                condition=models.Q(received_quantity__gte=0), name="finance_purchase_received"
            ),
            models.CheckConstraint(condition=models.Q(unit_price__gte=0), name="finance_purchase_price"),
        ]


class PurchaseDelivery(models.Model):
    """One numbered delivery of purchase orders to the ERP: number and items are fixed before it is sent."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SENT = "sent", _("Sent")
        COMPLETE = "complete", _("Complete")
        FAILED = "failed", _("Failed")

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    references = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    external_id = models.CharField(max_length=120, blank=True)
    message = models.TextField(blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "number"], name="finance_purchase_delivery_once")
        ]
