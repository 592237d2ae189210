from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.line_out import LineOut


T = TypeVar("T", bound="OrderOut")


@_attrs_define
class OrderOut:
    """Amounts are decimal texts in `currency`; instants are ISO 8601, UTC.

    `ship_by` is the channel's word. `ship_by_own` is ours, by preparation times and calendars, for an order that is
    still to leave and for which the channel names no date; what is late goes by the first, else by the second.

        Attributes:
            accept_by (datetime.datetime | None | Unset):
            channel (str | Unset):
            currency (str | Unset):
            decision (str | Unset):
            deliver_by (datetime.datetime | None | Unset):
            discount_amount (str | Unset):
            erp_document (str | Unset):
            erp_state (str | Unset):
            external_id (str | Unset):
            external_status (str | Unset):
            held (str | Unset):
            lines (list[LineOut] | Unset):
            number (str | Unset):
            placed_at (datetime.datetime | Unset):
            reference (str | Unset):
            ship_by (datetime.datetime | None | Unset):
            ship_by_own (datetime.datetime | None | Unset):
            shipping_amount (str | Unset):
            shipping_method (str | Unset):
            status (str | Unset):
            tax_amount (str | Unset):
            total_amount (str | Unset):
            updated_at (datetime.datetime | Unset):
    """

    accept_by: datetime.datetime | None | Unset = UNSET
    channel: str | Unset = UNSET
    currency: str | Unset = UNSET
    decision: str | Unset = UNSET
    deliver_by: datetime.datetime | None | Unset = UNSET
    discount_amount: str | Unset = UNSET
    erp_document: str | Unset = UNSET
    erp_state: str | Unset = UNSET
    external_id: str | Unset = UNSET
    external_status: str | Unset = UNSET
    held: str | Unset = UNSET
    lines: list[LineOut] | Unset = UNSET
    number: str | Unset = UNSET
    placed_at: datetime.datetime | Unset = UNSET
    reference: str | Unset = UNSET
    ship_by: datetime.datetime | None | Unset = UNSET
    ship_by_own: datetime.datetime | None | Unset = UNSET
    shipping_amount: str | Unset = UNSET
    shipping_method: str | Unset = UNSET
    status: str | Unset = UNSET
    tax_amount: str | Unset = UNSET
    total_amount: str | Unset = UNSET
    updated_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        accept_by: None | str | Unset
        if isinstance(self.accept_by, Unset):
            accept_by = UNSET
        elif isinstance(self.accept_by, datetime.datetime):
            accept_by = self.accept_by.isoformat()
        else:
            accept_by = self.accept_by

        channel = self.channel

        currency = self.currency

        decision = self.decision

        deliver_by: None | str | Unset
        if isinstance(self.deliver_by, Unset):
            deliver_by = UNSET
        elif isinstance(self.deliver_by, datetime.datetime):
            deliver_by = self.deliver_by.isoformat()
        else:
            deliver_by = self.deliver_by

        discount_amount = self.discount_amount

        erp_document = self.erp_document

        erp_state = self.erp_state

        external_id = self.external_id

        external_status = self.external_status

        held = self.held

        lines: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.lines, Unset):
            lines = []
            for lines_item_data in self.lines:
                lines_item = lines_item_data.to_dict()
                lines.append(lines_item)

        number = self.number

        placed_at: str | Unset = UNSET
        if not isinstance(self.placed_at, Unset):
            placed_at = self.placed_at.isoformat()

        reference = self.reference

        ship_by: None | str | Unset
        if isinstance(self.ship_by, Unset):
            ship_by = UNSET
        elif isinstance(self.ship_by, datetime.datetime):
            ship_by = self.ship_by.isoformat()
        else:
            ship_by = self.ship_by

        ship_by_own: None | str | Unset
        if isinstance(self.ship_by_own, Unset):
            ship_by_own = UNSET
        elif isinstance(self.ship_by_own, datetime.datetime):
            ship_by_own = self.ship_by_own.isoformat()
        else:
            ship_by_own = self.ship_by_own

        shipping_amount = self.shipping_amount

        shipping_method = self.shipping_method

        status = self.status

        tax_amount = self.tax_amount

        total_amount = self.total_amount

        updated_at: str | Unset = UNSET
        if not isinstance(self.updated_at, Unset):
            updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if accept_by is not UNSET:
            field_dict["accept_by"] = accept_by
        if channel is not UNSET:
            field_dict["channel"] = channel
        if currency is not UNSET:
            field_dict["currency"] = currency
        if decision is not UNSET:
            field_dict["decision"] = decision
        if deliver_by is not UNSET:
            field_dict["deliver_by"] = deliver_by
        if discount_amount is not UNSET:
            field_dict["discount_amount"] = discount_amount
        if erp_document is not UNSET:
            field_dict["erp_document"] = erp_document
        if erp_state is not UNSET:
            field_dict["erp_state"] = erp_state
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if external_status is not UNSET:
            field_dict["external_status"] = external_status
        if held is not UNSET:
            field_dict["held"] = held
        if lines is not UNSET:
            field_dict["lines"] = lines
        if number is not UNSET:
            field_dict["number"] = number
        if placed_at is not UNSET:
            field_dict["placed_at"] = placed_at
        if reference is not UNSET:
            field_dict["reference"] = reference
        if ship_by is not UNSET:
            field_dict["ship_by"] = ship_by
        if ship_by_own is not UNSET:
            field_dict["ship_by_own"] = ship_by_own
        if shipping_amount is not UNSET:
            field_dict["shipping_amount"] = shipping_amount
        if shipping_method is not UNSET:
            field_dict["shipping_method"] = shipping_method
        if status is not UNSET:
            field_dict["status"] = status
        if tax_amount is not UNSET:
            field_dict["tax_amount"] = tax_amount
        if total_amount is not UNSET:
            field_dict["total_amount"] = total_amount
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.line_out import LineOut  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_accept_by(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                accept_by_type_0 = datetime.datetime.fromisoformat(data)

                return accept_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        accept_by = _parse_accept_by(d.pop("accept_by", UNSET))

        channel = d.pop("channel", UNSET)

        currency = d.pop("currency", UNSET)

        decision = d.pop("decision", UNSET)

        def _parse_deliver_by(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deliver_by_type_0 = datetime.datetime.fromisoformat(data)

                return deliver_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        deliver_by = _parse_deliver_by(d.pop("deliver_by", UNSET))

        discount_amount = d.pop("discount_amount", UNSET)

        erp_document = d.pop("erp_document", UNSET)

        erp_state = d.pop("erp_state", UNSET)

        external_id = d.pop("external_id", UNSET)

        external_status = d.pop("external_status", UNSET)

        held = d.pop("held", UNSET)

        _lines = d.pop("lines", UNSET)
        lines: list[LineOut] | Unset = UNSET
        if _lines is not UNSET:
            lines = []
            for lines_item_data in _lines:
                lines_item = LineOut.from_dict(lines_item_data)

                lines.append(lines_item)

        number = d.pop("number", UNSET)

        _placed_at = d.pop("placed_at", UNSET)
        placed_at: datetime.datetime | Unset
        if isinstance(_placed_at, Unset):
            placed_at = UNSET
        else:
            placed_at = datetime.datetime.fromisoformat(_placed_at)

        reference = d.pop("reference", UNSET)

        def _parse_ship_by(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ship_by_type_0 = datetime.datetime.fromisoformat(data)

                return ship_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        ship_by = _parse_ship_by(d.pop("ship_by", UNSET))

        def _parse_ship_by_own(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ship_by_own_type_0 = datetime.datetime.fromisoformat(data)

                return ship_by_own_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        ship_by_own = _parse_ship_by_own(d.pop("ship_by_own", UNSET))

        shipping_amount = d.pop("shipping_amount", UNSET)

        shipping_method = d.pop("shipping_method", UNSET)

        status = d.pop("status", UNSET)

        tax_amount = d.pop("tax_amount", UNSET)

        total_amount = d.pop("total_amount", UNSET)

        _updated_at = d.pop("updated_at", UNSET)
        updated_at: datetime.datetime | Unset
        if isinstance(_updated_at, Unset):
            updated_at = UNSET
        else:
            updated_at = datetime.datetime.fromisoformat(_updated_at)

        order_out = cls(
            accept_by=accept_by,
            channel=channel,
            currency=currency,
            decision=decision,
            deliver_by=deliver_by,
            discount_amount=discount_amount,
            erp_document=erp_document,
            erp_state=erp_state,
            external_id=external_id,
            external_status=external_status,
            held=held,
            lines=lines,
            number=number,
            placed_at=placed_at,
            reference=reference,
            ship_by=ship_by,
            ship_by_own=ship_by_own,
            shipping_amount=shipping_amount,
            shipping_method=shipping_method,
            status=status,
            tax_amount=tax_amount,
            total_amount=total_amount,
            updated_at=updated_at,
        )

        order_out.additional_properties = d
        return order_out

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
