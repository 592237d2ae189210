"""The form of an order to a supplier: its lines are typed or pasted, one article a line."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product, Supplier
from comptoir.finance.purchase_orders import MOST_LINES, MOST_UNITS, Wanted
from comptoir.inventory.models import Warehouse
from comptoir.web.forms.base import HubForm


class PurchaseForm(HubForm):
    supplier = forms.ModelChoiceField(
        label=_("Supplier"), queryset=Supplier.objects.order_by("name"), empty_label=_("Choose…")
    )
    supplier_code = forms.CharField(
        label=_("Its account in the ERP"), max_length=40, required=False,
        help_text=_("Empty: found there by its name."),
    )  # fmt: skip
    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"),
        queryset=Warehouse.objects.all(),
        required=False,
        to_field_name="code",
        empty_label=_("As the ERP decides"),
    )
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    comment = forms.CharField(label=_("Comment"), max_length=200, required=False)
    lines = forms.CharField(
        label=_("Articles"), widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One a line: SKU, units, price without tax. Without a price, the last purchase price counts."),
    )  # fmt: skip

    def clean_lines(self) -> list[Wanted]:
        rows = [row for row in str(self.cleaned_data["lines"]).splitlines() if row.strip()]
        if len(rows) > MOST_LINES:
            raise forms.ValidationError(_("Too many lines."))
        read = [self._row(number, row) for number, row in enumerate(rows, start=1)]
        products = {p.sku: p for p in Product.objects.filter(sku__in=[sku for sku, _, _ in read])}
        if unknown := sorted({sku for sku, _, _ in read} - set(products)):
            raise forms.ValidationError(
                gettext("No product has this SKU: %(sku)s") % {"sku": ", ".join(unknown[:5])}
            )
        return [Wanted(products[sku], units, price) for sku, units, price in read]

    @staticmethod
    def _row(number: int, row: str) -> tuple[str, int, Decimal | None]:
        """Separated by semicolons or tabs, as a spreadsheet gives them; else by spaces. A comma is a decimal's."""
        marked = row.replace("\t", ";")
        parts = [part.strip() for part in (marked.split(";") if ";" in marked else row.split())]
        try:
            sku, units = parts[0], int(parts[1])
            price = Decimal(parts[2].replace(",", ".")) if len(parts) > 2 and parts[2] else None
            sound = len(parts) <= 3 and 0 < units <= MOST_UNITS and (price is None or 0 <= price < 10**9)
        except (IndexError, ValueError, InvalidOperation):
            sound = False
        if not sound:
            words = gettext("Line %(number)s is not “SKU, units, price”: %(row)s")
            raise forms.ValidationError(words % {"number": number, "row": row[:60]})
        return sku, units, price
