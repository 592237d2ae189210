from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="TransferIn")


@_attrs_define
class TransferIn:
    """
    Attributes:
        sku (str):
        source (str):
        target (str):
        units (int):
        expected_date (datetime.date | None | Unset):
        note (str | Unset):  Default: ''.
    """

    sku: str
    source: str
    target: str
    units: int
    expected_date: datetime.date | None | Unset = UNSET
    note: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        sku = self.sku

        source = self.source

        target = self.target

        units = self.units

        expected_date: None | str | Unset
        if isinstance(self.expected_date, Unset):
            expected_date = UNSET
        elif isinstance(self.expected_date, datetime.date):
            expected_date = self.expected_date.isoformat()
        else:
            expected_date = self.expected_date

        note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "sku": sku,
                "source": source,
                "target": target,
                "units": units,
            }
        )
        if expected_date is not UNSET:
            field_dict["expected_date"] = expected_date
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        sku = d.pop("sku")

        source = d.pop("source")

        target = d.pop("target")

        units = d.pop("units")

        def _parse_expected_date(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expected_date_type_0 = datetime.date.fromisoformat(data)

                return expected_date_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        expected_date = _parse_expected_date(d.pop("expected_date", UNSET))

        note = d.pop("note", UNSET)

        transfer_in = cls(
            sku=sku,
            source=source,
            target=target,
            units=units,
            expected_date=expected_date,
            note=note,
        )

        return transfer_in
