"""What a file would change or changed, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from comptoir.catalog.models import Product
from comptoir.flows.models import TableFile
from comptoir.flows.table_files import told_faults
from comptoir.sdk.i18n import N_

LINES_SHOWN = 100
LABELS = {
    "on_hand": N_("On hand"), "incoming": N_("Incoming"), "title": N_("Title"), "brand": N_("Brand"),
    "family": N_("Family"), "list_price": N_("List price"), "vat_rate": N_("VAT rate"),
    "weight_g": N_("Weight (g)"), "active": N_("Active"), "kind": N_("What the rule does"),
    "value": N_("Units, or percent"), "product": N_("Article (SKU)"), "channel": N_("Channel"),
    "valid_from": N_("From"), "valid_until": N_("Until"), "note": N_("Note"), "removed": N_("Removed"),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    number: int
    sku: str
    product_id: int | None
    warehouse: str
    about: str
    """Of a rule: what it does, of which article, on which channel."""
    is_new: bool
    fields: list[Field]


@dataclass(frozen=True)
class Preview:
    lines: list[Line]
    more: int
    faults: list[tuple[int, str]]
    more_faults: int


def read_preview(file: TableFile) -> Preview:
    shown = file.changes[:LINES_SHOWN]
    ids = dict(Product.objects.filter(sku__in=[one["sku"] for one in shown]).values_list("sku", "pk"))
    lines = [
        Line(one["line"], one["sku"], ids.get(one["sku"]), one.get("warehouse", ""), one.get("about", ""),
             one["before"] is None, list(_fields(one["before"] or {}, one["after"])))
        for one in shown
    ]  # fmt: skip
    faults = list(told_faults(file, gettext))
    return Preview(
        lines, len(file.changes) - len(shown), faults[:LINES_SHOWN], max(0, len(faults) - LINES_SHOWN)
    )


def _fields(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Field]:
    for name, value in after.items():
        if before.get(name) != value:
            yield Field(gettext(LABELS[name]), _word(before.get(name)), _word(value))


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)
