from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.buyer_out import BuyerOut
    from ..models.line_out import LineOut
    from ..models.parcel_out import ParcelOut


T = TypeVar("T", bound="OneOrderOut")


@_attrs_define
class OneOrderOut:
    """
    Attributes:
        accept_by (datetime.datetime | None):
        buyer (BuyerOut | None):
        channel (str):
        currency (str):
        decision (str):
        deliver_by (datetime.datetime | None):
        discount_amount (str):
        erp_document (str):
        erp_state (str):
        external_id (str):
        external_status (str):
        held (str):
        lines (list[LineOut]):
        number (str):
        placed_at (datetime.datetime):
        reference (str):
        ship_by (datetime.datetime | None):
        ship_by_own (datetime.datetime | None):
        shipments (list[ParcelOut]):
        shipping_amount (str):
        shipping_method (str):
        status (str):
        tax_amount (str):
        total_amount (str):
        updated_at (datetime.datetime):
    """

    accept_by: datetime.datetime | None
    buyer: BuyerOut | None
    channel: str
    currency: str
    decision: str
    deliver_by: datetime.datetime | None
    discount_amount: str
    erp_document: str
    erp_state: str
    external_id: str
    external_status: str
    held: str
    lines: list[LineOut]
    number: str
    placed_at: datetime.datetime
    reference: str
    ship_by: datetime.datetime | None
    ship_by_own: datetime.datetime | None
    shipments: list[ParcelOut]
    shipping_amount: str
    shipping_method: str
    status: str
    tax_amount: str
    total_amount: str
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.buyer_out import BuyerOut  # noqa: PLC0415

        accept_by: None | str
        if isinstance(self.accept_by, datetime.datetime):
            accept_by = self.accept_by.isoformat()
        else:
            accept_by = self.accept_by

        buyer: dict[str, Any] | None
        if isinstance(self.buyer, BuyerOut):
            buyer = self.buyer.to_dict()
        else:
            buyer = self.buyer

        channel = self.channel

        currency = self.currency

        decision = self.decision

        deliver_by: None | str
        if isinstance(self.deliver_by, datetime.datetime):
            deliver_by = self.deliver_by.isoformat()
        else:
            deliver_by = self.deliver_by

        discount_amount = self.discount_amount

        erp_document = self.erp_document

        erp_state = self.erp_state

        external_id = self.external_id

        external_status = self.external_status

        held = self.held

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        number = self.number

        placed_at = self.placed_at.isoformat()

        reference = self.reference

        ship_by: None | str
        if isinstance(self.ship_by, datetime.datetime):
            ship_by = self.ship_by.isoformat()
        else:
            ship_by = self.ship_by

        ship_by_own: None | str
        if isinstance(self.ship_by_own, datetime.datetime):
            ship_by_own = self.ship_by_own.isoformat()
        else:
            ship_by_own = self.ship_by_own

        shipments = []
        for shipments_item_data in self.shipments:
            shipments_item = shipments_item_data.to_dict()
            shipments.append(shipments_item)

        shipping_amount = self.shipping_amount

        shipping_method = self.shipping_method

        status = self.status

        tax_amount = self.tax_amount

        total_amount = self.total_amount

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accept_by": accept_by,
                "buyer": buyer,
                "channel": channel,
                "currency": currency,
                "decision": decision,
                "deliver_by": deliver_by,
                "discount_amount": discount_amount,
                "erp_document": erp_document,
                "erp_state": erp_state,
                "external_id": external_id,
                "external_status": external_status,
                "held": held,
                "lines": lines,
                "number": number,
                "placed_at": placed_at,
                "reference": reference,
                "ship_by": ship_by,
                "ship_by_own": ship_by_own,
                "shipments": shipments,
                "shipping_amount": shipping_amount,
                "shipping_method": shipping_method,
                "status": status,
                "tax_amount": tax_amount,
                "total_amount": total_amount,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.buyer_out import BuyerOut  # noqa: PLC0415
        from ..models.line_out import LineOut  # noqa: PLC0415
        from ..models.parcel_out import ParcelOut  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_accept_by(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                accept_by_type_0 = datetime.datetime.fromisoformat(data)

                return accept_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        accept_by = _parse_accept_by(d.pop("accept_by"))

        def _parse_buyer(data: object) -> BuyerOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                buyer_type_0 = BuyerOut.from_dict(data)

                return buyer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BuyerOut | None, data)

        buyer = _parse_buyer(d.pop("buyer"))

        channel = d.pop("channel")

        currency = d.pop("currency")

        decision = d.pop("decision")

        def _parse_deliver_by(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deliver_by_type_0 = datetime.datetime.fromisoformat(data)

                return deliver_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        deliver_by = _parse_deliver_by(d.pop("deliver_by"))

        discount_amount = d.pop("discount_amount")

        erp_document = d.pop("erp_document")

        erp_state = d.pop("erp_state")

        external_id = d.pop("external_id")

        external_status = d.pop("external_status")

        held = d.pop("held")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = LineOut.from_dict(lines_item_data)

            lines.append(lines_item)

        number = d.pop("number")

        placed_at = datetime.datetime.fromisoformat(d.pop("placed_at"))

        reference = d.pop("reference")

        def _parse_ship_by(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ship_by_type_0 = datetime.datetime.fromisoformat(data)

                return ship_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ship_by = _parse_ship_by(d.pop("ship_by"))

        def _parse_ship_by_own(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ship_by_own_type_0 = datetime.datetime.fromisoformat(data)

                return ship_by_own_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ship_by_own = _parse_ship_by_own(d.pop("ship_by_own"))

        shipments = []
        _shipments = d.pop("shipments")
        for shipments_item_data in _shipments:
            shipments_item = ParcelOut.from_dict(shipments_item_data)

            shipments.append(shipments_item)

        shipping_amount = d.pop("shipping_amount")

        shipping_method = d.pop("shipping_method")

        status = d.pop("status")

        tax_amount = d.pop("tax_amount")

        total_amount = d.pop("total_amount")

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        one_order_out = cls(
            accept_by=accept_by,
            buyer=buyer,
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
            shipments=shipments,
            shipping_amount=shipping_amount,
            shipping_method=shipping_method,
            status=status,
            tax_amount=tax_amount,
            total_amount=total_amount,
            updated_at=updated_at,
        )

        one_order_out.additional_properties = d
        return one_order_out

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
