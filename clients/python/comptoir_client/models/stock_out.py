from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="StockOut")


@_attrs_define
class StockOut:
    """
    Attributes:
        counted_at (datetime.datetime | None | Unset):
        incoming (int | Unset):
        on_hand (int | Unset):
        reserved (int | Unset):
        sellable (bool | Unset):
        sku (str | Unset):
        warehouse (str | Unset):
    """

    counted_at: datetime.datetime | None | Unset = UNSET
    incoming: int | Unset = UNSET
    on_hand: int | Unset = UNSET
    reserved: int | Unset = UNSET
    sellable: bool | Unset = UNSET
    sku: str | Unset = UNSET
    warehouse: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        counted_at: None | str | Unset
        if isinstance(self.counted_at, Unset):
            counted_at = UNSET
        elif isinstance(self.counted_at, datetime.datetime):
            counted_at = self.counted_at.isoformat()
        else:
            counted_at = self.counted_at

        incoming = self.incoming

        on_hand = self.on_hand

        reserved = self.reserved

        sellable = self.sellable

        sku = self.sku

        warehouse = self.warehouse

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if counted_at is not UNSET:
            field_dict["counted_at"] = counted_at
        if incoming is not UNSET:
            field_dict["incoming"] = incoming
        if on_hand is not UNSET:
            field_dict["on_hand"] = on_hand
        if reserved is not UNSET:
            field_dict["reserved"] = reserved
        if sellable is not UNSET:
            field_dict["sellable"] = sellable
        if sku is not UNSET:
            field_dict["sku"] = sku
        if warehouse is not UNSET:
            field_dict["warehouse"] = warehouse

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_counted_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                counted_at_type_0 = datetime.datetime.fromisoformat(data)

                return counted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        counted_at = _parse_counted_at(d.pop("counted_at", UNSET))

        incoming = d.pop("incoming", UNSET)

        on_hand = d.pop("on_hand", UNSET)

        reserved = d.pop("reserved", UNSET)

        sellable = d.pop("sellable", UNSET)

        sku = d.pop("sku", UNSET)

        warehouse = d.pop("warehouse", UNSET)

        stock_out = cls(
            counted_at=counted_at,
            incoming=incoming,
            on_hand=on_hand,
            reserved=reserved,
            sellable=sellable,
            sku=sku,
            warehouse=warehouse,
        )

        stock_out.additional_properties = d
        return stock_out

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
