from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CutOut")


@_attrs_define
class CutOut:
    """
    Attributes:
        after (int):
        before (int):
        kind (str):
        rule (int | None):
        value (int):
        version (int | None):
    """

    after: int
    before: int
    kind: str
    rule: int | None
    value: int
    version: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        after = self.after

        before = self.before

        kind = self.kind

        rule: int | None
        rule = self.rule

        value = self.value

        version: int | None
        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "after": after,
                "before": before,
                "kind": kind,
                "rule": rule,
                "value": value,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        after = d.pop("after")

        before = d.pop("before")

        kind = d.pop("kind")

        def _parse_rule(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        rule = _parse_rule(d.pop("rule"))

        value = d.pop("value")

        def _parse_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        version = _parse_version(d.pop("version"))

        cut_out = cls(
            after=after,
            before=before,
            kind=kind,
            rule=rule,
            value=value,
            version=version,
        )

        cut_out.additional_properties = d
        return cut_out

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
