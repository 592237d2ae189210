from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TransferOut")


@_attrs_define
class TransferOut:
    """
    Attributes:
        asked_at (datetime.datetime):
        closed_at (datetime.datetime | None):
        expected_date (datetime.date | None):
        id (int):
        note (str):
        received_units (int | None):
        sent_at (datetime.datetime | None):
        sku (str):
        source (str):
        state (str):
        target (str):
        units (int):
    """

    asked_at: datetime.datetime
    closed_at: datetime.datetime | None
    expected_date: datetime.date | None
    id: int
    note: str
    received_units: int | None
    sent_at: datetime.datetime | None
    sku: str
    source: str
    state: str
    target: str
    units: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        asked_at = self.asked_at.isoformat()

        closed_at: None | str
        if isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        expected_date: None | str
        if isinstance(self.expected_date, datetime.date):
            expected_date = self.expected_date.isoformat()
        else:
            expected_date = self.expected_date

        id = self.id

        note = self.note

        received_units: int | None
        received_units = self.received_units

        sent_at: None | str
        if isinstance(self.sent_at, datetime.datetime):
            sent_at = self.sent_at.isoformat()
        else:
            sent_at = self.sent_at

        sku = self.sku

        source = self.source

        state = self.state

        target = self.target

        units = self.units

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "asked_at": asked_at,
                "closed_at": closed_at,
                "expected_date": expected_date,
                "id": id,
                "note": note,
                "received_units": received_units,
                "sent_at": sent_at,
                "sku": sku,
                "source": source,
                "state": state,
                "target": target,
                "units": units,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        asked_at = datetime.datetime.fromisoformat(d.pop("asked_at"))

        def _parse_closed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)

                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        closed_at = _parse_closed_at(d.pop("closed_at"))

        def _parse_expected_date(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expected_date_type_0 = datetime.date.fromisoformat(data)

                return expected_date_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        expected_date = _parse_expected_date(d.pop("expected_date"))

        id = d.pop("id")

        note = d.pop("note")

        def _parse_received_units(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        received_units = _parse_received_units(d.pop("received_units"))

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

        sku = d.pop("sku")

        source = d.pop("source")

        state = d.pop("state")

        target = d.pop("target")

        units = d.pop("units")

        transfer_out = cls(
            asked_at=asked_at,
            closed_at=closed_at,
            expected_date=expected_date,
            id=id,
            note=note,
            received_units=received_units,
            sent_at=sent_at,
            sku=sku,
            source=source,
            state=state,
            target=target,
            units=units,
        )

        transfer_out.additional_properties = d
        return transfer_out

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
