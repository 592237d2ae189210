from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ShipmentOut")


@_attrs_define
class ShipmentOut:
    """
    Attributes:
        carrier (str | Unset):
        carrier_name (str | Unset):
        channel (str | Unset):
        confirmed_at (datetime.datetime | None | Unset):
        created_at (datetime.datetime | Unset):
        id (int | Unset):
        message (str | Unset):
        order (str | Unset):
        reference (str | Unset):
        shipped_at (datetime.datetime | Unset):
        source (str | Unset):
        state (str | Unset):
        tracking_number (str | Unset):
        tracking_url (str | Unset):
    """

    carrier: str | Unset = UNSET
    carrier_name: str | Unset = UNSET
    channel: str | Unset = UNSET
    confirmed_at: datetime.datetime | None | Unset = UNSET
    created_at: datetime.datetime | Unset = UNSET
    id: int | Unset = UNSET
    message: str | Unset = UNSET
    order: str | Unset = UNSET
    reference: str | Unset = UNSET
    shipped_at: datetime.datetime | Unset = UNSET
    source: str | Unset = UNSET
    state: str | Unset = UNSET
    tracking_number: str | Unset = UNSET
    tracking_url: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        carrier = self.carrier

        carrier_name = self.carrier_name

        channel = self.channel

        confirmed_at: None | str | Unset
        if isinstance(self.confirmed_at, Unset):
            confirmed_at = UNSET
        elif isinstance(self.confirmed_at, datetime.datetime):
            confirmed_at = self.confirmed_at.isoformat()
        else:
            confirmed_at = self.confirmed_at

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = self.created_at.isoformat()

        id = self.id

        message = self.message

        order = self.order

        reference = self.reference

        shipped_at: str | Unset = UNSET
        if not isinstance(self.shipped_at, Unset):
            shipped_at = self.shipped_at.isoformat()

        source = self.source

        state = self.state

        tracking_number = self.tracking_number

        tracking_url = self.tracking_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if carrier is not UNSET:
            field_dict["carrier"] = carrier
        if carrier_name is not UNSET:
            field_dict["carrier_name"] = carrier_name
        if channel is not UNSET:
            field_dict["channel"] = channel
        if confirmed_at is not UNSET:
            field_dict["confirmed_at"] = confirmed_at
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if id is not UNSET:
            field_dict["id"] = id
        if message is not UNSET:
            field_dict["message"] = message
        if order is not UNSET:
            field_dict["order"] = order
        if reference is not UNSET:
            field_dict["reference"] = reference
        if shipped_at is not UNSET:
            field_dict["shipped_at"] = shipped_at
        if source is not UNSET:
            field_dict["source"] = source
        if state is not UNSET:
            field_dict["state"] = state
        if tracking_number is not UNSET:
            field_dict["tracking_number"] = tracking_number
        if tracking_url is not UNSET:
            field_dict["tracking_url"] = tracking_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        carrier = d.pop("carrier", UNSET)

        carrier_name = d.pop("carrier_name", UNSET)

        channel = d.pop("channel", UNSET)

        def _parse_confirmed_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                confirmed_at_type_0 = datetime.datetime.fromisoformat(data)

                return confirmed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        confirmed_at = _parse_confirmed_at(d.pop("confirmed_at", UNSET))

        _created_at = d.pop("created_at", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at, Unset):
            created_at = UNSET
        else:
            created_at = datetime.datetime.fromisoformat(_created_at)

        id = d.pop("id", UNSET)

        message = d.pop("message", UNSET)

        order = d.pop("order", UNSET)

        reference = d.pop("reference", UNSET)

        _shipped_at = d.pop("shipped_at", UNSET)
        shipped_at: datetime.datetime | Unset
        if isinstance(_shipped_at, Unset):
            shipped_at = UNSET
        else:
            shipped_at = datetime.datetime.fromisoformat(_shipped_at)

        source = d.pop("source", UNSET)

        state = d.pop("state", UNSET)

        tracking_number = d.pop("tracking_number", UNSET)

        tracking_url = d.pop("tracking_url", UNSET)

        shipment_out = cls(
            carrier=carrier,
            carrier_name=carrier_name,
            channel=channel,
            confirmed_at=confirmed_at,
            created_at=created_at,
            id=id,
            message=message,
            order=order,
            reference=reference,
            shipped_at=shipped_at,
            source=source,
            state=state,
            tracking_number=tracking_number,
            tracking_url=tracking_url,
        )

        shipment_out.additional_properties = d
        return shipment_out

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
