from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BackDoneOut")


@_attrs_define
class BackDoneOut:
    """
    Attributes:
        act (int | None):
        changed (int):
        refused (int):
    """

    act: int | None
    changed: int
    refused: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        act: int | None
        act = self.act

        changed = self.changed

        refused = self.refused

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "act": act,
                "changed": changed,
                "refused": refused,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_act(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        act = _parse_act(d.pop("act"))

        changed = d.pop("changed")

        refused = d.pop("refused")

        back_done_out = cls(
            act=act,
            changed=changed,
            refused=refused,
        )

        back_done_out.additional_properties = d
        return back_done_out

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
