"""Warehouses, what goes from one to another, what comes back, what is made of parts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.inventory.models import Stock, Warehouse, WarehousePriority
from comptoir.sdk.connector import Role
from comptoir.web.forms.base import HubForm

MOST = 1_000_000
REFUSALS = {
    "units": _("So many units are not possible here."),
    "place": _("Two different warehouses are needed, and what is accepted goes where it can be sold."),
    "kit": _("A kit has no stock of its own: its parts have."),
    "promised": _("Fewer units than that are there and promised to no order."),
    "state": _("Somebody else did this meanwhile: look at the list again."),
    "parts": _("The parts are other articles, at least one unit of each."),
    "short": _("Fewer parts than that are there and promised to no order."),
}


class _OfArticle(HubForm):
    sku = forms.CharField(label=_("Article (SKU)"), max_length=80)

    def clean_sku(self) -> Product:
        product = Product.objects.filter(sku=self.cleaned_data["sku"].strip()).first()
        if product is None:
            words = _("No product has the SKU %(sku)s.")
            raise forms.ValidationError(words, params={"sku": self.cleaned_data["sku"]})
        return product

    def refuse(self, code: str) -> None:
        self.add_error(None, REFUSALS[code])


class TransferForm(_OfArticle):
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST)
    source = forms.ModelChoiceField(Warehouse.objects.all(), label=_("From the warehouse"))
    target = forms.ModelChoiceField(Warehouse.objects.all(), label=_("To the warehouse"))
    expected_date = forms.DateField(
        label=_("Expected on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("Note"), max_length=120, required=False)


class ReceiveForm(HubForm):
    units = forms.IntegerField(
        label=_("Units received"), min_value=0, max_value=MOST, help_text=_("What is missing counts as lost.")
    )

    def refuse(self, code: str) -> None:
        self.add_error(None, REFUSALS[code])


class ReturnForm(_OfArticle):
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=100,
        required=False,
        help_text=_("The order or the parcel that it came with."),
    )


class JudgeForm(HubForm):
    accepted = forms.IntegerField(label=_("Units accepted"), min_value=0, max_value=MOST, initial=0)
    scrapped = forms.IntegerField(label=_("Units scrapped"), min_value=0, max_value=MOST, initial=0)
    to = forms.ModelChoiceField(
        Warehouse.objects.filter(sellable=True), label=_("Accepted units go to"), empty_label=None
    )

    def __init__(self, stock: Stock, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepted"].initial = stock.on_hand

    def refuse(self, code: str) -> None:
        self.add_error(None, REFUSALS[code])


class AssemblyForm(HubForm):
    warehouse = forms.ModelChoiceField(Warehouse.objects.all(), label=_("Warehouse"), empty_label=None)
    units = forms.IntegerField(
        label=_("Units made"), min_value=-MOST, max_value=MOST, help_text=_("Below zero: taken apart.")
    )
    parts = forms.CharField(
        label=_("Made of"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One part per line, its units in one article then its SKU, such as “2 MUG-BLUE”."),
    )  # fmt: skip

    def clean_parts(self) -> dict[Product, int]:
        parts: dict[Product, int] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["parts"].splitlines())):
            units, _space, sku = line.partition(" ")
            product = Product.objects.filter(sku=sku.strip()).first()
            if product is None or not (units.isascii() and units.isdigit() and 0 < int(units) <= 1000):
                words = _("“%(line)s” is not a number of units and a SKU.")
                raise forms.ValidationError(words, params={"line": line})
            parts[product] = parts.get(product, 0) + int(units)
        return parts

    def refuse(self, code: str) -> None:
        self.add_error(None, REFUSALS[code])


class WarehouseForm(HubForm):
    """The priority of the house, then one field per channel that may have its own."""

    name = forms.CharField(label=_("Name"), max_length=120)
    sellable = forms.BooleanField(label=_("Its units are for sale"), required=False)
    priority = forms.IntegerField(
        label=_("Priority"), min_value=0, max_value=100_000,
        help_text=_("The lowest number ships first. Empty for a channel: the same as for the house."),
    )  # fmt: skip

    def __init__(self, warehouse: Warehouse, *args: Any, **kwargs: Any) -> None:
        own = dict(
            WarehousePriority.objects.filter(warehouse=warehouse).values_list("channel_id", "priority")
        )
        self.channels = list(Channel.objects.filter(role=Role.MARKETPLACE).order_by("name"))
        kwargs["initial"] = {
            "name": warehouse.name, "sellable": warehouse.sellable, "priority": warehouse.priority,
            **{f"channel-{channel.pk}": own.get(channel.pk) for channel in self.channels},
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        for channel in self.channels:
            self.fields[f"channel-{channel.pk}"] = forms.IntegerField(
                label=_("Priority for %(channel)s") % {"channel": channel.name}, required=False,
                min_value=0, max_value=100_000,
            )  # fmt: skip
        self.dress()

    def priorities(self) -> dict[int, int]:
        given = {channel.pk: self.cleaned_data[f"channel-{channel.pk}"] for channel in self.channels}
        return {channel: priority for channel, priority in given.items() if priority is not None}
