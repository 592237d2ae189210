from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RuleRowIn")


@_attrs_define
class RuleRowIn:
    """
    Attributes:
        channel (str | Unset):  Default: ''.
        family (str | Unset):  Default: ''.
        kind (str | Unset):  Default: ''.
        note (str | Unset):  Default: ''.
        number (int | None | Unset):
        product (str | Unset):  Default: ''.
        remove (bool | Unset):  Default: False.
        valid_from (datetime.datetime | None | Unset):
        valid_until (datetime.datetime | None | Unset):
        value (int | None | Unset):
    """

    channel: str | Unset = ""
    family: str | Unset = ""
    kind: str | Unset = ""
    note: str | Unset = ""
    number: int | None | Unset = UNSET
    product: str | Unset = ""
    remove: bool | Unset = False
    valid_from: datetime.datetime | None | Unset = UNSET
    valid_until: datetime.datetime | None | Unset = UNSET
    value: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        channel = self.channel

        family = self.family

        kind = self.kind

        note = self.note

        number: int | None | Unset
        if isinstance(self.number, Unset):
            number = UNSET
        else:
            number = self.number

        product = self.product

        remove = self.remove

        valid_from: None | str | Unset
        if isinstance(self.valid_from, Unset):
            valid_from = UNSET
        elif isinstance(self.valid_from, datetime.datetime):
            valid_from = self.valid_from.isoformat()
        else:
            valid_from = self.valid_from

        valid_until: None | str | Unset
        if isinstance(self.valid_until, Unset):
            valid_until = UNSET
        elif isinstance(self.valid_until, datetime.datetime):
            valid_until = self.valid_until.isoformat()
        else:
            valid_until = self.valid_until

        value: int | None | Unset
        if isinstance(self.value, Unset):
            value = UNSET
        else:
            value = self.value

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if channel is not UNSET:
            field_dict["channel"] = channel
        if family is not UNSET:
            field_dict["family"] = family
        if kind is not UNSET:
            field_dict["kind"] = kind
        if note is not UNSET:
            field_dict["note"] = note
        if number is not UNSET:
            field_dict["number"] = number
        if product is not UNSET:
            field_dict["product"] = product
        if remove is not UNSET:
            field_dict["remove"] = remove
        if valid_from is not UNSET:
            field_dict["valid_from"] = valid_from
        if valid_until is not UNSET:
            field_dict["valid_until"] = valid_until
        if value is not UNSET:
            field_dict["value"] = value

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        channel = d.pop("channel", UNSET)

        family = d.pop("family", UNSET)

        kind = d.pop("kind", UNSET)

        note = d.pop("note", UNSET)

        def _parse_number(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        number = _parse_number(d.pop("number", UNSET))

        product = d.pop("product", UNSET)

        remove = d.pop("remove", UNSET)

        def _parse_valid_from(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                valid_from_type_0 = datetime.datetime.fromisoformat(data)

                return valid_from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        valid_from = _parse_valid_from(d.pop("valid_from", UNSET))

        def _parse_valid_until(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                valid_until_type_0 = datetime.datetime.fromisoformat(data)

                return valid_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        valid_until = _parse_valid_until(d.pop("valid_until", UNSET))

        def _parse_value(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        value = _parse_value(d.pop("value", UNSET))

        rule_row_in = cls(
            channel=channel,
            family=family,
            kind=kind,
            note=note,
            number=number,
            product=product,
            remove=remove,
            valid_from=valid_from,
            valid_until=valid_until,
            value=value,
        )

        return rule_row_in
