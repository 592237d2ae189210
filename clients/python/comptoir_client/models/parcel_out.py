from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ParcelOut")


@_attrs_define
class ParcelOut:
    """
    Attributes:
        carrier (str):
        reference (str):
        shipped_at (datetime.datetime):
        state (str):
        tracking_number (str):
        tracking_url (str):
    """

    carrier: str
    reference: str
    shipped_at: datetime.datetime
    state: str
    tracking_number: str
    tracking_url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        carrier = self.carrier

        reference = self.reference

        shipped_at = self.shipped_at.isoformat()

        state = self.state

        tracking_number = self.tracking_number

        tracking_url = self.tracking_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "carrier": carrier,
                "reference": reference,
                "shipped_at": shipped_at,
                "state": state,
                "tracking_number": tracking_number,
                "tracking_url": tracking_url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        carrier = d.pop("carrier")

        reference = d.pop("reference")

        shipped_at = datetime.datetime.fromisoformat(d.pop("shipped_at"))

        state = d.pop("state")

        tracking_number = d.pop("tracking_number")

        tracking_url = d.pop("tracking_url")

        parcel_out = cls(
            carrier=carrier,
            reference=reference,
            shipped_at=shipped_at,
            state=state,
            tracking_number=tracking_number,
            tracking_url=tracking_url,
        )

        parcel_out.additional_properties = d
        return parcel_out

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
