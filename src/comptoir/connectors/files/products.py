"""`products` from the ERP: its articles, with their purchase prices and their sizes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from stdnum import ean

from comptoir.connectors.files.cells import Row
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Product, Rejected

REQUIRED: Final = ("sku", "title")
KEY: Final = "sku"

_EAN_LENGTHS: Final = frozenset({8, 12, 13, 14})
BAD_EAN: Final = "bad_ean"


def parse_product(row: Row) -> Product:
    """RejectedRecord where a cell makes no sense. A wrong EAN is left out: see `note_on_ean`."""
    return Product(
        sku=row.needed("sku"),
        title=row.needed("title"),
        ean=_valid_ean(row.text("ean")),
        brand=row.text("brand"),
        family=row.text("family"),
        supplier=row.text("supplier"),
        purchase_price=row.price("purchase_price"),
        purchase_currency=row.currency("purchase_currency"),
        list_price=row.price("list_price"),
        currency=row.currency("currency"),
        vat_rate=_rate(row),
        weight_g=_size(row, "weight_g"),
        length_mm=_size(row, "length_mm"),
        width_mm=_size(row, "width_mm"),
        height_mm=_size(row, "height_mm"),
        active=row.flag("active", default=True),
        updated_at=row.instant("updated_at"),
    )


def note_on_ean(row: Row, product: Product) -> Iterator[Rejected]:
    """The product is taken, its EAN is not: an article without barcode still sells from the warehouse."""
    code = row.text("ean")
    if code and not product.ean:
        message = f"{code!r} is not an EAN: the product is taken without it."
        yield Rejected(external_id=product.sku, message=message, code=BAD_EAN, line=row.line)


def _valid_ean(code: str) -> str:
    """Digits only; "" for what is no EAN, UPC or GTIN-14."""
    digits = code if code.isdecimal() else ean.compact(code)
    valid = len(digits) in _EAN_LENGTHS and digits.isdecimal() and digits.isascii()
    return digits if valid and _check_digit_is_right(digits) else ""


def _check_digit_is_right(digits: str) -> bool:
    """As `stdnum.ean.validate`, at a tenth of its cost: files hold a hundred thousand of them.

    GS1 General Specifications, 7.9: weights 1 and 3 alternate from the right, the sum ends in 0.
    """
    return (3 * sum(map(int, digits[-2::-2])) + sum(map(int, digits[::-2]))) % 10 == 0


def _rate(row: Row) -> Decimal | None:
    rate = row.amount("vat_rate")
    if rate is not None and not 0 <= rate <= 100:
        raise RejectedRecord(f"vat_rate is not a percentage: {rate}.", code="bad_amount")
    return rate


def _size(row: Row, column: str) -> int | None:
    size = row.integer(column)
    if size is not None and size < 0:
        raise RejectedRecord(f"{column} is below zero: {size}.", code="bad_number")
    return size
