"""An order read in the other tax mode than the platform's (`order_tax_mode` of OR11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bazaar.mirakl.money import ZERO, cents

Fields = dict[str, Any]


def in_mode(order: Fields, mode: str) -> Fields:
    """The fields of an order with taxes, its amounts with (TAX_INCLUDED) or without them."""
    sign = 1 if mode == "TAX_INCLUDED" else -1
    lines = [_line(line, sign) for line in order["order_lines"]]
    price = sum((line["price"] for line in lines), ZERO)
    shipping = sum((line["shipping_price"] for line in lines), ZERO)
    totals = {"price": price, "shipping_price": shipping, "total_price": price + shipping}
    return {**order, **totals, "order_lines": lines, "order_tax_mode": mode}


def _line(line: Fields, sign: int) -> Fields:
    price = line["price"] + sign * _sum(line["taxes"])
    shipping = line["shipping_price"] + sign * _sum(line["shipping_taxes"])
    unit = cents(price / line["quantity"])
    return {
        **line,
        "price": price,
        "price_unit": unit,
        "origin_unit_price": unit,
        "shipping_price": shipping,
        "total_price": price + shipping,
        "cancelations": [_given_back(one, sign) for one in line["cancelations"]],
        "refunds": [_given_back(one, sign) for one in line["refunds"]],
    }


def _given_back(one: Fields, sign: int) -> Fields:
    amount = one["amount"] + sign * _sum(one["taxes"])
    shipping = one["shipping_amount"] + sign * _sum(one["shipping_taxes"])
    return {**one, "amount": amount, "shipping_amount": shipping}


def _sum(taxes: list[Fields]) -> Decimal:
    return sum((tax["amount"] for tax in taxes), ZERO)
