from __future__ import annotations

from functools import cached_property
from typing import Any

import msgspec
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core.fields import CurrencyField, MoneyField
from comptoir.orders.contacts import Person, open_contact, open_raw
from comptoir.sdk.records import Address
from comptoir.sdk.statuses import OrderStatus

STATUSES = [(status.value, status.label) for status in OrderStatus]


class ErpState(models.TextChoices):
    """Where an order stands on its way to the ERP."""

    WAITING = "waiting", _("Waiting")
    """Not ready yet (payment, address, product) or not yet sent."""
    SENT = "sent", _("Sent")
    CONFIRMED = "confirmed", _("In the ERP")
    REJECTED = "rejected", _("Rejected by the ERP")
    NOT_NEEDED = "not_needed", _("Not needed")
    """Ended before it concerned the ERP, or shipped by the channel itself."""


class Order(models.Model):
    """One order of one channel. Its amounts are the channel's own words; what we do to it is beside."""

    class Decision(models.TextChoices):
        NONE = "", _("None")
        MANUAL = "manual", _("By a person")
        ACCEPT = "accept", _("To accept")
        REFUSE = "refuse", _("To refuse")
        SENT = "sent", _("Answered")

    # Its own index would be one too many: `orders_order_channel` starts with it.
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="orders", db_index=False, db_constraint=False
    )
    external_id = models.CharField(max_length=120)
    number = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=17)
    """Ours: what the ERP knows it by."""
    status = models.CharField(max_length=20, choices=STATUSES)
    external_status = models.CharField(max_length=60)
    placed_at = models.DateTimeField()
    external_updated_at = models.DateTimeField()
    currency = CurrencyField()
    total_amount = MoneyField()
    shipping_amount = MoneyField()
    discount_amount = MoneyField()
    tax_amount = MoneyField()
    prices_include_tax = models.BooleanField(default=True)
    accept_by = models.DateTimeField(null=True)
    ship_by = models.DateTimeField(null=True)
    deliver_by = models.DateTimeField(null=True)
    shipping_method = models.CharField(max_length=120, blank=True)
    can_cancel = models.BooleanField(null=True)
    test = models.BooleanField(default=False)
    content_hash = models.BinaryField()
    """Of the record as it was last stored: the same news twice changes nothing."""

    held = models.CharField(max_length=40, blank=True)
    """Why nothing more is done with it until a person releases it; "" when it is free."""
    decision = models.CharField(max_length=8, choices=Decision, blank=True, default=Decision.NONE)
    decision_reason = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)

    erp_state = models.CharField(max_length=12, choices=ErpState, default=ErpState.WAITING)
    erp_document = models.CharField(max_length=60, blank=True)
    erp_status = models.CharField(max_length=20, blank=True)
    erp_sent_at = models.DateTimeField(null=True)

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["external_id", "channel"], name="orders_order_external_once"),
            # Not `unique=True`, which adds a second index for LIKE.
            models.UniqueConstraint(fields=["reference"], name="orders_order_reference_once"),
        ]
        indexes = [
            models.Index(fields=["-placed_at", "-id"], name="orders_order_placed"),
            models.Index(fields=["status", "-placed_at"], name="orders_order_status"),
            models.Index(
                fields=["id"],
                condition=models.Q(erp_state__in=["waiting", "sent"]),
                name="orders_order_to_erp",
            ),
            models.Index(fields=["updated_at", "id"], name="orders_order_updated"),
            models.Index(fields=["channel", "-placed_at", "-id"], name="orders_order_channel"),
            models.Index(
                fields=["number"],
                opclasses=["varchar_pattern_ops"],
                condition=~models.Q(number=""),
                name="orders_order_number",
            ),
            models.Index(
                fields=["-placed_at", "-id"], condition=~models.Q(held=""), name="orders_order_held"
            ),
            models.Index(
                fields=["ship_by"],
                condition=models.Q(status__in=["accepted", "to_ship", "partially_shipped"]),
                name="orders_order_ship_by",
            ),
            models.Index(
                fields=["-placed_at", "-id"],
                condition=models.Q(erp_state="rejected"),
                name="orders_order_erp_rejected",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class OrderContact(models.Model):
    """Who bought and where it goes: apart from the order, so that it can be purged without it, and sealed.

    The plain columns hold what was written before there were envelopes, until `orders.sealing` comes by; what
    stands there is the newer news, for only an older release of the hub still writes to them.
    """

    order = models.OneToOneField(
        Order, primary_key=True, on_delete=models.CASCADE, related_name="contact", db_constraint=False
    )
    sealed = models.BinaryField(null=True)
    """The envelope of a `Person`."""
    words = ArrayField(models.IntegerField(), null=True)
    """Hashes by which it is found: see `orders.contacts`."""
    ships = models.BooleanField(null=True)
    """There is an address to ship to."""
    purged_at = models.DateTimeField(null=True)
    plain_name = models.CharField(max_length=200, db_column="buyer_name", default="", db_default="")
    plain_email = models.CharField(max_length=200, db_column="buyer_email", default="", db_default="")
    plain_phone = models.CharField(max_length=60, db_column="buyer_phone", default="", db_default="")
    plain_shipping = models.JSONField(null=True, db_column="shipping_address")
    plain_billing = models.JSONField(null=True, db_column="billing_address")

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="orders_contact_hashes"),
            models.Index(
                fields=["order"],
                condition=Q(purged_at=None)
                & (
                    Q(sealed=None)
                    | ~Q(plain_name="")
                    | ~Q(plain_email="")
                    | ~Q(plain_phone="")
                    | Q(plain_shipping__isnull=False)
                    | Q(plain_billing__isnull=False)
                ),
                name="orders_contact_plain",
            ),
        ]

    @cached_property
    def person(self) -> Person:
        known = open_contact(self.order_id, self.sealed) if self.sealed else Person()
        return known.updated(self.plain)

    @property
    def plain(self) -> Person:
        shipping, billing = (
            None if address is None else msgspec.convert(address, Address)
            for address in (self.plain_shipping, self.plain_billing)
        )
        return Person(self.plain_name, self.plain_email, self.plain_phone, shipping, billing)

    @property
    def buyer_name(self) -> str:
        return self.person.name

    @property
    def buyer_email(self) -> str:
        return self.person.email

    @property
    def buyer_phone(self) -> str:
        return self.person.phone

    @property
    def shipping_address(self) -> dict[str, Any] | None:
        return _told(self.person.shipping)

    @property
    def billing_address(self) -> dict[str, Any] | None:
        return _told(self.person.billing)


def _told(address: Address | None) -> dict[str, Any] | None:
    return None if address is None else msgspec.to_builtins(address)


class Retention(models.Model):
    """For how long a channel's buyers are kept once their order has ended, where a person said so."""

    channel = models.OneToOneField(
        Channel, primary_key=True, on_delete=models.CASCADE, related_name="retention"
    )
    kept_days = models.PositiveIntegerField()


class RawOrder(models.Model):
    """The payload of the last news of an order, whole, as the channel sent it, and sealed."""

    order = models.OneToOneField(
        Order, primary_key=True, on_delete=models.CASCADE, related_name="raw", db_constraint=False
    )
    payload = models.BinaryField()
    received_at = models.DateTimeField()

    def text(self) -> bytes:
        return open_raw(self.order_id, self.payload)


class OrderLine(models.Model):
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    external_id = models.CharField(max_length=120)
    line_number = models.IntegerField()
    product = models.ForeignKey(
        Product, null=True, on_delete=models.PROTECT, related_name="order_lines", db_constraint=False
    )
    sku = models.CharField(max_length=80)
    title = models.CharField(max_length=300, blank=True)
    quantity = models.IntegerField()
    unit_price = MoneyField()
    amount = MoneyField()
    shipping_amount = MoneyField()
    discount_amount = MoneyField()
    tax_amount = MoneyField()
    commission_amount = MoneyField(null=True)
    status = models.CharField(max_length=20, choices=STATUSES)
    external_status = models.CharField(max_length=60)
    cancelled_quantity = models.IntegerField(default=0)
    refunded_quantity = models.IntegerField(default=0)
    refunded_amount = MoneyField(default=0)
    fulfilled_by = models.CharField(max_length=10, default="seller")
    external_product_id = models.CharField(max_length=120, blank=True)
    external_offer_id = models.CharField(max_length=120, blank=True)
    shipped_quantity = models.IntegerField(default=0)
    """Units that left by our own shipments."""
    erp_cancelled_quantity = models.IntegerField(default=0)
    """How many of the cancelled units the ERP was told of."""
    erp_refunded_amount = MoneyField(default=0)
    erp_refunded_quantity = models.IntegerField(default=0, db_default=0)
    given_back_amount = MoneyField(default=0, db_default=0)
    """What our own refunds make of `refunded_amount`: some channels never show a refund on the order."""
    given_back_quantity = models.IntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["order_id", "line_number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "external_id"], name="orders_line_external_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="orders_line_quantity"),
            models.CheckConstraint(
                condition=models.Q(cancelled_quantity__gte=0, cancelled_quantity__lte=models.F("quantity")),
                name="orders_line_cancelled",
            ),
            models.CheckConstraint(condition=models.Q(shipped_quantity__gte=0), name="orders_line_shipped"),
        ]
        indexes = [
            models.Index(fields=["sku"], opclasses=["varchar_pattern_ops"], name="orders_line_sku"),
            # What is asked every minute: the lines of which the ERP does not know all yet.
            models.Index(
                fields=["id"],
                condition=models.Q(cancelled_quantity__gt=models.F("erp_cancelled_quantity")),
                name="orders_line_to_cancel",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(refunded_amount__gt=models.F("erp_refunded_amount"))
                | models.Q(given_back_amount__gt=models.F("erp_refunded_amount")),
                name="orders_line_to_refund",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} × {self.quantity}"


class OrderEvent(models.Model):
    """One line of an order's history: `kind` names a sentence, `data` fills it in."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events", db_constraint=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    actor = models.CharField(max_length=150, blank=True)
    run_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["order_id", "id"]


class CancelRequest(models.Model):
    """Units that we ask the channel to cancel."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        DONE = "done", _("Done")
        REJECTED = "rejected", _("Rejected")
        UNKNOWN = "unknown", _("Unknown outcome")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="cancel_requests")
    lines = models.JSONField(default=dict)
    """Line's external id → units; empty: the whole order."""
    reason = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    message = models.TextField(blank=True)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]


class Refund(models.Model):
    """Money that a person gives back to the buyer, through the channel."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        UNKNOWN = "unknown", _("Unknown outcome")
        """Being told, or told without an answer: the order is read back before anything is repeated."""
        DONE = "done", _("Done")
        REJECTED = "rejected", _("Rejected")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    reference = models.CharField(max_length=40, unique=True)
    """Ours, fixed before the first attempt and the same at each: the channel or its connector knows it again."""
    lines = models.JSONField()
    """Line's external id → {quantity, amount, shipping}, amounts as text."""
    before = models.JSONField(default=dict)
    """Line's external id → {amount, quantity} given back of it just before the first attempt."""
    reason = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    external_id = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["order"],
                condition=models.Q(state__in=["requested", "unknown"]),
                name="orders_refund_open",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class ErpExport(models.Model):
    """One delivery to the ERP. Its number is fixed before the first attempt, its items with it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SENT = "sent", _("Sent")
        COMPLETE = "complete", _("Complete")
        FAILED = "failed", _("Failed")

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    number = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    external_id = models.CharField(max_length=120, blank=True)
    items = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "kind", "number"], name="orders_export_number_once")
        ]


class ErpExportItem(models.Model):
    export = models.ForeignKey(ErpExport, on_delete=models.CASCADE, related_name="lines", db_index=False)
    key = models.CharField(max_length=80)
    """Order reference, cancellation id or refund id: what verdicts are keyed by."""
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    line = models.ForeignKey(OrderLine, null=True, on_delete=models.CASCADE)
    quantity = models.IntegerField(default=0)
    amount = MoneyField(default=0)
    outcome = models.CharField(max_length=10, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "key"], name="orders_export_item_once")]


class Completeness(models.Model):
    """One day of one channel: what it says it has, what we stored, what the ERP got."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE)
    day = models.DateField()
    seen = models.IntegerField(default=0)
    stored = models.IntegerField(default=0)
    to_erp = models.IntegerField(default=0)
    in_erp = models.IntegerField(default=0)
    missing = models.JSONField(default=list)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["channel", "day"], name="orders_completeness_once")]
