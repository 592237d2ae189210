from __future__ import annotations

from django.db import models

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core.fields import CurrencyField, MoneyField


class Watch(models.Model):
    """When the others' offers on one of our products were last read on one channel."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="watches", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="watches")
    watched_at = models.DateTimeField()
    offers = models.IntegerField(default=0)
    """How many there were, ours included."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "product"], name="pricing_watch_once")]


class CompetingOffer(models.Model):
    """One offer of one seller, as long as it stood unchanged: a price that moves starts a new row.

    What stands now was last seen when its product was last watched; earlier rows are its history.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="competing_offers", db_index=False
    )
    seller = models.CharField(max_length=150, blank=True)
    """As the channel names it; "" where it does not."""
    condition = models.CharField(max_length=40, blank=True)
    price = MoneyField()
    shipping_price = MoneyField(default=0)
    currency = CurrencyField()
    is_ours = models.BooleanField(default=False)
    has_buy_box = models.BooleanField(null=True)
    rank = models.IntegerField(null=True)
    grade = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    evaluations = models.IntegerField(null=True)
    lead_time_days = models.IntegerField(null=True)
    expected_price = MoneyField(null=True)
    """Of ours: the price at which the channel expects it to be featured, as it was last told."""
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["channel_id", "product_id", "-last_seen_at", "rank"]
        indexes = [
            models.Index(fields=["product", "channel", "-last_seen_at"], name="pricing_competing_product"),
            models.Index(fields=["last_seen_at"], name="pricing_competing_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.seller or '?'} {self.price} {self.currency}"
