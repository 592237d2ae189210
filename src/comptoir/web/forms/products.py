"""What the hub owns of a product: its barcodes, and what a kit is made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.barcodes import WrongBarcode, change_barcodes
from comptoir.catalog.models import Product
from comptoir.inventory.kits import CannotCompose, compose_kit
from comptoir.offers.desired import recompute_desired
from comptoir.web.forms.base import HubForm

_REFUSALS = {
    "own_stock": _("%(sku)s has stock of its own: correct it to zero before it becomes a kit."),
    "is_component": _("%(sku)s is a component of another kit: it cannot be a kit itself."),
    "nested": _("%(sku)s is a kit itself: a kit is made of plain articles."),
    "promised": _("Orders keep units of %(sku)s: they have to leave first."),
}


class ProductForm(HubForm):
    barcodes = forms.CharField(
        label=_("Barcodes (EAN)"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One per line. Their check digit is verified."),
    )  # fmt: skip
    parts = forms.CharField(
        label=_("Made of"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For a kit alone: one component per line, its units then its SKU, such as “2 MUG-BLUE”."),
    )  # fmt: skip

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        lines = product.components.order_by("component__sku").values_list("quantity", "component__sku")
        initial = {
            "barcodes": "\n".join(product.barcodes.order_by("code").values_list("code", flat=True)),
            "parts": "\n".join(f"{units} {sku}" for units, sku in lines),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.product = product

    def clean_parts(self) -> dict[int, int]:
        """Component's id → units."""
        parts: dict[int, int] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["parts"].splitlines())):
            units, _space, sku = line.partition(" ")
            if not (units.isascii() and units.isdigit() and 0 < int(units) <= 1000 and sku.strip()):
                words = _("“%(line)s” is not a number of units and a SKU.")
                raise forms.ValidationError(words, params={"line": line})
            component = Product.objects.filter(sku=sku.strip()).first()
            if component is None:
                raise forms.ValidationError(_("No product has the SKU %(sku)s."), params={"sku": sku.strip()})
            parts[component.pk] = parts.get(component.pk, 0) + int(units)
        return parts

    def keep(self, *, actor: str) -> bool:
        """False when the catalogue refuses: the form then says why."""
        try:
            with transaction.atomic():
                change_barcodes(self.product.pk, self.cleaned_data["barcodes"].split(), actor=actor)
                compose_kit(self.product.pk, self.cleaned_data["parts"], actor=actor)
                recompute_desired([self.product.pk])
        except WrongBarcode as error:
            words = _("%(code)s is no barcode: its check digit is wrong, or another product has it.")
            self.add_error("barcodes", words % {"code": error})
        except CannotCompose as error:
            self.add_error("parts", _REFUSALS[error.code] % {"sku": error.sku})
        return not self.errors
