from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RuleOut")


@_attrs_define
class RuleOut:
    """
    Attributes:
        channel (None | str):
        family (str):
        in_force (bool):
        kind (str):
        note (str):
        number (int):
        product (None | str):
        valid_from (datetime.datetime):
        valid_until (datetime.datetime | None):
        value (int):
        version (int):
    """

    channel: None | str
    family: str
    in_force: bool
    kind: str
    note: str
    number: int
    product: None | str
    valid_from: datetime.datetime
    valid_until: datetime.datetime | None
    value: int
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        channel: None | str
        channel = self.channel

        family = self.family

        in_force = self.in_force

        kind = self.kind

        note = self.note

        number = self.number

        product: None | str
        product = self.product

        valid_from = self.valid_from.isoformat()

        valid_until: None | str
        if isinstance(self.valid_until, datetime.datetime):
            valid_until = self.valid_until.isoformat()
        else:
            valid_until = self.valid_until

        value = self.value

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "channel": channel,
                "family": family,
                "in_force": in_force,
                "kind": kind,
                "note": note,
                "number": number,
                "product": product,
                "valid_from": valid_from,
                "valid_until": valid_until,
                "value": value,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_channel(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        channel = _parse_channel(d.pop("channel"))

        family = d.pop("family")

        in_force = d.pop("in_force")

        kind = d.pop("kind")

        note = d.pop("note")

        number = d.pop("number")

        def _parse_product(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        product = _parse_product(d.pop("product"))

        valid_from = datetime.datetime.fromisoformat(d.pop("valid_from"))

        def _parse_valid_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                valid_until_type_0 = datetime.datetime.fromisoformat(data)

                return valid_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        valid_until = _parse_valid_until(d.pop("valid_until"))

        value = d.pop("value")

        version = d.pop("version")

        rule_out = cls(
            channel=channel,
            family=family,
            in_force=in_force,
            kind=kind,
            note=note,
            number=number,
            product=product,
            valid_from=valid_from,
            valid_until=valid_until,
            value=value,
            version=version,
        )

        rule_out.additional_properties = d
        return rule_out

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
