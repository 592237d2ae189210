from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.purchase_line_in import PurchaseLineIn


T = TypeVar("T", bound="PurchaseOrderIn")


@_attrs_define
class PurchaseOrderIn:
    """
    Attributes:
        lines (list[PurchaseLineIn]):
        supplier (str):
        comment (str | Unset):  Default: ''.
        expected_on (datetime.date | None | Unset):
        supplier_code (str | Unset):  Default: ''.
        warehouse (str | Unset):  Default: ''.
    """

    lines: list[PurchaseLineIn]
    supplier: str
    comment: str | Unset = ""
    expected_on: datetime.date | None | Unset = UNSET
    supplier_code: str | Unset = ""
    warehouse: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        supplier = self.supplier

        comment = self.comment

        expected_on: None | str | Unset
        if isinstance(self.expected_on, Unset):
            expected_on = UNSET
        elif isinstance(self.expected_on, datetime.date):
            expected_on = self.expected_on.isoformat()
        else:
            expected_on = self.expected_on

        supplier_code = self.supplier_code

        warehouse = self.warehouse

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "lines": lines,
                "supplier": supplier,
            }
        )
        if comment is not UNSET:
            field_dict["comment"] = comment
        if expected_on is not UNSET:
            field_dict["expected_on"] = expected_on
        if supplier_code is not UNSET:
            field_dict["supplier_code"] = supplier_code
        if warehouse is not UNSET:
            field_dict["warehouse"] = warehouse

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.purchase_line_in import PurchaseLineIn  # noqa: PLC0415

        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = PurchaseLineIn.from_dict(lines_item_data)

            lines.append(lines_item)

        supplier = d.pop("supplier")

        comment = d.pop("comment", UNSET)

        def _parse_expected_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expected_on_type_0 = datetime.date.fromisoformat(data)

                return expected_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        expected_on = _parse_expected_on(d.pop("expected_on", UNSET))

        supplier_code = d.pop("supplier_code", UNSET)

        warehouse = d.pop("warehouse", UNSET)

        purchase_order_in = cls(
            lines=lines,
            supplier=supplier,
            comment=comment,
            expected_on=expected_on,
            supplier_code=supplier_code,
            warehouse=warehouse,
        )

        return purchase_order_in
