from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ImportOut")


@_attrs_define
class ImportOut:
    """
    Attributes:
        act_id (int | None):
        actor (str):
        applied (int):
        changes (int):
        closed_at (datetime.datetime | None):
        created_at (datetime.datetime):
        errors (int):
        id (int):
        lines_kept (int):
        lines_read (int):
        lines_total (int | None):
        message (str):
        name (str):
        state (str):
        too_far (int):
        unchanged (int):
    """

    act_id: int | None
    actor: str
    applied: int
    changes: int
    closed_at: datetime.datetime | None
    created_at: datetime.datetime
    errors: int
    id: int
    lines_kept: int
    lines_read: int
    lines_total: int | None
    message: str
    name: str
    state: str
    too_far: int
    unchanged: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        act_id: int | None
        act_id = self.act_id

        actor = self.actor

        applied = self.applied

        changes = self.changes

        closed_at: None | str
        if isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        created_at = self.created_at.isoformat()

        errors = self.errors

        id = self.id

        lines_kept = self.lines_kept

        lines_read = self.lines_read

        lines_total: int | None
        lines_total = self.lines_total

        message = self.message

        name = self.name

        state = self.state

        too_far = self.too_far

        unchanged = self.unchanged

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "act_id": act_id,
                "actor": actor,
                "applied": applied,
                "changes": changes,
                "closed_at": closed_at,
                "created_at": created_at,
                "errors": errors,
                "id": id,
                "lines_kept": lines_kept,
                "lines_read": lines_read,
                "lines_total": lines_total,
                "message": message,
                "name": name,
                "state": state,
                "too_far": too_far,
                "unchanged": unchanged,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_act_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        act_id = _parse_act_id(d.pop("act_id"))

        actor = d.pop("actor")

        applied = d.pop("applied")

        changes = d.pop("changes")

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

        errors = d.pop("errors")

        id = d.pop("id")

        lines_kept = d.pop("lines_kept")

        lines_read = d.pop("lines_read")

        def _parse_lines_total(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        lines_total = _parse_lines_total(d.pop("lines_total"))

        message = d.pop("message")

        name = d.pop("name")

        state = d.pop("state")

        too_far = d.pop("too_far")

        unchanged = d.pop("unchanged")

        import_out = cls(
            act_id=act_id,
            actor=actor,
            applied=applied,
            changes=changes,
            closed_at=closed_at,
            created_at=created_at,
            errors=errors,
            id=id,
            lines_kept=lines_kept,
            lines_read=lines_read,
            lines_total=lines_total,
            message=message,
            name=name,
            state=state,
            too_far=too_far,
            unchanged=unchanged,
        )

        import_out.additional_properties = d
        return import_out

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
