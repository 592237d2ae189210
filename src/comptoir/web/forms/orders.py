"""What a person says of an order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comptoir.orders.models import Order, OrderLine
from comptoir.orders.notes import MAX_NOTE
from comptoir.orders.refunds import refundable_lines
from comptoir.sdk.money import to_cents
from comptoir.sdk.records import Parcel
from comptoir.shipping.models import Carrier
from comptoir.web.formats import format_money
from comptoir.web.forms.base import HubForm


class HoldForm(HubForm):
    reason = forms.CharField(
        label=_("Why is it put on hold?"),
        max_length=40,
        help_text=_("Shown to everybody until it is released."),
    )


class NoteForm(HubForm):
    text = forms.CharField(
        label=_("Note"), max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("No personal data of the buyer: a note is kept longer than they are."),
    )  # fmt: skip


class CancelForm(HubForm):
    """How many units of each line; the reason is one of the channel's own codes, where the channel told us its list."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=60)

    def __init__(self, order: Order, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_reasons(self, order)
        self.to_cancel = [line for line in order.lines.all() if line.quantity > line.cancelled_quantity]
        for line in self.to_cancel:
            left = line.quantity - line.cancelled_quantity
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=_label(line), required=False, min_value=0, max_value=left, initial=left,
                widget=forms.NumberInput(attrs={"class": "form-control"}),
                help_text=ngettext("%(n)d unit is left.", "%(n)d units are left.", left) % {"n": left},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(self._asked().values()):
            raise forms.ValidationError(_("Nothing would be cancelled: give at least one unit."))
        return cleaned

    def units(self) -> dict[str, int]:
        """Line's external id → units; empty when it is the whole order."""
        asked = self._asked()
        whole = all(
            asked[line.external_id] == line.quantity - line.cancelled_quantity for line in self.to_cancel
        )
        return {} if whole else {line: units for line, units in asked.items() if units}

    def _asked(self) -> dict[str, int]:
        return {line.external_id: self.cleaned_data.get(f"line-{line.pk}") or 0 for line in self.to_cancel}


class RefundForm(HubForm):
    """Of each line that has left: the units that come back, and the money that is given back for it."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=60)

    def __init__(self, order: Order, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_reasons(self, order)
        self.possible = {key: one for key, one in refundable_lines(order).items() if one.amount > 0}
        for one in self.possible.values():
            most = to_cents(one.amount)
            self.fields[f"amount-{one.line.pk}"] = forms.DecimalField(
                label=_label(one.line), required=False, min_value=0, max_value=most, max_digits=12, decimal_places=2,
                localize=True, help_text=_("Money to give back, %(most)s at most.") % {
                    "most": format_money(most, order.currency)},
            )  # fmt: skip
            self.fields[f"units-{one.line.pk}"] = forms.IntegerField(
                label=_("Units that come back"), required=False, min_value=0, max_value=one.quantity,
                help_text=_("0 when the buyer keeps the article."),
            )  # fmt: skip
        self.dress()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.amounts():
            raise forms.ValidationError(_("Nothing would be given back: give an amount."))
        return cleaned

    def amounts(self) -> dict[str, Decimal]:
        """Line's external id → money."""
        given = {key: self.cleaned_data.get(f"amount-{one.line.pk}") for key, one in self.possible.items()}
        return {key: amount for key, amount in given.items() if amount}

    def units(self) -> dict[str, int]:
        return {
            key: self.cleaned_data.get(f"units-{self.possible[key].line.pk}") or 0 for key in self.amounts()
        }


class ShipForm(HubForm):
    """One parcel: its carrier, its number, and how many units of each line are in it."""

    carrier = forms.CharField(
        label=_("Carrier"), max_length=40, help_text=_("Its code, such as COLISSIMO."),
        widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"}),
    )  # fmt: skip
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=80, required=False)
    tracking_url = forms.URLField(
        label=_("Tracking address"), max_length=300, required=False, assume_scheme="https"
    )

    def __init__(self, lines: list[OrderLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to_ship = lines
        for line in lines:
            left = units_left(line)
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=_label(line), required=False, min_value=0, max_value=left,
                initial=left, widget=forms.NumberInput(attrs={"class": "form-control"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.units():
            raise forms.ValidationError(_("Nothing would leave: give at least one unit."))
        return cleaned

    def units(self) -> dict[int, int]:
        """Order line id → units."""
        given = {line.pk: self.cleaned_data.get(f"line-{line.pk}") or 0 for line in self.to_ship}
        return {pk: units for pk, units in given.items() if units}

    def parcel(self) -> Parcel:
        code = self.cleaned_data["carrier"].strip().upper()
        name = Carrier.objects.filter(code=code).values_list("name", flat=True).first()
        return Parcel(
            carrier=code,
            carrier_name=name or code,
            tracking_number=self.cleaned_data["tracking_number"].strip(),
            tracking_url=self.cleaned_data["tracking_url"],
        )


def _offer_reasons(form: HubForm, order: Order) -> None:
    """The channel's own codes, where it told us its list."""
    known = [(one["code"], one["label"] or one["code"]) for one in order.channel.profile.get("reasons", [])]
    if known:
        default = ("", _("The default reason of the channel's settings"))
        form.fields["reason"].widget = forms.Select(choices=[default, *known], attrs={"class": "form-select"})


def units_left(line: OrderLine) -> int:
    return max(0, line.quantity - line.cancelled_quantity - line.shipped_quantity)


def _label(line: OrderLine) -> str:
    return f"{line.sku} – {line.title}" if line.title else line.sku
