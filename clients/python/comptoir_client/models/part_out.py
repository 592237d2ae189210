from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.shelf_out import ShelfOut


T = TypeVar("T", bound="PartOut")


@_attrs_define
class PartOut:
    """
    Attributes:
        available (int):
        each (int):
        sku (str):
        warehouses (list[ShelfOut]):
    """

    available: int
    each: int
    sku: str
    warehouses: list[ShelfOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        available = self.available

        each = self.each

        sku = self.sku

        warehouses = []
        for warehouses_item_data in self.warehouses:
            warehouses_item = warehouses_item_data.to_dict()
            warehouses.append(warehouses_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "available": available,
                "each": each,
                "sku": sku,
                "warehouses": warehouses,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.shelf_out import ShelfOut  # noqa: PLC0415

        d = dict(src_dict)
        available = d.pop("available")

        each = d.pop("each")

        sku = d.pop("sku")

        warehouses = []
        _warehouses = d.pop("warehouses")
        for warehouses_item_data in _warehouses:
            warehouses_item = ShelfOut.from_dict(warehouses_item_data)

            warehouses.append(warehouses_item)

        part_out = cls(
            available=available,
            each=each,
            sku=sku,
            warehouses=warehouses,
        )

        part_out.additional_properties = d
        return part_out

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
