from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.channels.models import Channel
from comptoir.core.fields import CurrencyField, MoneyField
from comptoir.orders.models import Order, Refund


class ErpDocument(models.Model):
    """One document that an order became in the ERP: the newest word of it. All of an order's are its chain."""

    class Kind(models.TextChoices):
        ORDER = "order", _("Order")
        PREPARATION = "preparation", _("Preparation")
        DELIVERY = "delivery", _("Delivery note")
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")
        RETURN = "return", _("Return note")

    class Refunding(models.TextChoices):
        """Of a credit note: what it means for the buyer's money."""

        NONE = "", _("Nothing to give back")
        """Every other document, and the credit notes that we asked for ourselves."""
        TO_DECIDE = "to_decide", _("To decide")
        WANTED = "wanted", _("To refund")
        """By the rule or by a person: `refund_credit_notes` asks the channel as soon as the order allows it."""
        ASKED = "asked", _("Refund asked for")
        ALREADY = "already", _("Already given back")
        DECLINED = "declined", _("Not given back")

    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="erp_documents", db_index=False
    )
    """The ERP."""
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="erp_documents")
    kind = models.CharField(max_length=12, choices=Kind)
    number = models.CharField(max_length=60)
    origin = models.CharField(max_length=60, blank=True)
    document_date = models.DateField()
    total_amount = MoneyField()
    """Tax included; of a credit note: what it gives back, above zero."""
    tax_amount = MoneyField(null=True)
    currency = CurrencyField()
    lines = models.JSONField(default=list)
    """[{sku, line, quantity, amount}], amounts as text."""
    asked_as = models.CharField(max_length=80, blank=True)
    """Of a credit note that we asked for: our delivery's item."""
    shares = models.JSONField(default=dict)
    """Of a credit note of the ERP's own: line's external id → {quantity, amount} that count as told to the ERP."""
    refunding = models.CharField(max_length=10, choices=Refunding, blank=True, default=Refunding.NONE)
    refund = models.ForeignKey(
        Refund, null=True, on_delete=models.PROTECT, related_name="credit_notes", db_index=False
    )
    message = models.TextField(blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["document_date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "order", "kind", "number"], name="finance_document_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(refunding__in=["to_decide", "wanted"]),
                name="finance_document_to_refund",
            ),
            models.Index(fields=["kind", "-document_date"], name="finance_document_day"),
        ]

    def __str__(self) -> str:
        return self.number


class CreditNoteRule(models.Model):
    """What a credit note of the ERP does on a channel; without a row, a person decides each one."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="credit_note_rule")
    automatic = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel}: {'automatic' if self.automatic else 'by a person'}"
