from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="IssueOut")


@_attrs_define
class IssueOut:
    """
    Attributes:
        action (str | Unset):
        channel (str | Unset):
        closed_at (datetime.datetime | None | Unset):
        closed_by (str | Unset):
        flow (str | Unset):
        id (int | Unset):
        last_seen_at (datetime.datetime | Unset):
        message (str | Unset):
        occurrences (int | Unset):
        opened_at (datetime.datetime | Unset):
        reason (str | Unset):
        resolution (str | Unset):
        state (str | Unset):
        subject (str | Unset):
        subject_kind (str | Unset):
    """

    action: str | Unset = UNSET
    channel: str | Unset = UNSET
    closed_at: datetime.datetime | None | Unset = UNSET
    closed_by: str | Unset = UNSET
    flow: str | Unset = UNSET
    id: int | Unset = UNSET
    last_seen_at: datetime.datetime | Unset = UNSET
    message: str | Unset = UNSET
    occurrences: int | Unset = UNSET
    opened_at: datetime.datetime | Unset = UNSET
    reason: str | Unset = UNSET
    resolution: str | Unset = UNSET
    state: str | Unset = UNSET
    subject: str | Unset = UNSET
    subject_kind: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        action = self.action

        channel = self.channel

        closed_at: None | str | Unset
        if isinstance(self.closed_at, Unset):
            closed_at = UNSET
        elif isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        closed_by = self.closed_by

        flow = self.flow

        id = self.id

        last_seen_at: str | Unset = UNSET
        if not isinstance(self.last_seen_at, Unset):
            last_seen_at = self.last_seen_at.isoformat()

        message = self.message

        occurrences = self.occurrences

        opened_at: str | Unset = UNSET
        if not isinstance(self.opened_at, Unset):
            opened_at = self.opened_at.isoformat()

        reason = self.reason

        resolution = self.resolution

        state = self.state

        subject = self.subject

        subject_kind = self.subject_kind

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if action is not UNSET:
            field_dict["action"] = action
        if channel is not UNSET:
            field_dict["channel"] = channel
        if closed_at is not UNSET:
            field_dict["closed_at"] = closed_at
        if closed_by is not UNSET:
            field_dict["closed_by"] = closed_by
        if flow is not UNSET:
            field_dict["flow"] = flow
        if id is not UNSET:
            field_dict["id"] = id
        if last_seen_at is not UNSET:
            field_dict["last_seen_at"] = last_seen_at
        if message is not UNSET:
            field_dict["message"] = message
        if occurrences is not UNSET:
            field_dict["occurrences"] = occurrences
        if opened_at is not UNSET:
            field_dict["opened_at"] = opened_at
        if reason is not UNSET:
            field_dict["reason"] = reason
        if resolution is not UNSET:
            field_dict["resolution"] = resolution
        if state is not UNSET:
            field_dict["state"] = state
        if subject is not UNSET:
            field_dict["subject"] = subject
        if subject_kind is not UNSET:
            field_dict["subject_kind"] = subject_kind

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        action = d.pop("action", UNSET)

        channel = d.pop("channel", UNSET)

        def _parse_closed_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)

                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        closed_at = _parse_closed_at(d.pop("closed_at", UNSET))

        closed_by = d.pop("closed_by", UNSET)

        flow = d.pop("flow", UNSET)

        id = d.pop("id", UNSET)

        _last_seen_at = d.pop("last_seen_at", UNSET)
        last_seen_at: datetime.datetime | Unset
        if isinstance(_last_seen_at, Unset):
            last_seen_at = UNSET
        else:
            last_seen_at = datetime.datetime.fromisoformat(_last_seen_at)

        message = d.pop("message", UNSET)

        occurrences = d.pop("occurrences", UNSET)

        _opened_at = d.pop("opened_at", UNSET)
        opened_at: datetime.datetime | Unset
        if isinstance(_opened_at, Unset):
            opened_at = UNSET
        else:
            opened_at = datetime.datetime.fromisoformat(_opened_at)

        reason = d.pop("reason", UNSET)

        resolution = d.pop("resolution", UNSET)

        state = d.pop("state", UNSET)

        subject = d.pop("subject", UNSET)

        subject_kind = d.pop("subject_kind", UNSET)

        issue_out = cls(
            action=action,
            channel=channel,
            closed_at=closed_at,
            closed_by=closed_by,
            flow=flow,
            id=id,
            last_seen_at=last_seen_at,
            message=message,
            occurrences=occurrences,
            opened_at=opened_at,
            reason=reason,
            resolution=resolution,
            state=state,
            subject=subject,
            subject_kind=subject_kind,
        )

        issue_out.additional_properties = d
        return issue_out

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
