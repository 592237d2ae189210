"""When the house works, and how many working days an article needs before it leaves."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.inventory.working_days import MONDAY_TO_FRIDAY

LONGEST = 60
"""Working days of preparation at the most."""


def usual_weekdays() -> list[int]:
    return sorted(MONDAY_TO_FRIDAY)


class WorkCalendar(models.Model):
    """Of one warehouse, or of the house: what every warehouse without one of its own goes by."""

    class InClosure(models.TextChoices):
        LENGTHEN = "lengthen", _("Offers stay on sale, with a longer preparation")
        PAUSE = "pause", _("Offers are paused, and shown again when it is over")

    warehouse = models.ForeignKey(
        "inventory.Warehouse", null=True, on_delete=models.CASCADE, related_name="calendars", db_index=False
    )
    weekdays = ArrayField(models.SmallIntegerField(), default=usual_weekdays)
    """Worked ones; 0 is Monday."""
    cutoff = models.TimeField(null=True)
    """In the merchant's zone; an order from then on counts from the next working day."""
    country = models.CharField(max_length=2, blank=True)
    """ISO code, for public holidays; empty: none are kept."""
    region = models.CharField(max_length=12, blank=True)
    """Of that country, as `holidays` names it."""
    in_closure = models.CharField(
        max_length=8, choices=InClosure, default=InClosure.LENGTHEN, db_default=InClosure.LENGTHEN
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["warehouse"], nulls_distinct=False, name="inventory_calendar_once"
            ),
        )

    def __str__(self) -> str:
        return f"calendar of {self.warehouse_id or 'the house'}"


class ClosedPeriod(models.Model):
    """Days on which nobody works, under a name: « summer closing »."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="closures")
    name = models.CharField(max_length=80)
    first_date = models.DateField()
    last_date = models.DateField()
    """Closed too."""

    class Meta:
        ordering = ("first_date", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last_date__gte=models.F("first_date")), name="inventory_closure_order"
            ),
        )

    def __str__(self) -> str:
        return self.name


class LeadTimeRule(models.Model):
    """Working days of preparation of one product, a family or every article, on one channel or on all."""

    days = models.SmallIntegerField()
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="+")
    family = models.CharField(max_length=120, blank=True)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["product", "family", "channel"], nulls_distinct=False, name="inventory_lead_time_once"
            ),
            models.CheckConstraint(
                condition=models.Q(product__isnull=True) | models.Q(family=""),
                name="inventory_lead_time_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(days__gte=0, days__lte=LONGEST), name="inventory_lead_time_days"
            ),
        )

    def __str__(self) -> str:
        return f"{self.days} d: {self.product_id or self.family or '*'} @ {self.channel_id or '*'}"
