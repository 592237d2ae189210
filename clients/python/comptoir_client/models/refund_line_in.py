from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RefundLineIn")


@_attrs_define
class RefundLineIn:
    """
    Attributes:
        line (int):
        amount (float | str | Unset):  Default: 0.0.
        quantity (int | Unset):  Default: 0.
        shipping (float | str | Unset):  Default: 0.0.
    """

    line: int
    amount: float | str | Unset = 0.0
    quantity: int | Unset = 0
    shipping: float | str | Unset = 0.0

    def to_dict(self) -> dict[str, Any]:
        line = self.line

        amount: float | str | Unset
        if isinstance(self.amount, Unset):
            amount = UNSET
        else:
            amount = self.amount

        quantity = self.quantity

        shipping: float | str | Unset
        if isinstance(self.shipping, Unset):
            shipping = UNSET
        else:
            shipping = self.shipping

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "line": line,
            }
        )
        if amount is not UNSET:
            field_dict["amount"] = amount
        if quantity is not UNSET:
            field_dict["quantity"] = quantity
        if shipping is not UNSET:
            field_dict["shipping"] = shipping

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        line = d.pop("line")

        def _parse_amount(data: object) -> float | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(float | str | Unset, data)

        amount = _parse_amount(d.pop("amount", UNSET))

        quantity = d.pop("quantity", UNSET)

        def _parse_shipping(data: object) -> float | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(float | str | Unset, data)

        shipping = _parse_shipping(d.pop("shipping", UNSET))

        refund_line_in = cls(
            line=line,
            amount=amount,
            quantity=quantity,
            shipping=shipping,
        )

        return refund_line_in
