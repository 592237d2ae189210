from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StandingOut")


@_attrs_define
class StandingOut:
    """
    Attributes:
        floor (None | str):
        lead_time (int | None):
        paused (bool):
        price (None | str):
    """

    floor: None | str
    lead_time: int | None
    paused: bool
    price: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        floor: None | str
        floor = self.floor

        lead_time: int | None
        lead_time = self.lead_time

        paused = self.paused

        price: None | str
        price = self.price

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "floor": floor,
                "lead_time": lead_time,
                "paused": paused,
                "price": price,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_floor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        floor = _parse_floor(d.pop("floor"))

        def _parse_lead_time(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        lead_time = _parse_lead_time(d.pop("lead_time"))

        paused = d.pop("paused")

        def _parse_price(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        price = _parse_price(d.pop("price"))

        standing_out = cls(
            floor=floor,
            lead_time=lead_time,
            paused=paused,
            price=price,
        )

        standing_out.additional_properties = d
        return standing_out

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
