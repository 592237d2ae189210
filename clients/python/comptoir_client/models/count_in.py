from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="CountIn")


@_attrs_define
class CountIn:
    """
    Attributes:
        on_hand (int):
        sku (str):
        warehouse (str):
        incoming (int | Unset):  Default: 0.
    """

    on_hand: int
    sku: str
    warehouse: str
    incoming: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        on_hand = self.on_hand

        sku = self.sku

        warehouse = self.warehouse

        incoming = self.incoming

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "on_hand": on_hand,
                "sku": sku,
                "warehouse": warehouse,
            }
        )
        if incoming is not UNSET:
            field_dict["incoming"] = incoming

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        on_hand = d.pop("on_hand")

        sku = d.pop("sku")

        warehouse = d.pop("warehouse")

        incoming = d.pop("incoming", UNSET)

        count_in = cls(
            on_hand=on_hand,
            sku=sku,
            warehouse=warehouse,
            incoming=incoming,
        )

        return count_in
