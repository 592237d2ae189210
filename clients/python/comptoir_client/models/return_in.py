from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReturnIn")


@_attrs_define
class ReturnIn:
    """
    Attributes:
        sku (str):
        units (int):
        reference (str | Unset):  Default: ''.
    """

    sku: str
    units: int
    reference: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        sku = self.sku

        units = self.units

        reference = self.reference

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "sku": sku,
                "units": units,
            }
        )
        if reference is not UNSET:
            field_dict["reference"] = reference

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        sku = d.pop("sku")

        units = d.pop("units")

        reference = d.pop("reference", UNSET)

        return_in = cls(
            sku=sku,
            units=units,
            reference=reference,
        )

        return return_in
