from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.file_change_out import FileChangeOut
    from ..models.file_fault_out import FileFaultOut


T = TypeVar("T", bound="OneFileOut")


@_attrs_define
class OneFileOut:
    """
    Attributes:
        actor (str):
        applied (int):
        changes (list[FileChangeOut]):
        closed_at (datetime.datetime | None):
        created_at (datetime.datetime):
        faults (list[FileFaultOut]):
        id (int):
        kind (str):
        name (str):
        state (str):
        unchanged (int):
    """

    actor: str
    applied: int
    changes: list[FileChangeOut]
    closed_at: datetime.datetime | None
    created_at: datetime.datetime
    faults: list[FileFaultOut]
    id: int
    kind: str
    name: str
    state: str
    unchanged: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        applied = self.applied

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)

        closed_at: None | str
        if isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        created_at = self.created_at.isoformat()

        faults = []
        for faults_item_data in self.faults:
            faults_item = faults_item_data.to_dict()
            faults.append(faults_item)

        id = self.id

        kind = self.kind

        name = self.name

        state = self.state

        unchanged = self.unchanged

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "applied": applied,
                "changes": changes,
                "closed_at": closed_at,
                "created_at": created_at,
                "faults": faults,
                "id": id,
                "kind": kind,
                "name": name,
                "state": state,
                "unchanged": unchanged,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_change_out import FileChangeOut  # noqa: PLC0415
        from ..models.file_fault_out import FileFaultOut  # noqa: PLC0415

        d = dict(src_dict)
        actor = d.pop("actor")

        applied = d.pop("applied")

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = FileChangeOut.from_dict(changes_item_data)

            changes.append(changes_item)

        def _parse_closed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)

                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        closed_at = _parse_closed_at(d.pop("closed_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        faults = []
        _faults = d.pop("faults")
        for faults_item_data in _faults:
            faults_item = FileFaultOut.from_dict(faults_item_data)

            faults.append(faults_item)

        id = d.pop("id")

        kind = d.pop("kind")

        name = d.pop("name")

        state = d.pop("state")

        unchanged = d.pop("unchanged")

        one_file_out = cls(
            actor=actor,
            applied=applied,
            changes=changes,
            closed_at=closed_at,
            created_at=created_at,
            faults=faults,
            id=id,
            kind=kind,
            name=name,
            state=state,
            unchanged=unchanged,
        )

        one_file_out.additional_properties = d
        return one_file_out

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
