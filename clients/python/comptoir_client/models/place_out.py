from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.closed_day_out import ClosedDayOut


T = TypeVar("T", bound="PlaceOut")


@_attrs_define
class PlaceOut:
    """
    Attributes:
        days (int):
        leaves_on (datetime.date):
        passed_over (list[ClosedDayOut]):
        past_cutoff (bool):
        taken_on (datetime.date):
        warehouse (str):
    """

    days: int
    leaves_on: datetime.date
    passed_over: list[ClosedDayOut]
    past_cutoff: bool
    taken_on: datetime.date
    warehouse: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        days = self.days

        leaves_on = self.leaves_on.isoformat()

        passed_over = []
        for passed_over_item_data in self.passed_over:
            passed_over_item = passed_over_item_data.to_dict()
            passed_over.append(passed_over_item)

        past_cutoff = self.past_cutoff

        taken_on = self.taken_on.isoformat()

        warehouse = self.warehouse

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "days": days,
                "leaves_on": leaves_on,
                "passed_over": passed_over,
                "past_cutoff": past_cutoff,
                "taken_on": taken_on,
                "warehouse": warehouse,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.closed_day_out import ClosedDayOut  # noqa: PLC0415

        d = dict(src_dict)
        days = d.pop("days")

        leaves_on = datetime.date.fromisoformat(d.pop("leaves_on"))

        passed_over = []
        _passed_over = d.pop("passed_over")
        for passed_over_item_data in _passed_over:
            passed_over_item = ClosedDayOut.from_dict(passed_over_item_data)

            passed_over.append(passed_over_item)

        past_cutoff = d.pop("past_cutoff")

        taken_on = datetime.date.fromisoformat(d.pop("taken_on"))

        warehouse = d.pop("warehouse")

        place_out = cls(
            days=days,
            leaves_on=leaves_on,
            passed_over=passed_over,
            past_cutoff=past_cutoff,
            taken_on=taken_on,
            warehouse=warehouse,
        )

        place_out.additional_properties = d
        return place_out

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
