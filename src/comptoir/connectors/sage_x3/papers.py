"""Invoices and credit notes of our orders: pure parsing.

An invoice that groups several orders is told once per order, with its lines. A credit note that X3 made knows its order
by its lines; one that we asked for by the specific field that it was written with, and by our refund's id in `INVREF`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from comptoir.connectors.sage_x3.articles import CENT
from comptoir.connectors.sage_x3.dialect import number
from comptoir.connectors.sage_x3.documents import day
from comptoir.connectors.sage_x3.lists import Row
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.documents import DocumentKind, ErpDocument, ErpDocumentLine

_REFUND: Final = re.compile(r"R\d+-\d+|R[A-Z2-7]{19}")
"""What `payloads.credit_reference` writes."""


def parse_papers(
    rows: Iterable[Row],
    lines: Iterable[Row],
    ours: Mapping[str, str],
    settings: SageX3Settings,
    mapped: Mapped,
) -> tuple[ErpDocument, ...]:
    """`ours`: `{X3's number of an order: our reference}`. What belongs to no order of ours is left out."""
    by_document: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        by_document[str(line["number"])][ours.get(str(line["order"]), "")].append(line)
    found: list[ErpDocument] = []
    for row in rows:
        parts = by_document[str(row["number"])]
        named = str(row.get("order") or "")
        if named.startswith(settings.reference_prefix):
            parts = {named: [line for part in parts.values() for line in part]}
        whole = len(parts) == 1
        found += [
            document
            for reference, own in parts.items()
            if reference and (document := _document(row, reference, own, settings, mapped, whole=whole))
        ]
    return tuple(found)


def _document(
    row: Row, reference: str, lines: list[Row], settings: SageX3Settings, mapped: Mapped, *, whole: bool
) -> ErpDocument | None:
    """None of what is neither invoice nor credit note: a pro forma, a value correction."""
    kind = {
        mapped["value.invoice"]: DocumentKind.INVOICE,
        mapped["value.credit_note"]: DocumentKind.CREDIT_NOTE,
    }.get(str(row["category"]))
    total = (
        abs(number(row["total"])) if whole else sum((abs(number(one["amount"])) for one in lines), Decimal(0))
    )
    if kind is None or (kind is DocumentKind.CREDIT_NOTE and not total):
        return None
    asked = str(row.get("reference") or "")
    credit = kind is DocumentKind.CREDIT_NOTE
    return ErpDocument(
        order_reference=reference,
        kind=kind,
        number=str(row["number"]),
        document_date=day(row["date"]),
        total_amount=total.quantize(CENT),
        tax_amount=(total - abs(number(row["net"]))).quantize(CENT) if whole else None,
        currency=str(row.get("currency") or "EUR"),
        origin=next((str(one["delivery"]) for one in lines if one.get("delivery")), ""),
        refund_id=asked if credit and _REFUND.fullmatch(asked) else "",
        lines=tuple(_line(one, settings, credit=credit) for one in lines),
    )


def _line(line: Row, settings: SageX3Settings, *, credit: bool) -> ErpDocumentLine:
    """A credit note's lines may be written below zero; on an invoice a discount is."""
    services = {settings.shipping_article, settings.discount_article, settings.rounding_article}
    sku, amount = str(line.get("sku") or ""), number(line["amount"]).quantize(CENT)
    return ErpDocumentLine(
        sku="" if sku in services else sku,
        quantity=abs(int(number(line["quantity"]))),
        amount=abs(amount) if credit else amount,
    )
