from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.file_change_out_after import FileChangeOutAfter
    from ..models.file_change_out_before_type_0 import FileChangeOutBeforeType0


T = TypeVar("T", bound="FileChangeOut")


@_attrs_define
class FileChangeOut:
    """
    Attributes:
        after (FileChangeOutAfter):
        before (FileChangeOutBeforeType0 | None):
        line (int):
        sku (str):
        about (str | Unset):  Default: ''.
        rule (int | None | Unset):
        warehouse (str | Unset):  Default: ''.
    """

    after: FileChangeOutAfter
    before: FileChangeOutBeforeType0 | None
    line: int
    sku: str
    about: str | Unset = ""
    rule: int | None | Unset = UNSET
    warehouse: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.file_change_out_before_type_0 import FileChangeOutBeforeType0  # noqa: PLC0415

        after = self.after.to_dict()

        before: dict[str, Any] | None
        if isinstance(self.before, FileChangeOutBeforeType0):
            before = self.before.to_dict()
        else:
            before = self.before

        line = self.line

        sku = self.sku

        about = self.about

        rule: int | None | Unset
        if isinstance(self.rule, Unset):
            rule = UNSET
        else:
            rule = self.rule

        warehouse = self.warehouse

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "after": after,
                "before": before,
                "line": line,
                "sku": sku,
            }
        )
        if about is not UNSET:
            field_dict["about"] = about
        if rule is not UNSET:
            field_dict["rule"] = rule
        if warehouse is not UNSET:
            field_dict["warehouse"] = warehouse

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_change_out_after import FileChangeOutAfter  # noqa: PLC0415
        from ..models.file_change_out_before_type_0 import FileChangeOutBeforeType0  # noqa: PLC0415

        d = dict(src_dict)
        after = FileChangeOutAfter.from_dict(d.pop("after"))

        def _parse_before(data: object) -> FileChangeOutBeforeType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                before_type_0 = FileChangeOutBeforeType0.from_dict(data)

                return before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FileChangeOutBeforeType0 | None, data)

        before = _parse_before(d.pop("before"))

        line = d.pop("line")

        sku = d.pop("sku")

        about = d.pop("about", UNSET)

        def _parse_rule(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        rule = _parse_rule(d.pop("rule", UNSET))

        warehouse = d.pop("warehouse", UNSET)

        file_change_out = cls(
            after=after,
            before=before,
            line=line,
            sku=sku,
            about=about,
            rule=rule,
            warehouse=warehouse,
        )

        file_change_out.additional_properties = d
        return file_change_out

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
