from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.lead_time_change_out import LeadTimeChangeOut


T = TypeVar("T", bound="LeadTimePreviewOut")


@_attrs_define
class LeadTimePreviewOut:
    """
    Attributes:
        changed (int):
        changes (list[LeadTimeChangeOut]):
        looked_at (int):
    """

    changed: int
    changes: list[LeadTimeChangeOut]
    looked_at: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        changed = self.changed

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)

        looked_at = self.looked_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "changed": changed,
                "changes": changes,
                "looked_at": looked_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lead_time_change_out import LeadTimeChangeOut  # noqa: PLC0415

        d = dict(src_dict)
        changed = d.pop("changed")

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = LeadTimeChangeOut.from_dict(changes_item_data)

            changes.append(changes_item)

        looked_at = d.pop("looked_at")

        lead_time_preview_out = cls(
            changed=changed,
            changes=changes,
            looked_at=looked_at,
        )

        lead_time_preview_out.additional_properties = d
        return lead_time_preview_out

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
