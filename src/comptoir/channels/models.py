from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.core.fields import CurrencyField, MoneyField


class Channel(models.Model):
    """One account on one outside system: a place we sell, or the ERP behind it (`role`).

    `key` is its name for ever: in the journal, in locks, in addresses of the back-office.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        """By a person; only a person resumes it."""
        SUSPENDED = "suspended", _("Suspended")
        """By a configuration error; probed from time to time, and resumed when it answers again."""

    class ForeignPrice(models.TextChoices):
        OURS = "ours", _("Ours wins: it is published again")
        THEIRS = "theirs", _("Theirs wins: it is what we want from then on")
        ASK = "ask", _("Ask a person: no price of that offer leaves meanwhile")

    class LeadTimeCount(models.TextChoices):
        CALENDAR = "calendar", _("Every day of the calendar")
        WEEKDAYS = "weekdays", _("Mondays to Fridays alone")

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    account = models.CharField(max_length=100)
    """Channels of one account share its rate limits."""
    stock_pool = models.CharField(max_length=100)
    """Channels of one pool show one and the same quantity there: what sells on one is gone on all of them."""
    sealed_settings = models.BinaryField()
    currency = CurrencyField()
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    state_reason = models.TextField(blank=True)
    state_changed_at = models.DateTimeField(null=True)
    next_probe_at = models.DateTimeField(null=True)
    probes = models.IntegerField(default=0)
    profile = models.JSONField(default=dict)
    profile_read_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    # Rules of this channel; the ones of one product or family stand before them.
    auto_accept = models.BooleanField(default=True)
    price_drop_tolerance = models.DecimalField(max_digits=5, decimal_places=2, default=10)
    stock_buffer = models.PositiveIntegerField(default=0)
    stock_limit = models.PositiveIntegerField(null=True, blank=True)
    publishes = models.BooleanField(default=True)
    escrow = models.BooleanField(default=True, db_default=True)
    """Shares the last units of a product with the other pools, so that none is sold twice."""
    prices_stopped = models.BooleanField(default=False, db_default=False)
    """By a person: no price leaves, and so no whole offer either."""
    stock_stopped = models.BooleanField(default=False, db_default=False)
    """By a person: no quantity leaves either."""
    price_step_up = models.DecimalField(max_digits=6, decimal_places=2, null=True, default=50, db_default=50)
    """The most that a price may rise in one go, in percent; null: no limit."""
    price_step_down = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, default=30, db_default=30
    )
    """The most that a price may fall in one go, in percent; null: no limit."""
    price_step_amount = MoneyField(null=True)
    """The most that a price may move in one go, in the channel's currency; null: no limit."""
    prices_without_tax = models.BooleanField(default=False, db_default=False)
    """It takes and shows prices without tax; ours are with tax everywhere (`offers.vat`)."""
    foreign_price = models.CharField(
        max_length=6, choices=ForeignPrice, default=ForeignPrice.OURS, db_default=ForeignPrice.OURS
    )
    """What becomes of a price that somebody else wrote there. A quantity is always ours."""
    lead_time_count = models.CharField(
        max_length=8, choices=LeadTimeCount, default=LeadTimeCount.CALENDAR, db_default=LeadTimeCount.CALENDAR
    )
    """Which days the channel counts in a preparation time that it is told."""
    orders_read_at = models.DateTimeField(null=True)
    """When the last complete reading of its orders began: what sold there before that is known here."""
    intervals = models.JSONField(default=dict, blank=True)
    """Seconds between two turns of a flow, where they differ from the flow's own: {"import_orders": 60}."""

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["stock_pool"], name="channels_channel_pool")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    def probe_delay(self) -> timedelta:
        """5 minutes, doubled at each failed probe, at most 6 hours: never switched off for good."""
        return timedelta(minutes=min(5 * 2 ** min(self.probes, 8), 360))


class Cursor(models.Model):
    """Where a read stopped. Moved in the transaction that stores what was read, never alone."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="cursors")
    name = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "name"], name="channels_cursor_once")]


class CachedAnswer(models.Model):
    """What a connector reads once a day and keeps: carriers, reasons, capabilities."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE)
    key = models.CharField(max_length=100)
    value = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="channels_cache_once")]


class ExternalId(models.Model):
    """The other side's id of one of our objects: unique per channel and kind."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE)
    kind = models.CharField(max_length=30)
    external_id = models.CharField(max_length=200)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "kind", "external_id"], name="channels_external_once")
        ]
        indexes = [models.Index(fields=["channel", "kind", "object_id"], name="channels_external_object")]


class CustomerInvoice(models.Model):
    """An invoice for a buyer that goes to the channel; its file is kept until the channel has taken it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To send")
        SENT = "sent", _("Sent")
        """The channel has the file and works on it."""
        TAKEN = "taken", _("Taken")
        REJECTED = "rejected", _("Rejected")

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    # Its index would be one too many: the constraint starts with it.
    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="customer_invoices", db_index=False
    )
    order_id = models.CharField(max_length=120)
    """The channel's own id of the order."""
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INVOICE)
    total_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    tax_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    refund_id = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    external_id = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "kind", "number"], name="channels_invoice_once")
        ]
        indexes = [
            models.Index(
                fields=["channel", "id"],
                condition=models.Q(state__in=["waiting", "sent"]),
                name="channels_invoice_open",
            )
        ]

    def __str__(self) -> str:
        return self.number
