from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.units_in import UnitsIn


T = TypeVar("T", bound="ShipIn")


@_attrs_define
class ShipIn:
    """
    Attributes:
        carrier (str):
        lines (list[UnitsIn]):
        carrier_name (str | Unset):  Default: ''.
        tracking_number (str | Unset):  Default: ''.
        tracking_url (str | Unset):  Default: ''.
    """

    carrier: str
    lines: list[UnitsIn]
    carrier_name: str | Unset = ""
    tracking_number: str | Unset = ""
    tracking_url: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        carrier = self.carrier

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        carrier_name = self.carrier_name

        tracking_number = self.tracking_number

        tracking_url = self.tracking_url

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "carrier": carrier,
                "lines": lines,
            }
        )
        if carrier_name is not UNSET:
            field_dict["carrier_name"] = carrier_name
        if tracking_number is not UNSET:
            field_dict["tracking_number"] = tracking_number
        if tracking_url is not UNSET:
            field_dict["tracking_url"] = tracking_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.units_in import UnitsIn  # noqa: PLC0415

        d = dict(src_dict)
        carrier = d.pop("carrier")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = UnitsIn.from_dict(lines_item_data)

            lines.append(lines_item)

        carrier_name = d.pop("carrier_name", UNSET)

        tracking_number = d.pop("tracking_number", UNSET)

        tracking_url = d.pop("tracking_url", UNSET)

        ship_in = cls(
            carrier=carrier,
            lines=lines,
            carrier_name=carrier_name,
            tracking_number=tracking_number,
            tracking_url=tracking_url,
        )

        return ship_in
