from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.closure_out import ClosureOut
    from ..models.coming_out import ComingOut


T = TypeVar("T", bound="CalendarOut")


@_attrs_define
class CalendarOut:
    """
    Attributes:
        calendar (str):
        closures (list[ClosureOut]):
        coming (list[ComingOut]):
        country (str):
        cutoff (None | str):
        in_closure (str):
        region (str):
        weekdays (list[int]):
    """

    calendar: str
    closures: list[ClosureOut]
    coming: list[ComingOut]
    country: str
    cutoff: None | str
    in_closure: str
    region: str
    weekdays: list[int]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        calendar = self.calendar

        closures = []
        for closures_item_data in self.closures:
            closures_item = closures_item_data.to_dict()
            closures.append(closures_item)

        coming = []
        for coming_item_data in self.coming:
            coming_item = coming_item_data.to_dict()
            coming.append(coming_item)

        country = self.country

        cutoff: None | str
        cutoff = self.cutoff

        in_closure = self.in_closure

        region = self.region

        weekdays = self.weekdays

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "calendar": calendar,
                "closures": closures,
                "coming": coming,
                "country": country,
                "cutoff": cutoff,
                "in_closure": in_closure,
                "region": region,
                "weekdays": weekdays,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.closure_out import ClosureOut  # noqa: PLC0415
        from ..models.coming_out import ComingOut  # noqa: PLC0415

        d = dict(src_dict)
        calendar = d.pop("calendar")

        closures = []
        _closures = d.pop("closures")
        for closures_item_data in _closures:
            closures_item = ClosureOut.from_dict(closures_item_data)

            closures.append(closures_item)

        coming = []
        _coming = d.pop("coming")
        for coming_item_data in _coming:
            coming_item = ComingOut.from_dict(coming_item_data)

            coming.append(coming_item)

        country = d.pop("country")

        def _parse_cutoff(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cutoff = _parse_cutoff(d.pop("cutoff"))

        in_closure = d.pop("in_closure")

        region = d.pop("region")

        weekdays = cast(list[int], d.pop("weekdays"))

        calendar_out = cls(
            calendar=calendar,
            closures=closures,
            coming=coming,
            country=country,
            cutoff=cutoff,
            in_closure=in_closure,
            region=region,
            weekdays=weekdays,
        )

        calendar_out.additional_properties = d
        return calendar_out

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
