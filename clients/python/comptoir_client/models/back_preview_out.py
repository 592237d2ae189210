from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.back_out import BackOut


T = TypeVar("T", bound="BackPreviewOut")


@_attrs_define
class BackPreviewOut:
    """
    Attributes:
        changes (int):
        refused (int):
        rows (list[BackOut]):
        too_far (int):
        upto (int):
    """

    changes: int
    refused: int
    rows: list[BackOut]
    too_far: int
    upto: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        changes = self.changes

        refused = self.refused

        rows = []
        for rows_item_data in self.rows:
            rows_item = rows_item_data.to_dict()
            rows.append(rows_item)

        too_far = self.too_far

        upto = self.upto

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "changes": changes,
                "refused": refused,
                "rows": rows,
                "too_far": too_far,
                "upto": upto,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.back_out import BackOut  # noqa: PLC0415

        d = dict(src_dict)
        changes = d.pop("changes")

        refused = d.pop("refused")

        rows = []
        _rows = d.pop("rows")
        for rows_item_data in _rows:
            rows_item = BackOut.from_dict(rows_item_data)

            rows.append(rows_item)

        too_far = d.pop("too_far")

        upto = d.pop("upto")

        back_preview_out = cls(
            changes=changes,
            refused=refused,
            rows=rows,
            too_far=too_far,
            upto=upto,
        )

        back_preview_out.additional_properties = d
        return back_preview_out

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
