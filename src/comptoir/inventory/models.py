from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.inventory.calendar_models import ClosedPeriod, LeadTimeRule, WorkCalendar
from comptoir.orders.models import OrderLine

__all__ = [
    "ClosedPeriod",
    "LeadTimeRule",
    "QuantityRule",
    "Reservation",
    "ReservationChange",
    "Stock",
    "StockMovement",
    "Transfer",
    "Warehouse",
    "WarehousePriority",
    "WorkCalendar",
]


class Warehouse(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    sellable = models.BooleanField(default=True)
    priority = models.IntegerField(default=100)
    inspects = models.BooleanField(default=False, db_default=False)
    """What comes back waits here until a person accepts it or scraps it; never sellable."""

    class Meta:
        ordering = ["priority", "code"]

    def __str__(self) -> str:
        return self.name


class WarehousePriority(models.Model):
    """The place of a warehouse in the order in which a channel's orders are served, where it is its own."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="priorities")
    priority = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "warehouse"], name="inventory_warehousepriority_once")
        ]


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
        TRANSFER = "transfer", _("Transfer")
        SCRAP = "scrap", _("Scrapped")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="movements")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    quantity = models.IntegerField()
    reason = models.CharField(max_length=14, choices=Reason)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    """When it was written here, by our clock; of rows older than the field, `at` stands for it."""
    reference = models.CharField(max_length=120, blank=True)
    order_line = models.ForeignKey(OrderLine, null=True, on_delete=models.SET_NULL)
    actor = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(quantity=0), name="inventory_movement_moves")
        ]


class Transfer(models.Model):
    """Units of an article on their way from one warehouse to another: asked, sent, received.

    What is sent is in neither stock: on its way, incoming there, and not sellable.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        SENT = "sent", _("On its way")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="transfers")
    source = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+", db_index=False)
    units = models.IntegerField()
    received_units = models.IntegerField(null=True)
    """Fewer than `units`: the others were lost on the way."""
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    expected_date = models.DateField(null=True)
    note = models.CharField(max_length=120, blank=True)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(units__gt=0), name="inventory_transfer_units"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="inventory_transfer_moves"
            ),
        ]
        indexes = [
            models.Index(
                fields=["product"],
                condition=models.Q(state__in=["asked", "sent"]),
                name="inventory_transfer_open",
            )
        ]


class Reservation(models.Model):
    """Units of a warehouse kept for an order line that has not left yet. A kit keeps its components."""

    pk = models.CompositePrimaryKey("order_line", "product", "warehouse")
    # Written by one statement, from the lines, articles and places that it reads.
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.CASCADE, related_name="reservations", db_index=False, db_constraint=False
    )
    product = models.ForeignKey(Product, on_delete=models.CASCADE, db_constraint=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    quantity = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="inventory_reservation_positive")
        ]


class ReservationChange(models.Model):
    """Append-only: what a line keeps of an article from an instant on, in all warehouses or in one.

    Written by the statement that changes the reservations, so that any past instant can be told.
    """

    pk = models.CompositePrimaryKey("product", "at", "id")
    id = models.BigIntegerField(editable=False)
    """Told by its sequence."""
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    product = models.ForeignKey(
        Product, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    units = models.IntegerField()
    """More kept, or less."""
    at = models.DateTimeField()


class QuantityRule(models.Model):
    """What a channel shows of an article, by one rule of one kind. `inventory.rules` says which one wins.

    A version is never changed: another one takes its place (`ended_at`), under the same `number`.
    """

    class Kind(models.TextChoices):
        BUFFER = "buffer", _("Kept back")
        """Units taken off what is available."""
        COVER = "cover", _("Kept back by demand")
        """Percent of the units that may sell elsewhere during one cycle of the channel (`escrow.in_flight`)."""
        SHARE = "share", _("Share of the stock")
        """Percent of what the two before leave."""
        ENVELOPE = "envelope", _("Envelope")
        """Units that the channel may sell in all from the beginning of the rule on."""
        LIMIT = "limit", _("Shown at most")
        MINIMUM = "minimum", _("Shown from")
        """Fewer units than this: the channel shows none."""
        ALWAYS = "always", _("Always available")
        """Units shown whatever the stock: a promise of units that a supplier has. No escrow can hold it."""

    number = models.BigIntegerField(null=True)
    """Of the rule, whatever its version: the id of its first one."""
    version = models.IntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.IntegerField()
    """Units, or percent for `cover` and `share`."""
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="quantity_rules")
    family = models.CharField(max_length=120, blank=True)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.CASCADE, related_name="quantity_rules")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    note = models.CharField(max_length=120, blank=True)
    in_force = models.BooleanField(default=False, db_default=False)
    """As it was when the offers were last brought in line: time alone may have changed it since."""
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)
    """Changed or removed by a person then."""

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(value__gte=0), name="inventory_rule_value"),
            models.CheckConstraint(
                condition=models.Q(product__isnull=True) | models.Q(family=""), name="inventory_rule_scope"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind"], condition=models.Q(ended_at__isnull=True), name="inventory_rule_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
