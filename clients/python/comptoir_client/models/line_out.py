from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LineOut")


@_attrs_define
class LineOut:
    """
    Attributes:
        amount (str):
        cancelled_quantity (int):
        external_id (str):
        external_status (str):
        line_number (int):
        quantity (int):
        refunded_quantity (int):
        shipped_quantity (int):
        sku (str):
        status (str):
        title (str):
        unit_price (str):
    """

    amount: str
    cancelled_quantity: int
    external_id: str
    external_status: str
    line_number: int
    quantity: int
    refunded_quantity: int
    shipped_quantity: int
    sku: str
    status: str
    title: str
    unit_price: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        cancelled_quantity = self.cancelled_quantity

        external_id = self.external_id

        external_status = self.external_status

        line_number = self.line_number

        quantity = self.quantity

        refunded_quantity = self.refunded_quantity

        shipped_quantity = self.shipped_quantity

        sku = self.sku

        status = self.status

        title = self.title

        unit_price = self.unit_price

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "amount": amount,
                "cancelled_quantity": cancelled_quantity,
                "external_id": external_id,
                "external_status": external_status,
                "line_number": line_number,
                "quantity": quantity,
                "refunded_quantity": refunded_quantity,
                "shipped_quantity": shipped_quantity,
                "sku": sku,
                "status": status,
                "title": title,
                "unit_price": unit_price,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        amount = d.pop("amount")

        cancelled_quantity = d.pop("cancelled_quantity")

        external_id = d.pop("external_id")

        external_status = d.pop("external_status")

        line_number = d.pop("line_number")

        quantity = d.pop("quantity")

        refunded_quantity = d.pop("refunded_quantity")

        shipped_quantity = d.pop("shipped_quantity")

        sku = d.pop("sku")

        status = d.pop("status")

        title = d.pop("title")

        unit_price = d.pop("unit_price")

        line_out = cls(
            amount=amount,
            cancelled_quantity=cancelled_quantity,
            external_id=external_id,
            external_status=external_status,
            line_number=line_number,
            quantity=quantity,
            refunded_quantity=refunded_quantity,
            shipped_quantity=shipped_quantity,
            sku=sku,
            status=status,
            title=title,
            unit_price=unit_price,
        )

        line_out.additional_properties = d
        return line_out

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
