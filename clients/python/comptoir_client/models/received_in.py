from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ReceivedIn")


@_attrs_define
class ReceivedIn:
    """
    Attributes:
        units (int):
    """

    units: int

    def to_dict(self) -> dict[str, Any]:
        units = self.units

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "units": units,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        units = d.pop("units")

        received_in = cls(
            units=units,
        )

        return received_in
