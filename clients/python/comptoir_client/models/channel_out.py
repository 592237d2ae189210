from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ChannelOut")


@_attrs_define
class ChannelOut:
    """
    Attributes:
        auto_accept (bool | Unset):
        created_at (datetime.datetime | Unset):
        currency (str | Unset):
        key (str | Unset):
        kind (str | Unset):
        name (str | Unset):
        publishes (bool | Unset):
        role (str | Unset):
        state (str | Unset):
        state_changed_at (datetime.datetime | None | Unset):
        state_reason (str | Unset):
        stock_buffer (int | Unset):
        stock_limit (int | None | Unset):
    """

    auto_accept: bool | Unset = UNSET
    created_at: datetime.datetime | Unset = UNSET
    currency: str | Unset = UNSET
    key: str | Unset = UNSET
    kind: str | Unset = UNSET
    name: str | Unset = UNSET
    publishes: bool | Unset = UNSET
    role: str | Unset = UNSET
    state: str | Unset = UNSET
    state_changed_at: datetime.datetime | None | Unset = UNSET
    state_reason: str | Unset = UNSET
    stock_buffer: int | Unset = UNSET
    stock_limit: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        auto_accept = self.auto_accept

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = self.created_at.isoformat()

        currency = self.currency

        key = self.key

        kind = self.kind

        name = self.name

        publishes = self.publishes

        role = self.role

        state = self.state

        state_changed_at: None | str | Unset
        if isinstance(self.state_changed_at, Unset):
            state_changed_at = UNSET
        elif isinstance(self.state_changed_at, datetime.datetime):
            state_changed_at = self.state_changed_at.isoformat()
        else:
            state_changed_at = self.state_changed_at

        state_reason = self.state_reason

        stock_buffer = self.stock_buffer

        stock_limit: int | None | Unset
        if isinstance(self.stock_limit, Unset):
            stock_limit = UNSET
        else:
            stock_limit = self.stock_limit

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if auto_accept is not UNSET:
            field_dict["auto_accept"] = auto_accept
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if currency is not UNSET:
            field_dict["currency"] = currency
        if key is not UNSET:
            field_dict["key"] = key
        if kind is not UNSET:
            field_dict["kind"] = kind
        if name is not UNSET:
            field_dict["name"] = name
        if publishes is not UNSET:
            field_dict["publishes"] = publishes
        if role is not UNSET:
            field_dict["role"] = role
        if state is not UNSET:
            field_dict["state"] = state
        if state_changed_at is not UNSET:
            field_dict["state_changed_at"] = state_changed_at
        if state_reason is not UNSET:
            field_dict["state_reason"] = state_reason
        if stock_buffer is not UNSET:
            field_dict["stock_buffer"] = stock_buffer
        if stock_limit is not UNSET:
            field_dict["stock_limit"] = stock_limit

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        auto_accept = d.pop("auto_accept", UNSET)

        _created_at = d.pop("created_at", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at, Unset):
            created_at = UNSET
        else:
            created_at = datetime.datetime.fromisoformat(_created_at)

        currency = d.pop("currency", UNSET)

        key = d.pop("key", UNSET)

        kind = d.pop("kind", UNSET)

        name = d.pop("name", UNSET)

        publishes = d.pop("publishes", UNSET)

        role = d.pop("role", UNSET)

        state = d.pop("state", UNSET)

        def _parse_state_changed_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                state_changed_at_type_0 = datetime.datetime.fromisoformat(data)

                return state_changed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        state_changed_at = _parse_state_changed_at(d.pop("state_changed_at", UNSET))

        state_reason = d.pop("state_reason", UNSET)

        stock_buffer = d.pop("stock_buffer", UNSET)

        def _parse_stock_limit(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        stock_limit = _parse_stock_limit(d.pop("stock_limit", UNSET))

        channel_out = cls(
            auto_accept=auto_accept,
            created_at=created_at,
            currency=currency,
            key=key,
            kind=kind,
            name=name,
            publishes=publishes,
            role=role,
            state=state,
            state_changed_at=state_changed_at,
            state_reason=state_reason,
            stock_buffer=stock_buffer,
            stock_limit=stock_limit,
        )

        channel_out.additional_properties = d
        return channel_out

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
