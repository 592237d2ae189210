from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ShippedLineOut")


@_attrs_define
class ShippedLineOut:
    """
    Attributes:
        line (int):
        quantity (int):
        sku (str):
        warehouse (None | str):
    """

    line: int
    quantity: int
    sku: str
    warehouse: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        line = self.line

        quantity = self.quantity

        sku = self.sku

        warehouse: None | str
        warehouse = self.warehouse

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "line": line,
                "quantity": quantity,
                "sku": sku,
                "warehouse": warehouse,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        line = d.pop("line")

        quantity = d.pop("quantity")

        sku = d.pop("sku")

        def _parse_warehouse(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        warehouse = _parse_warehouse(d.pop("warehouse"))

        shipped_line_out = cls(
            line=line,
            quantity=quantity,
            sku=sku,
            warehouse=warehouse,
        )

        shipped_line_out.additional_properties = d
        return shipped_line_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
