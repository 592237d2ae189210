from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ApplyIn")


@_attrs_define
class ApplyIn:
    """
    Attributes:
        let_pass (bool | Unset):  Default: False.
    """

    let_pass: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        let_pass = self.let_pass

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if let_pass is not UNSET:
            field_dict["let_pass"] = let_pass

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        let_pass = d.pop("let_pass", UNSET)

        apply_in = cls(
            let_pass=let_pass,
        )

        return apply_in
