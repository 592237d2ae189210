from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.orders.models import OrderLine


class Warehouse(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    sellable = models.BooleanField(default=True)
    priority = models.IntegerField(default=100)

    class Meta:
        ordering = ["priority", "code"]

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    """The running sums: `on_hand` of the ledger, `reserved` of the reservations, kept in one transaction.

    `on_hand` may fall below zero for a while: a shipment can be known before the receipt that fed it.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="stocks", db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="stocks")
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    incoming = models.IntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
    """The ERP's clock at its last count that we took: its shipments up to then are in `on_hand`."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="inventory_stock_once"),
            models.CheckConstraint(condition=models.Q(reserved__gte=0), name="inventory_stock_reserved"),
            models.CheckConstraint(condition=models.Q(incoming__gte=0), name="inventory_stock_incoming"),
        ]


class StockMovement(models.Model):
    """The ledger: append-only, one row per change of `on_hand`."""

    class Reason(models.TextChoices):
        SALE = "sale", _("Sale")
        CANCELLATION = "cancellation", _("Cancellation")
        RECEIPT = "receipt", _("Receipt")
        CORRECTION = "correction", _("Correction")
        RETURN = "return", _("Return")
        ERP_SYNC = "erp_sync", _("ERP synchronisation")
        KIT_ASSEMBLY = "kit_assembly", _("Kit assembly")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="movements")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    quantity = models.IntegerField()
    reason = models.CharField(max_length=14, choices=Reason)
    at = models.DateTimeField()
    reference = models.CharField(max_length=120, blank=True)
    order_line = models.ForeignKey(OrderLine, null=True, on_delete=models.SET_NULL)
    actor = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(quantity=0), name="inventory_movement_moves")
        ]


class Reservation(models.Model):
    """Units of a warehouse kept for an order line that has not left yet. A kit keeps its components."""

    order_line = models.ForeignKey(
        OrderLine, on_delete=models.CASCADE, related_name="reservations", db_index=False
    )
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, db_index=False)
    quantity = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_line", "product", "warehouse"], name="inventory_reservation_once"
            ),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="inventory_reservation_positive"),
        ]
