"""Reading the lines of a file of offers, with what is wrong in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from comptoir.channels.models import Channel
from comptoir.offers.import_lines import TEXTS
from comptoir.offers.models import OfferImport, OfferImportLine
from comptoir.offers.refusals import PRICE_STEP
from comptoir.offers.refusals import TEXTS as REFUSALS
from comptoir.web.csv_export import Column
from comptoir.web.formats import format_money


@dataclass(frozen=True)
class ShownLine:
    line: OfferImportLine
    channel: str
    why: str


def show_lines(lines: Sequence[OfferImportLine]) -> list[ShownLine]:
    names = dict(Channel.objects.values_list("key", "name"))
    return [ShownLine(line, names.get(line.channel, line.channel), why(line)) for line in lines]


def why(line: OfferImportLine) -> str:
    if not line.error:
        return ""
    code, detail = line.error, dict(line.detail)
    if code == PRICE_STEP and "highest" not in detail:
        code = "price_step_up"
    if line.error in REFUSALS:
        detail = {
            name: format_money(Decimal(amount), line.currency or "EUR") for name, amount in detail.items()
        }
    return gettext(TEXTS[code]) % detail


def error_columns(file: OfferImport) -> list[Column[OfferImportLine]]:
    def cell(name: str) -> Column[OfferImportLine]:
        return name, lambda line: line.cells.get(name, "")

    names = [name for name in file.columns if name != "sku"]
    return [
        cell("sku"), *map(cell, names),
        (gettext("Line"), lambda line: line.number), (gettext("Error"), why),
    ]  # fmt: skip
