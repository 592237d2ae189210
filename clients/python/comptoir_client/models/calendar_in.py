from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.calendar_in_in_closure import CalendarInInClosure
from ..types import UNSET, Unset

T = TypeVar("T", bound="CalendarIn")


@_attrs_define
class CalendarIn:
    """
    Attributes:
        weekdays (list[int]):
        country (str | Unset):  Default: ''.
        cutoff (None | str | Unset): In the merchant's zone.
        in_closure (CalendarInInClosure | Unset):  Default: CalendarInInClosure.LENGTHEN.
        region (str | Unset):  Default: ''.
    """

    weekdays: list[int]
    country: str | Unset = ""
    cutoff: None | str | Unset = UNSET
    in_closure: CalendarInInClosure | Unset = CalendarInInClosure.LENGTHEN
    region: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        weekdays = self.weekdays

        country = self.country

        cutoff: None | str | Unset
        if isinstance(self.cutoff, Unset):
            cutoff = UNSET
        else:
            cutoff = self.cutoff

        in_closure: str | Unset = UNSET
        if not isinstance(self.in_closure, Unset):
            in_closure = self.in_closure.value

        region = self.region

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "weekdays": weekdays,
            }
        )
        if country is not UNSET:
            field_dict["country"] = country
        if cutoff is not UNSET:
            field_dict["cutoff"] = cutoff
        if in_closure is not UNSET:
            field_dict["in_closure"] = in_closure
        if region is not UNSET:
            field_dict["region"] = region

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        weekdays = cast(list[int], d.pop("weekdays"))

        country = d.pop("country", UNSET)

        def _parse_cutoff(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cutoff = _parse_cutoff(d.pop("cutoff", UNSET))

        _in_closure = d.pop("in_closure", UNSET)
        in_closure: CalendarInInClosure | Unset
        if isinstance(_in_closure, Unset):
            in_closure = UNSET
        else:
            in_closure = CalendarInInClosure(_in_closure)

        region = d.pop("region", UNSET)

        calendar_in = cls(
            weekdays=weekdays,
            country=country,
            cutoff=cutoff,
            in_closure=in_closure,
            region=region,
        )

        return calendar_in
