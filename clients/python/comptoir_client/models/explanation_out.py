from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.cut_out import CutOut
    from ..models.keeping_out import KeepingOut
    from ..models.other_out import OtherOut
    from ..models.part_out import PartOut
    from ..models.write_out import WriteOut


T = TypeVar("T", bound="ExplanationOut")


@_attrs_define
class ExplanationOut:
    """
    Attributes:
        agrees (bool):
        at (datetime.datetime):
        at_stake (int | None):
        available (int):
        changes (list[datetime.datetime]):
        confirmed (None | WriteOut):
        decided_at (datetime.datetime | None):
        in_escrow (bool):
        known (bool):
        offer (int):
        others (list[OtherOut]):
        own_quantity (int):
        parts (list[PartOut]):
        quantity (int):
        reserved_by (list[KeepingOut]):
        rules (list[CutOut]):
        sent (None | WriteOut):
        shown_quantity (int | None):
        shown_since (datetime.datetime | None):
        stop (str):
    """

    agrees: bool
    at: datetime.datetime
    at_stake: int | None
    available: int
    changes: list[datetime.datetime]
    confirmed: None | WriteOut
    decided_at: datetime.datetime | None
    in_escrow: bool
    known: bool
    offer: int
    others: list[OtherOut]
    own_quantity: int
    parts: list[PartOut]
    quantity: int
    reserved_by: list[KeepingOut]
    rules: list[CutOut]
    sent: None | WriteOut
    shown_quantity: int | None
    shown_since: datetime.datetime | None
    stop: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.write_out import WriteOut  # noqa: PLC0415

        agrees = self.agrees

        at = self.at.isoformat()

        at_stake: int | None
        at_stake = self.at_stake

        available = self.available

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.isoformat()
            changes.append(changes_item)

        confirmed: dict[str, Any] | None
        if isinstance(self.confirmed, WriteOut):
            confirmed = self.confirmed.to_dict()
        else:
            confirmed = self.confirmed

        decided_at: None | str
        if isinstance(self.decided_at, datetime.datetime):
            decided_at = self.decided_at.isoformat()
        else:
            decided_at = self.decided_at

        in_escrow = self.in_escrow

        known = self.known

        offer = self.offer

        others = []
        for others_item_data in self.others:
            others_item = others_item_data.to_dict()
            others.append(others_item)

        own_quantity = self.own_quantity

        parts = []
        for parts_item_data in self.parts:
            parts_item = parts_item_data.to_dict()
            parts.append(parts_item)

        quantity = self.quantity

        reserved_by = []
        for reserved_by_item_data in self.reserved_by:
            reserved_by_item = reserved_by_item_data.to_dict()
            reserved_by.append(reserved_by_item)

        rules = []
        for rules_item_data in self.rules:
            rules_item = rules_item_data.to_dict()
            rules.append(rules_item)

        sent: dict[str, Any] | None
        if isinstance(self.sent, WriteOut):
            sent = self.sent.to_dict()
        else:
            sent = self.sent

        shown_quantity: int | None
        shown_quantity = self.shown_quantity

        shown_since: None | str
        if isinstance(self.shown_since, datetime.datetime):
            shown_since = self.shown_since.isoformat()
        else:
            shown_since = self.shown_since

        stop = self.stop

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "agrees": agrees,
                "at": at,
                "at_stake": at_stake,
                "available": available,
                "changes": changes,
                "confirmed": confirmed,
                "decided_at": decided_at,
                "in_escrow": in_escrow,
                "known": known,
                "offer": offer,
                "others": others,
                "own_quantity": own_quantity,
                "parts": parts,
                "quantity": quantity,
                "reserved_by": reserved_by,
                "rules": rules,
                "sent": sent,
                "shown_quantity": shown_quantity,
                "shown_since": shown_since,
                "stop": stop,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cut_out import CutOut  # noqa: PLC0415
        from ..models.keeping_out import KeepingOut  # noqa: PLC0415
        from ..models.other_out import OtherOut  # noqa: PLC0415
        from ..models.part_out import PartOut  # noqa: PLC0415
        from ..models.write_out import WriteOut  # noqa: PLC0415

        d = dict(src_dict)
        agrees = d.pop("agrees")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        def _parse_at_stake(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        at_stake = _parse_at_stake(d.pop("at_stake"))

        available = d.pop("available")

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = datetime.datetime.fromisoformat(changes_item_data)

            changes.append(changes_item)

        def _parse_confirmed(data: object) -> None | WriteOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                confirmed_type_0 = WriteOut.from_dict(data)

                return confirmed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WriteOut, data)

        confirmed = _parse_confirmed(d.pop("confirmed"))

        def _parse_decided_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                decided_at_type_0 = datetime.datetime.fromisoformat(data)

                return decided_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        decided_at = _parse_decided_at(d.pop("decided_at"))

        in_escrow = d.pop("in_escrow")

        known = d.pop("known")

        offer = d.pop("offer")

        others = []
        _others = d.pop("others")
        for others_item_data in _others:
            others_item = OtherOut.from_dict(others_item_data)

            others.append(others_item)

        own_quantity = d.pop("own_quantity")

        parts = []
        _parts = d.pop("parts")
        for parts_item_data in _parts:
            parts_item = PartOut.from_dict(parts_item_data)

            parts.append(parts_item)

        quantity = d.pop("quantity")

        reserved_by = []
        _reserved_by = d.pop("reserved_by")
        for reserved_by_item_data in _reserved_by:
            reserved_by_item = KeepingOut.from_dict(reserved_by_item_data)

            reserved_by.append(reserved_by_item)

        rules = []
        _rules = d.pop("rules")
        for rules_item_data in _rules:
            rules_item = CutOut.from_dict(rules_item_data)

            rules.append(rules_item)

        def _parse_sent(data: object) -> None | WriteOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                sent_type_0 = WriteOut.from_dict(data)

                return sent_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WriteOut, data)

        sent = _parse_sent(d.pop("sent"))

        def _parse_shown_quantity(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        shown_quantity = _parse_shown_quantity(d.pop("shown_quantity"))

        def _parse_shown_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                shown_since_type_0 = datetime.datetime.fromisoformat(data)

                return shown_since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        shown_since = _parse_shown_since(d.pop("shown_since"))

        stop = d.pop("stop")

        explanation_out = cls(
            agrees=agrees,
            at=at,
            at_stake=at_stake,
            available=available,
            changes=changes,
            confirmed=confirmed,
            decided_at=decided_at,
            in_escrow=in_escrow,
            known=known,
            offer=offer,
            others=others,
            own_quantity=own_quantity,
            parts=parts,
            quantity=quantity,
            reserved_by=reserved_by,
            rules=rules,
            sent=sent,
            shown_quantity=shown_quantity,
            shown_since=shown_since,
            stop=stop,
        )

        explanation_out.additional_properties = d
        return explanation_out

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
