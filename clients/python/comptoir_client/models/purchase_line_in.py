from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PurchaseLineIn")


@_attrs_define
class PurchaseLineIn:
    """
    Attributes:
        quantity (int):
        sku (str):
        supplier_sku (str | Unset):  Default: ''.
        unit_price (float | None | str | Unset):
    """

    quantity: int
    sku: str
    supplier_sku: str | Unset = ""
    unit_price: float | None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        quantity = self.quantity

        sku = self.sku

        supplier_sku = self.supplier_sku

        unit_price: float | None | str | Unset
        if isinstance(self.unit_price, Unset):
            unit_price = UNSET
        else:
            unit_price = self.unit_price

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "quantity": quantity,
                "sku": sku,
            }
        )
        if supplier_sku is not UNSET:
            field_dict["supplier_sku"] = supplier_sku
        if unit_price is not UNSET:
            field_dict["unit_price"] = unit_price

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        quantity = d.pop("quantity")

        sku = d.pop("sku")

        supplier_sku = d.pop("supplier_sku", UNSET)

        def _parse_unit_price(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        unit_price = _parse_unit_price(d.pop("unit_price", UNSET))

        purchase_line_in = cls(
            quantity=quantity,
            sku=sku,
            supplier_sku=supplier_sku,
            unit_price=unit_price,
        )

        return purchase_line_in
