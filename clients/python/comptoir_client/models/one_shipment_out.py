from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.shipped_line_out import ShippedLineOut


T = TypeVar("T", bound="OneShipmentOut")


@_attrs_define
class OneShipmentOut:
    """
    Attributes:
        carrier (str):
        carrier_name (str):
        channel (str):
        confirmed_at (datetime.datetime | None):
        created_at (datetime.datetime):
        id (int):
        lines (list[ShippedLineOut]):
        message (str):
        order (str):
        reference (str):
        shipped_at (datetime.datetime):
        source (str):
        state (str):
        tracking_number (str):
        tracking_url (str):
    """

    carrier: str
    carrier_name: str
    channel: str
    confirmed_at: datetime.datetime | None
    created_at: datetime.datetime
    id: int
    lines: list[ShippedLineOut]
    message: str
    order: str
    reference: str
    shipped_at: datetime.datetime
    source: str
    state: str
    tracking_number: str
    tracking_url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        carrier = self.carrier

        carrier_name = self.carrier_name

        channel = self.channel

        confirmed_at: None | str
        if isinstance(self.confirmed_at, datetime.datetime):
            confirmed_at = self.confirmed_at.isoformat()
        else:
            confirmed_at = self.confirmed_at

        created_at = self.created_at.isoformat()

        id = self.id

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        message = self.message

        order = self.order

        reference = self.reference

        shipped_at = self.shipped_at.isoformat()

        source = self.source

        state = self.state

        tracking_number = self.tracking_number

        tracking_url = self.tracking_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "carrier": carrier,
                "carrier_name": carrier_name,
                "channel": channel,
                "confirmed_at": confirmed_at,
                "created_at": created_at,
                "id": id,
                "lines": lines,
                "message": message,
                "order": order,
                "reference": reference,
                "shipped_at": shipped_at,
                "source": source,
                "state": state,
                "tracking_number": tracking_number,
                "tracking_url": tracking_url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.shipped_line_out import ShippedLineOut  # noqa: PLC0415

        d = dict(src_dict)
        carrier = d.pop("carrier")

        carrier_name = d.pop("carrier_name")

        channel = d.pop("channel")

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

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        id = d.pop("id")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = ShippedLineOut.from_dict(lines_item_data)

            lines.append(lines_item)

        message = d.pop("message")

        order = d.pop("order")

        reference = d.pop("reference")

        shipped_at = datetime.datetime.fromisoformat(d.pop("shipped_at"))

        source = d.pop("source")

        state = d.pop("state")

        tracking_number = d.pop("tracking_number")

        tracking_url = d.pop("tracking_url")

        one_shipment_out = cls(
            carrier=carrier,
            carrier_name=carrier_name,
            channel=channel,
            confirmed_at=confirmed_at,
            created_at=created_at,
            id=id,
            lines=lines,
            message=message,
            order=order,
            reference=reference,
            shipped_at=shipped_at,
            source=source,
            state=state,
            tracking_number=tracking_number,
            tracking_url=tracking_url,
        )

        one_shipment_out.additional_properties = d
        return one_shipment_out

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
