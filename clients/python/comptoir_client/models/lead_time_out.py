from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.place_out import PlaceOut


T = TypeVar("T", bound="LeadTimeOut")


@_attrs_define
class LeadTimeOut:
    """
    Attributes:
        asked (bool):
        confirmed (int | None):
        confirmed_at (datetime.datetime | None):
        counts (str):
        days (int | None):
        desired (int | None):
        error (str):
        offer (int):
        places (list[PlaceOut]):
        rule (int | None):
        sent (int | None):
        sent_at (datetime.datetime | None):
        working_days (int | None):
    """

    asked: bool
    confirmed: int | None
    confirmed_at: datetime.datetime | None
    counts: str
    days: int | None
    desired: int | None
    error: str
    offer: int
    places: list[PlaceOut]
    rule: int | None
    sent: int | None
    sent_at: datetime.datetime | None
    working_days: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        asked = self.asked

        confirmed: int | None
        confirmed = self.confirmed

        confirmed_at: None | str
        if isinstance(self.confirmed_at, datetime.datetime):
            confirmed_at = self.confirmed_at.isoformat()
        else:
            confirmed_at = self.confirmed_at

        counts = self.counts

        days: int | None
        days = self.days

        desired: int | None
        desired = self.desired

        error = self.error

        offer = self.offer

        places = []
        for places_item_data in self.places:
            places_item = places_item_data.to_dict()
            places.append(places_item)

        rule: int | None
        rule = self.rule

        sent: int | None
        sent = self.sent

        sent_at: None | str
        if isinstance(self.sent_at, datetime.datetime):
            sent_at = self.sent_at.isoformat()
        else:
            sent_at = self.sent_at

        working_days: int | None
        working_days = self.working_days

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "asked": asked,
                "confirmed": confirmed,
                "confirmed_at": confirmed_at,
                "counts": counts,
                "days": days,
                "desired": desired,
                "error": error,
                "offer": offer,
                "places": places,
                "rule": rule,
                "sent": sent,
                "sent_at": sent_at,
                "working_days": working_days,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.place_out import PlaceOut  # noqa: PLC0415

        d = dict(src_dict)
        asked = d.pop("asked")

        def _parse_confirmed(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        confirmed = _parse_confirmed(d.pop("confirmed"))

        def _parse_confirmed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                confirmed_at_type_0 = datetime.datetime.fromisoformat(data)

                return confirmed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        confirmed_at = _parse_confirmed_at(d.pop("confirmed_at"))

        counts = d.pop("counts")

        def _parse_days(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        days = _parse_days(d.pop("days"))

        def _parse_desired(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        desired = _parse_desired(d.pop("desired"))

        error = d.pop("error")

        offer = d.pop("offer")

        places = []
        _places = d.pop("places")
        for places_item_data in _places:
            places_item = PlaceOut.from_dict(places_item_data)

            places.append(places_item)

        def _parse_rule(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        rule = _parse_rule(d.pop("rule"))

        def _parse_sent(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        sent = _parse_sent(d.pop("sent"))

        def _parse_sent_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                sent_at_type_0 = datetime.datetime.fromisoformat(data)

                return sent_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        sent_at = _parse_sent_at(d.pop("sent_at"))

        def _parse_working_days(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        working_days = _parse_working_days(d.pop("working_days"))

        lead_time_out = cls(
            asked=asked,
            confirmed=confirmed,
            confirmed_at=confirmed_at,
            counts=counts,
            days=days,
            desired=desired,
            error=error,
            offer=offer,
            places=places,
            rule=rule,
            sent=sent,
            sent_at=sent_at,
            working_days=working_days,
        )

        lead_time_out.additional_properties = d
        return lead_time_out

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
