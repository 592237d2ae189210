from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ChangeOut")


@_attrs_define
class ChangeOut:
    """
    Attributes:
        act_id (int):
        at (datetime.datetime):
        floor_after (None | str):
        floor_before (None | str):
        id (int):
        lead_time_after (int | None):
        lead_time_before (int | None):
        offer_id (int):
        paused_after (bool):
        paused_before (bool):
        price_after (None | str):
        price_before (None | str):
    """

    act_id: int
    at: datetime.datetime
    floor_after: None | str
    floor_before: None | str
    id: int
    lead_time_after: int | None
    lead_time_before: int | None
    offer_id: int
    paused_after: bool
    paused_before: bool
    price_after: None | str
    price_before: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        act_id = self.act_id

        at = self.at.isoformat()

        floor_after: None | str
        floor_after = self.floor_after

        floor_before: None | str
        floor_before = self.floor_before

        id = self.id

        lead_time_after: int | None
        lead_time_after = self.lead_time_after

        lead_time_before: int | None
        lead_time_before = self.lead_time_before

        offer_id = self.offer_id

        paused_after = self.paused_after

        paused_before = self.paused_before

        price_after: None | str
        price_after = self.price_after

        price_before: None | str
        price_before = self.price_before

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "act_id": act_id,
                "at": at,
                "floor_after": floor_after,
                "floor_before": floor_before,
                "id": id,
                "lead_time_after": lead_time_after,
                "lead_time_before": lead_time_before,
                "offer_id": offer_id,
                "paused_after": paused_after,
                "paused_before": paused_before,
                "price_after": price_after,
                "price_before": price_before,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        act_id = d.pop("act_id")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        def _parse_floor_after(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        floor_after = _parse_floor_after(d.pop("floor_after"))

        def _parse_floor_before(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        floor_before = _parse_floor_before(d.pop("floor_before"))

        id = d.pop("id")

        def _parse_lead_time_after(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        lead_time_after = _parse_lead_time_after(d.pop("lead_time_after"))

        def _parse_lead_time_before(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        lead_time_before = _parse_lead_time_before(d.pop("lead_time_before"))

        offer_id = d.pop("offer_id")

        paused_after = d.pop("paused_after")

        paused_before = d.pop("paused_before")

        def _parse_price_after(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        price_after = _parse_price_after(d.pop("price_after"))

        def _parse_price_before(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        price_before = _parse_price_before(d.pop("price_before"))

        change_out = cls(
            act_id=act_id,
            at=at,
            floor_after=floor_after,
            floor_before=floor_before,
            id=id,
            lead_time_after=lead_time_after,
            lead_time_before=lead_time_before,
            offer_id=offer_id,
            paused_after=paused_after,
            paused_before=paused_before,
            price_after=price_after,
            price_before=price_before,
        )

        change_out.additional_properties = d
        return change_out

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
