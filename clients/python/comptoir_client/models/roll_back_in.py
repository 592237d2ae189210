from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RollBackIn")


@_attrs_define
class RollBackIn:
    """
    Attributes:
        upto (int):
        at (datetime.datetime | None | Unset):
        channel (str | Unset):  Default: ''.
        let_pass (bool | Unset):  Default: False.
        offers (list[int] | Unset): Ids of offers; none: every one.
        undo (int | None | Unset):
    """

    upto: int
    at: datetime.datetime | None | Unset = UNSET
    channel: str | Unset = ""
    let_pass: bool | Unset = False
    offers: list[int] | Unset = UNSET
    undo: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        upto = self.upto

        at: None | str | Unset
        if isinstance(self.at, Unset):
            at = UNSET
        elif isinstance(self.at, datetime.datetime):
            at = self.at.isoformat()
        else:
            at = self.at

        channel = self.channel

        let_pass = self.let_pass

        offers: list[int] | Unset = UNSET
        if not isinstance(self.offers, Unset):
            offers = self.offers

        undo: int | None | Unset
        if isinstance(self.undo, Unset):
            undo = UNSET
        else:
            undo = self.undo

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "upto": upto,
            }
        )
        if at is not UNSET:
            field_dict["at"] = at
        if channel is not UNSET:
            field_dict["channel"] = channel
        if let_pass is not UNSET:
            field_dict["let_pass"] = let_pass
        if offers is not UNSET:
            field_dict["offers"] = offers
        if undo is not UNSET:
            field_dict["undo"] = undo

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        upto = d.pop("upto")

        def _parse_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                at_type_0 = datetime.datetime.fromisoformat(data)

                return at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        at = _parse_at(d.pop("at", UNSET))

        channel = d.pop("channel", UNSET)

        let_pass = d.pop("let_pass", UNSET)

        offers = cast(list[int], d.pop("offers", UNSET))

        def _parse_undo(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        undo = _parse_undo(d.pop("undo", UNSET))

        roll_back_in = cls(
            upto=upto,
            at=at,
            channel=channel,
            let_pass=let_pass,
            offers=offers,
            undo=undo,
        )

        return roll_back_in
