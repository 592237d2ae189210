from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core.fields import CurrencyField, MoneyField
from comptoir.offers.activation_models import ActivationRule
from comptoir.offers.acts import OfferAct, OfferChange
from comptoir.offers.import_models import OfferImport, OfferImportLine
from comptoir.offers.lead_time_models import LeadTime, LeadTimeMoment

__all__ = [
    "ActivationRule",
    "LastUnits",
    "LeadTime",
    "LeadTimeMoment",
    "Offer",
    "OfferAct",
    "OfferChange",
    "OfferImport",
    "OfferImportLine",
    "Submission",
    "SubmissionItem",
]


class Submission(models.Model):
    """One bulk write to a channel: stock, prices or whole offers."""

    class Kind(models.TextChoices):
        STOCK = "stock", _("Stock")
        PRICE = "price", _("Prices")
        OFFER = "offer", _("Offers")
        LEAD = "lead", _("Preparation times")

    class State(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        """Claimed and not yet sent. Found later without its sender: nobody knows whether it left."""
        SENT = "sent", _("Sent")
        COMPLETE = "complete", _("Complete")
        FAILED = "failed", _("Failed")
        LOST = "lost", _("Outcome unknown")

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="submissions")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    external_id = models.CharField(max_length=120, blank=True)
    items = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["channel"],
                condition=models.Q(state__in=["prepared", "sent"]),
                name="offers_submission_open",
            )
        ]


class Offer(models.Model):
    """One product on one channel: what should be there, what was sent, what the channel confirmed.

    A difference between desired and sent is what `publish_offers` closes. `sent` is null where we do
    not know what the channel has: that is a difference too.
    """

    class State(models.TextChoices):
        NEW = "new", _("To create")
        LISTED = "listed", _("Listed")
        PAUSED = "paused", _("Paused")
        """Kept on the channel with no stock, by a person's choice."""

    class Network(models.TextChoices):
        SELLER = "seller", _("Own stock")
        CHANNEL = "channel", _("Channel's stock")

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="offers", db_index=False)
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="offers")
    sku = models.CharField(max_length=80)
    network = models.CharField(max_length=8, choices=Network, default=Network.SELLER)
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    currency = CurrencyField()
    condition = models.CharField(max_length=20, default="new")
    external_id = models.CharField(max_length=120, blank=True)
    external_product_id = models.CharField(max_length=120, blank=True)
    lead_time_days = models.IntegerField(null=True)
    """Working days of preparation asked of this very offer; null: what the rules say (`LeadTime`)."""

    desired_quantity = models.IntegerField(default=0)
    sent_quantity = models.IntegerField(null=True)
    confirmed_quantity = models.IntegerField(null=True)
    quantity_confirmed_at = models.DateTimeField(null=True)
    quantity_submission = models.ForeignKey(
        Submission,
        null=True,
        on_delete=models.SET_NULL,
        related_name="quantity_offers",
        db_index=False,
        db_constraint=False,
    )
    quantity_error = models.TextField(blank=True)
    exposed_quantity = models.IntegerField(null=True)
    """The most that the channel may sell before we hear of it. Null: as much as `sent` and `confirmed` say."""
    possible_quantity = models.IntegerField(null=True)
    """The most that the channel may be showing."""
    exposed_at = models.DateTimeField(null=True)
    """When a quantity was last claimed or its outcome known. Once the orders were read after that, the
    exposure is what the channel may be showing, and no more."""
    in_escrow = models.BooleanField(default=False, db_default=False)
    """Its product is down to its last units, which the pools share."""
    daily_sales = models.FloatField(null=True)
    """Units a day of the last weeks, on this channel; measured by `measure_demand`."""
    stop = models.SmallIntegerField(default=0, db_default=0)
    """`publication.Stop`: why it shows nothing whatever its rules say."""
    ruling = models.ForeignKey(
        "Ruling",
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    """What the rules of quantity make of it, resolved when they change; null: the channel's own fields alone."""

    desired_price = MoneyField(null=True)
    sent_price = MoneyField(null=True)
    confirmed_price = MoneyField(null=True)
    price_confirmed_at = models.DateTimeField(null=True)
    price_submission = models.ForeignKey(
        Submission,
        null=True,
        on_delete=models.SET_NULL,
        related_name="price_offers",
        db_index=False,
        db_constraint=False,
    )
    price_error = models.TextField(blank=True)
    floor_price = MoneyField(null=True)
    passed_price = MoneyField(null=True)
    """The last price of ours that the channel took: what the next one's step is measured from."""
    allowed_price = MoneyField(null=True)
    """Let pass by a person, once and at exactly this price, however far it moves."""
    barred = models.BooleanField(default=False, db_default=False)
    """Paused by a rule of activation, which shows it again when it goes."""
    foreign_price = MoneyField(null=True)
    """Written there by somebody else, and a person is asked whose price it shall be: none leaves meanwhile."""

    shown_quantity = models.IntegerField(null=True)
    shown_price = MoneyField(null=True)
    shown_at = models.DateTimeField(null=True)
    """What the last read of the channel found there."""
    changed_at = models.DateTimeField()

    # No index on what a claim, a report or a sale changes: such a row is written again where it stands, and its
    # page (85 % full) has room for it. What waits to be sent is found in `Waiting`.
    class Meta:
        ordering = ["sku", "channel_id"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "sku", "network"], name="offers_offer_once"),
            models.CheckConstraint(condition=models.Q(desired_quantity__gte=0), name="offers_offer_quantity"),
        ]
        indexes = [
            models.Index(fields=["sku", "id"], name="offers_offer_sku"),
            models.Index(
                fields=["sku", "id"],
                condition=~models.Q(quantity_error="") | ~models.Q(price_error=""),
                name="offers_offer_in_error",
            ),
            models.Index(fields=["product"], condition=models.Q(in_escrow=True), name="offers_last_units"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.channel_id}"


class Ruling(models.Model):
    """What all rules of quantity together say of an offer: one row per different answer, never changed."""

    digest = models.CharField(max_length=32)
    buffer = models.IntegerField(null=True)
    cover = models.IntegerField(null=True)
    """Units."""
    share = models.IntegerField(null=True)
    envelope = models.IntegerField(null=True)
    envelope_from = models.DateTimeField(null=True)
    most = models.IntegerField(null=True)
    """The rule « shown at most »."""
    minimum = models.IntegerField(null=True)
    always = models.IntegerField(null=True)
    rules = models.JSONField()
    """Ids of the versions that won, one per kind."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="offers_ruling_once")]


class Decision(models.Model):
    """Append-only: what an offer should show from an instant on, and what that was made of.

    Written by the very statement that changes it, by the thousand: it has one index. Purged once a later one is
    old enough.
    """

    pk = models.CompositePrimaryKey("offer_id", "at", "id")
    id = models.BigIntegerField(editable=False)
    """The database's own count: which one came later in the same instant."""
    offer = models.ForeignKey(
        Offer, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    at = models.DateTimeField()
    quantity = models.IntegerField()
    available = models.IntegerField(null=True)
    """When it was decided; null where only the rules changed, not the number."""
    kept_back = models.IntegerField()
    """By the channel's own field."""
    most = models.IntegerField(null=True)
    """By the channel's own field."""
    envelope_left = models.IntegerField(null=True)
    stop = models.SmallIntegerField(default=0)
    """`offers.publication.Stop`."""
    few = models.BooleanField()
    """In escrow: `quantity` is the share of the pool."""
    at_stake = models.IntegerField(null=True)
    """In escrow: what all pools together may still sell before we hear of it."""
    ruling_id = models.BigIntegerField(null=True)
    sent = models.IntegerField(null=True)
    """What we thought that the channel was told, less its own sales."""

    class Meta:
        indexes = [BrinIndex(fields=["at"], name="offers_decision_at")]


class Sighting(models.Model):
    """Append-only: what a reading of the channel found, where it is not what the one before found."""

    offer = models.ForeignKey(
        Offer, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    at = models.DateTimeField()
    quantity = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["offer", "at"], name="offers_sighting_offer")]


class ChannelPace(models.Model):
    """How long a channel takes from one sale to the next confirmation; measured by `measure_demand`."""

    channel = models.OneToOneField(Channel, primary_key=True, on_delete=models.CASCADE)
    cycle_s = models.FloatField()


class Waiting(models.Model):
    """What an offer waits for: that its quantity or its price leave, that its channel's orders are read.

    Kept by triggers, in the statement that writes the offer: never written by hand (`offers.differences`).
    """

    class Kind(models.TextChoices):
        QUANTITY = "quantity"
        PRICE = "price"
        READING = "reading"

    pk = models.CompositePrimaryKey("channel_id", "kind", "offer_id")
    channel = models.ForeignKey(
        Channel, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    offer = models.ForeignKey(
        Offer, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )


class LastUnits(models.Model):
    """What escrow means for a product that sells fast; without a row, the least of each."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE)
    daily_sales = models.FloatField()
    escrow_units = models.IntegerField()
    """At or below that many units available, the pools get disjoint quotas."""
    in_flight = models.IntegerField()
    """Units that may sell while a decrease travels to the channels."""


class SubmissionItem(models.Model):
    """What one submission writes of one offer.

    A claim writes them by the thousand, so one index is all they have until they are answered. Of an offer they
    are found by `submissions.ITEMS`.
    """

    pk = models.CompositePrimaryKey("submission_id", "offer_id")
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.CASCADE, related_name="submission_items", db_index=False, db_constraint=False
    )
    quantity = models.IntegerField(null=True)
    price = MoneyField(null=True)
    lead_time = models.SmallIntegerField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    """done, rejected or retry by the channel's report; lost where there was none; blank while it is open."""
    message = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["offer"], condition=~models.Q(outcome=""), name="offers_item_answered"),
        ]
