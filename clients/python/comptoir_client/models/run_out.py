from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.run_out_counts import RunOutCounts


T = TypeVar("T", bound="RunOut")


@_attrs_define
class RunOut:
    """
    Attributes:
        actor (str | Unset):
        channel (str | Unset):
        counts (RunOutCounts | Unset):
        ended_at (datetime.datetime | None | Unset):
        error (str | Unset):
        error_kind (str | Unset):
        flow (str | Unset):
        id (int | Unset):
        outcome (str | Unset):
        started_at (datetime.datetime | Unset):
        trigger (str | Unset):
    """

    actor: str | Unset = UNSET
    channel: str | Unset = UNSET
    counts: RunOutCounts | Unset = UNSET
    ended_at: datetime.datetime | None | Unset = UNSET
    error: str | Unset = UNSET
    error_kind: str | Unset = UNSET
    flow: str | Unset = UNSET
    id: int | Unset = UNSET
    outcome: str | Unset = UNSET
    started_at: datetime.datetime | Unset = UNSET
    trigger: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        channel = self.channel

        counts: dict[str, Any] | Unset = UNSET
        if not isinstance(self.counts, Unset):
            counts = self.counts.to_dict()

        ended_at: None | str | Unset
        if isinstance(self.ended_at, Unset):
            ended_at = UNSET
        elif isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        error = self.error

        error_kind = self.error_kind

        flow = self.flow

        id = self.id

        outcome = self.outcome

        started_at: str | Unset = UNSET
        if not isinstance(self.started_at, Unset):
            started_at = self.started_at.isoformat()

        trigger = self.trigger

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if actor is not UNSET:
            field_dict["actor"] = actor
        if channel is not UNSET:
            field_dict["channel"] = channel
        if counts is not UNSET:
            field_dict["counts"] = counts
        if ended_at is not UNSET:
            field_dict["ended_at"] = ended_at
        if error is not UNSET:
            field_dict["error"] = error
        if error_kind is not UNSET:
            field_dict["error_kind"] = error_kind
        if flow is not UNSET:
            field_dict["flow"] = flow
        if id is not UNSET:
            field_dict["id"] = id
        if outcome is not UNSET:
            field_dict["outcome"] = outcome
        if started_at is not UNSET:
            field_dict["started_at"] = started_at
        if trigger is not UNSET:
            field_dict["trigger"] = trigger

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_out_counts import RunOutCounts  # noqa: PLC0415

        d = dict(src_dict)
        actor = d.pop("actor", UNSET)

        channel = d.pop("channel", UNSET)

        _counts = d.pop("counts", UNSET)
        counts: RunOutCounts | Unset
        if isinstance(_counts, Unset):
            counts = UNSET
        else:
            counts = RunOutCounts.from_dict(_counts)

        def _parse_ended_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        ended_at = _parse_ended_at(d.pop("ended_at", UNSET))

        error = d.pop("error", UNSET)

        error_kind = d.pop("error_kind", UNSET)

        flow = d.pop("flow", UNSET)

        id = d.pop("id", UNSET)

        outcome = d.pop("outcome", UNSET)

        _started_at = d.pop("started_at", UNSET)
        started_at: datetime.datetime | Unset
        if isinstance(_started_at, Unset):
            started_at = UNSET
        else:
            started_at = datetime.datetime.fromisoformat(_started_at)

        trigger = d.pop("trigger", UNSET)

        run_out = cls(
            actor=actor,
            channel=channel,
            counts=counts,
            ended_at=ended_at,
            error=error,
            error_kind=error_kind,
            flow=flow,
            id=id,
            outcome=outcome,
            started_at=started_at,
            trigger=trigger,
        )

        run_out.additional_properties = d
        return run_out

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
