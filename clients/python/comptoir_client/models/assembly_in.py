from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.assembly_in_parts import AssemblyInParts


T = TypeVar("T", bound="AssemblyIn")


@_attrs_define
class AssemblyIn:
    """
    Attributes:
        parts (AssemblyInParts):
        sku (str):
        units (int): Below zero: taken apart.
        warehouse (str):
    """

    parts: AssemblyInParts
    sku: str
    units: int
    warehouse: str

    def to_dict(self) -> dict[str, Any]:
        parts = self.parts.to_dict()

        sku = self.sku

        units = self.units

        warehouse = self.warehouse

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "parts": parts,
                "sku": sku,
                "units": units,
                "warehouse": warehouse,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.assembly_in_parts import AssemblyInParts  # noqa: PLC0415

        d = dict(src_dict)
        parts = AssemblyInParts.from_dict(d.pop("parts"))

        sku = d.pop("sku")

        units = d.pop("units")

        warehouse = d.pop("warehouse")

        assembly_in = cls(
            parts=parts,
            sku=sku,
            units=units,
            warehouse=warehouse,
        )

        return assembly_in
