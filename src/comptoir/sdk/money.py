"""Money: Decimal and an ISO 4217 currency, never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")


def to_cents(amount: Decimal) -> Decimal:
    """Round to two decimals, half up: the rule of French invoices (BOI-TVA-DECLA-30-20-20)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def parse_amount(value: object) -> Decimal | None:
    """Read an amount as marketplaces write it: number, text, text with a decimal comma, empty or null.

    None for null and empty; ValueError for anything that is not a finite number.
    """
    if value is None:
        return None
    text = str(value).strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if not text:
        return None
    if "," in text:
        # 1.234,56 and 1234,56 are decimal commas; 1,234.56 is not.
        text = (
            text.replace(",", "")
            if text.rfind(".") > text.rfind(",")
            else text.replace(".", "").replace(",", ".")
        )
    try:
        amount = Decimal(text)
    except ArithmeticError as error:
        raise ValueError(f"not an amount: {value!r}") from error
    if not amount.is_finite():
        raise ValueError(f"not an amount: {value!r}")
    return amount
