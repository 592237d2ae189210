from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.inventory.models import Warehouse
from comptoir.orders.models import Order, OrderLine


class Carrier(models.Model):
    """Our code of a carrier; each connector translates it into the channel's."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    tracking_url = models.CharField(max_length=300, blank=True)
    """With `{number}` where the parcel's number goes."""

    def __str__(self) -> str:
        return self.name


class Shipment(models.Model):
    """One departure of one order, and whether its channel knows."""

    class State(models.TextChoices):
        TO_CONFIRM = "to_confirm", _("To confirm")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")
        UNKNOWN = "unknown", _("Unknown outcome")
        DEFERRED = "deferred", _("Told with the last parcel")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shipments")
    reference = models.CharField(max_length=80, unique=True)
    source = models.CharField(max_length=60)
    """The key of the ERP that told us, or the person who shipped by hand."""
    carrier = models.CharField(max_length=40, blank=True)
    carrier_name = models.CharField(max_length=120, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    tracking_url = models.CharField(max_length=300, blank=True)
    shipped_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.TO_CONFIRM)
    message = models.TextField(blank=True)
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["order"],
                condition=models.Q(state__in=["to_confirm", "unknown"]),
                name="shipping_shipment_open",
            ),
            models.Index(
                fields=["tracking_number"],
                opclasses=["varchar_pattern_ops"],
                condition=~models.Q(tracking_number=""),
                name="shipping_shipment_tracking",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="shipment_lines")
    warehouse = models.ForeignKey(Warehouse, null=True, on_delete=models.PROTECT)
    quantity = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="shipping_line_quantity"),
            models.UniqueConstraint(
                fields=["shipment", "order_line", "warehouse"], name="shipping_line_once"
            ),
        ]
