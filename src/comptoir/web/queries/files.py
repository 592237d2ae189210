"""What a file would change or changed, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from comptoir.catalog.models import Product
from comptoir.flows.models import TableFile
from comptoir.flows.table_files import told_faults
from comptoir.web.field_values import value_words
from comptoir.web.field_words import field_word

LINES_SHOWN = 100


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
            yield Field(field_word(name), value_words(name, before.get(name)), value_words(name, value))
