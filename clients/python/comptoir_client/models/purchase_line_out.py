from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PurchaseLineOut")


@_attrs_define
class PurchaseLineOut:
    """
    Attributes:
        line (int):
        quantity (int):
        received_quantity (int):
        sku (str):
        supplier_sku (str):
        unit_price (str):
    """

    line: int
    quantity: int
    received_quantity: int
    sku: str
    supplier_sku: str
    unit_price: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        line = self.line

        quantity = self.quantity

        received_quantity = self.received_quantity

        sku = self.sku

        supplier_sku = self.supplier_sku

        unit_price = self.unit_price

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "line": line,
                "quantity": quantity,
                "received_quantity": received_quantity,
                "sku": sku,
                "supplier_sku": supplier_sku,
                "unit_price": unit_price,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        line = d.pop("line")

        quantity = d.pop("quantity")

        received_quantity = d.pop("received_quantity")

        sku = d.pop("sku")

        supplier_sku = d.pop("supplier_sku")

        unit_price = d.pop("unit_price")

        purchase_line_out = cls(
            line=line,
            quantity=quantity,
            received_quantity=received_quantity,
            sku=sku,
            supplier_sku=supplier_sku,
            unit_price=unit_price,
        )

        purchase_line_out.additional_properties = d
        return purchase_line_out

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
