"""Articles and their variants as products: pure functions of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from stdnum import ean
from stdnum.exceptions import ValidationError

from comptoir.connectors.sage100.database import Row
from comptoir.connectors.sage100.instants import to_utc
from comptoir.connectors.sage100.settings import Sage100Settings
from comptoir.sdk.records import Product, Rejected

# The unit of AR_PoidsNet in grams, in the order of Sage's list; the numbers are not verified on a real base.
GRAMS: Final = (Decimal(1_000_000), Decimal(100_000), Decimal(1000), Decimal(1), Decimal("0.001"))
CENT: Final = Decimal("0.01")


def parse_articles(
    rows: Iterable[Row],
    variants: dict[str, list[Row]],
    kits: dict[str, list[Row]],
    settings: Sage100Settings,
    zone: ZoneInfo,
) -> tuple[tuple[Product, ...], tuple[Rejected, ...]]:
    products: list[Product] = []
    rejected: list[Rejected] = []
    services = {settings.shipping_article, settings.discount_article, settings.rounding_article}
    for row in rows:
        parts = kits.get(row["ar_ref"], [])
        if row["ar_ref"] in services or (not row["ar_suivistock"] and not parts):
            continue
        if any(part["no_qte"] != int(part["no_qte"]) or part["no_qte"] < 1 for part in parts):
            rejected.append(
                Rejected(external_id=row["ar_ref"], message="A kit of parts of units.", code="kit")
            )
            continue
        for product in _products(row, variants.get(row["ar_ref"], []), settings, zone):
            if not product.sku or len(product.sku) > 80:
                rejected.append(Rejected(external_id=row["ar_ref"], message="An article without a reference.",
                                         code="no_reference"))  # fmt: skip
            else:
                products.append(_kit(product, parts) if parts else product)
    return tuple(products), tuple(rejected)


def _kit(product: Product, parts: list[Row]) -> Product:
    components: dict[str, int] = {}
    for part in parts:
        components[part["no_refdet"]] = components.get(part["no_refdet"], 0) + int(part["no_qte"])
    return msgspec.structs.replace(product, components=components)


def variant_sku(variant: Row) -> str:
    """Its own reference, else the article's with the values of its ranges."""
    values = [value for value in (variant["value_1"], variant["value_2"]) if value]
    return str(variant["ae_ref"] or "|".join([variant["ar_ref"], *values]))


def _products(row: Row, variants: list[Row], settings: Sage100Settings, zone: ZoneInfo) -> Iterator[Product]:
    if not row["ar_gamme1"]:
        yield _product(row, settings, zone, sku=row["ar_ref"], barcode=row["ar_codebarre"])
        return
    for variant in variants:
        values = [value for value in (variant["value_1"], variant["value_2"]) if value]
        yield _product(
            row, settings, zone, sku=variant_sku(variant),
            barcode=variant["ae_codebarre"], title=" ".join([row["ar_design"] or "", *values]),
            price=variant["ae_prixach"] or None, asleep=bool(variant["ae_sommeil"]),
        )  # fmt: skip


def _product(
    row: Row, settings: Sage100Settings, zone: ZoneInfo, *, sku: str, barcode: str | None, title: str = "",
    price: Decimal | None = None, asleep: bool = False,
) -> Product:  # fmt: skip
    vat = row["vat_rate"]
    published = not settings.published_only or bool(row["ar_publie"])
    modified: datetime = row["cbmodification"]
    return Product(
        sku=sku,
        title=title or row["ar_design"] or sku,
        ean=_barcode(barcode),
        family=row["fa_codefamille"] or "",
        supplier=row["supplier"] or "",
        purchase_price=price or _cost(row, settings.cost),
        list_price=_list_price(row, vat),
        vat_rate=None if vat is None else Decimal(vat).quantize(CENT),
        weight_g=_weight(row),
        active=not row["ar_sommeil"] and not asleep and published,
        updated_at=to_utc(modified, zone),
    )


def _barcode(text: str | None) -> str:
    try:
        return str(ean.validate(text or ""))
    except ValidationError:
        return ""  # Sage checks no digit: an internal number there is no EAN


def _cost(row: Row, kind: str) -> Decimal | None:
    """The cost that was asked for; the next best where Sage has none."""
    units, value = row["units"] or 0, row["value"] or 0
    average = Decimal(value) / Decimal(units) if units > 0 and value > 0 else None
    discount = Decimal(row["supplier_discount"] or 0)
    supplier = Decimal(row["supplier_price"]) * (1 - discount / 100) if row["supplier_price"] else None
    standard = row["ar_coutstd"] or None
    order = {"average": (average, standard, supplier), "standard": (standard, average, supplier),
             "supplier": (supplier, standard, average)}[kind]  # fmt: skip
    found = next((cost for cost in (*order, row["ar_prixach"]) if cost), None)
    return None if found is None else Decimal(found).quantize(Decimal("0.0001"))


def _list_price(row: Row, vat: Decimal | None) -> Decimal | None:
    """Tax included. A price without tax of an unknown rate is no price to show."""
    price = row["ar_prixven"]
    if not price:
        return None
    if row["ar_prixttc"]:
        return Decimal(price).quantize(CENT)
    return None if vat is None else (Decimal(price) * (1 + Decimal(vat) / 100)).quantize(CENT)


def _weight(row: Row) -> int | None:
    weight, unit = row["ar_poidsnet"], row["ar_unitepoids"]
    if not weight or unit is None or not 0 <= unit < len(GRAMS):
        return None
    return int((Decimal(weight) * GRAMS[unit]).to_integral_value())
