from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="UnitsIn")


@_attrs_define
class UnitsIn:
    """
    Attributes:
        line (int):
        quantity (int):
    """

    line: int
    quantity: int

    def to_dict(self) -> dict[str, Any]:
        line = self.line

        quantity = self.quantity

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "line": line,
                "quantity": quantity,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        line = d.pop("line")

        quantity = d.pop("quantity")

        units_in = cls(
            line=line,
            quantity=quantity,
        )

        return units_in
