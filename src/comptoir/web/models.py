from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Company(models.Model):
    """Who the merchant is, as sheets and screens say it: one row, number 1."""

    name = models.CharField(_("Name"), max_length=120, default="Comptoir")
    address = models.TextField(_("Address"), max_length=500, blank=True)
    email = models.EmailField(_("E-mail address for buyers"), blank=True)
    phone = models.CharField(_("Telephone for buyers"), max_length=40, blank=True)
    legal = models.CharField(
        _("Legal mentions"), max_length=300, blank=True,
        help_text=_("SIRET, VAT number, capital: printed at the foot of every packing slip."),
    )  # fmt: skip
    thanks = models.CharField(
        _("Words to the buyer"), max_length=300, blank=True, help_text=_("Printed on every packing slip.")
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="web_company_one")]

    def __str__(self) -> str:
        return self.name


class AlertChoice(models.Model):
    """What a person chose about alerts, over the environment's choices: one row, number 1; none before anybody did."""

    emails = models.JSONField(default=list)
    thresholds = models.JSONField(default=dict)
    """By the key of a rule (`flows.alert_rules`), in its own unit; null: off."""

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="web_alert_choice_one")]
