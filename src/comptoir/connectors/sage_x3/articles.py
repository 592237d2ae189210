"""ITMMASTER rows as products: pure parsing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from comptoir.connectors.sage_x3.dialect import number
from comptoir.connectors.sage_x3.lists import Row
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.records import Product, Rejected

CENT: Final = Decimal("0.01")
_GRAMS: Final = {
    "G": Decimal(1),
    "GR": Decimal(1),
    "KG": Decimal(1000),
    "T": Decimal(1_000_000),
    "LB": Decimal("453.59237"),
}


def parse_articles(
    rows: Iterable[Row], costs: Mapping[str, Decimal], prices: Mapping[str, Decimal], suppliers: Mapping[str, str],
    settings: SageX3Settings, mapped: Mapped,
) -> tuple[tuple[Product, ...], tuple[Rejected, ...]]:  # fmt: skip
    """Our own service articles are no products."""
    services = {settings.shipping_article, settings.discount_article, settings.rounding_article}
    products, rejected = [], []
    for row in rows:
        sku = str(row.get("sku") or "")
        if sku in services:
            continue
        try:
            products.append(
                parse_article(row, costs.get(sku), prices.get(sku), suppliers.get(sku, ""), settings, mapped)
            )
        except RejectedRecord as error:
            rejected.append(Rejected(external_id=error.record_id, message=error.message, code=error.code))
    return tuple(products), tuple(rejected)


def parse_article(
    row: Row,
    cost: Decimal | None,
    price: Decimal | None,
    supplier: str,
    settings: SageX3Settings,
    mapped: Mapped,
) -> Product:
    """RejectedRecord when it has no reference, or a figure that is none."""
    sku = str(row.get("sku") or "").strip()
    if not sku:
        raise RejectedRecord("An article without a reference.", code="no_reference")
    rate = settings.rates().get(_first(row.get("tax_level")))
    try:
        weight = _grams(row.get("weight"), str(row.get("weight_unit") or ""))
    except UnexpectedAnswer as error:
        raise RejectedRecord(f"{sku}: {error.message}", code="figure", record_id=sku) from error
    return Product(
        sku=sku,
        title=str(row.get("title") or "").strip() or sku,
        ean=str(row.get("ean") or "").strip(),
        family=str(row.get("family") or "").strip(),
        supplier=supplier,
        purchase_price=cost,
        list_price=_with_tax(price, rate, included=settings.price_with_tax),
        vat_rate=rate,
        weight_g=weight,
        active=str(row.get("status") or "") == mapped["value.active_item"],
    )


def average_costs(rows: Iterable[Row]) -> dict[str, Decimal]:
    """Of `ITMMVT`: the sites' average costs, weighed by what is there; none where nothing is known."""
    units: dict[str, Decimal] = {}
    value: dict[str, Decimal] = {}
    plain: dict[str, Decimal] = {}
    for row in rows:
        sku, cost, there = (
            str(row["sku"]),
            number(row.get("cost")),
            max(number(row.get("physical")), Decimal(0)),
        )
        if cost > 0:
            plain[sku] = cost
            units[sku] = units.get(sku, Decimal(0)) + there
            value[sku] = value.get(sku, Decimal(0)) + there * cost
    return {
        sku: ((value[sku] / units[sku]) if units[sku] else cost).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        for sku, cost in plain.items()
    }


def main_suppliers(rows: Iterable[Row]) -> dict[str, str]:
    """Of `ITMBPS`: the one with the lowest priority number that is one, else the first."""
    found: dict[str, tuple[Decimal, str]] = {}
    for row in rows:
        rank = number(row.get("priority")) or Decimal(10**6)
        best = found.get(str(row["sku"]))
        if best is None or rank < best[0]:
            found[str(row["sku"])] = (rank, str(row.get("supplier") or ""))
    return {sku: supplier for sku, (_, supplier) in found.items()}


def _with_tax(price: Decimal | None, rate: Decimal | None, *, included: bool) -> Decimal | None:
    """A price without tax of an unknown rate is no list price."""
    if not price or price < 0:
        return None
    if included:
        return price.quantize(CENT, ROUND_HALF_UP)
    return None if rate is None else (price * (1 + rate / 100)).quantize(CENT, ROUND_HALF_UP)


def _grams(value: object, unit: str) -> int | None:
    """None when it has no weight, or a unit that we do not know."""
    weight, factor = number(value), _GRAMS.get(unit.strip().upper())
    if weight <= 0 or factor is None:
        return None
    return int((weight * factor).quantize(Decimal(1), ROUND_HALF_UP))


def _first(value: object) -> str:
    """`VACITM` is a list of up to three tax levels, or its first alone."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value or "").strip()
