from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel


class ActivationRule(models.Model):
    """Whether an article is offered: of one product, of a family or of every one; on one channel or on all."""

    class Action(models.TextChoices):
        LIST = "list", _("Offer it by itself")
        """As soon as it has stock, a price and a purchase price for its floor."""
        LEAVE = "leave", _("Leave it to a person")
        NEVER = "never", _("Never offer it")
        """What is offered already is paused, and shown again when the rule goes."""

    action = models.CharField(max_length=5, choices=Action)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.CASCADE, related_name="+")
    family = models.CharField(max_length=120, blank=True)
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["channel", "family", "product"], nulls_distinct=False, name="offers_activation_once"
            ),
            models.CheckConstraint(
                condition=models.Q(product__isnull=True) | models.Q(family=""), name="offers_activation_scope"
            ),
        )

    def __str__(self) -> str:
        return f"{self.action}: {self.product_id or self.family or '*'} @ {self.channel_id or '*'}"
