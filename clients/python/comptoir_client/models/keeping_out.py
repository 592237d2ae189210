from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="KeepingOut")


@_attrs_define
class KeepingOut:
    """
    Attributes:
        channel (str):
        order (str):
        sku (str):
        units (int):
        warehouse (str):
    """

    channel: str
    order: str
    sku: str
    units: int
    warehouse: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        channel = self.channel

        order = self.order

        sku = self.sku

        units = self.units

        warehouse = self.warehouse

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "channel": channel,
                "order": order,
                "sku": sku,
                "units": units,
                "warehouse": warehouse,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        channel = d.pop("channel")

        order = d.pop("order")

        sku = d.pop("sku")

        units = d.pop("units")

        warehouse = d.pop("warehouse")

        keeping_out = cls(
            channel=channel,
            order=order,
            sku=sku,
            units=units,
            warehouse=warehouse,
        )

        keeping_out.additional_properties = d
        return keeping_out

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
