from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.event_out_data import EventOutData


T = TypeVar("T", bound="EventOut")


@_attrs_define
class EventOut:
    """
    Attributes:
        at (datetime.datetime):
        channel (str):
        data (EventOutData):
        id (int):
        kind (str):
        subject (str):
        subject_kind (str):
    """

    at: datetime.datetime
    channel: str
    data: EventOutData
    id: int
    kind: str
    subject: str
    subject_kind: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        channel = self.channel

        data = self.data.to_dict()

        id = self.id

        kind = self.kind

        subject = self.subject

        subject_kind = self.subject_kind

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "channel": channel,
                "data": data,
                "id": id,
                "kind": kind,
                "subject": subject,
                "subject_kind": subject_kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_out_data import EventOutData  # noqa: PLC0415

        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        channel = d.pop("channel")

        data = EventOutData.from_dict(d.pop("data"))

        id = d.pop("id")

        kind = d.pop("kind")

        subject = d.pop("subject")

        subject_kind = d.pop("subject_kind")

        event_out = cls(
            at=at,
            channel=channel,
            data=data,
            id=id,
            kind=kind,
            subject=subject,
            subject_kind=subject_kind,
        )

        event_out.additional_properties = d
        return event_out

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
