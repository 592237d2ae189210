from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="OfferOut")


@_attrs_define
class OfferOut:
    """
    Attributes:
        changed_at (datetime.datetime | Unset):
        channel (str | Unset):
        confirmed_price (None | str | Unset):
        confirmed_quantity (int | None | Unset):
        currency (str | Unset):
        desired_price (None | str | Unset):
        desired_quantity (int | Unset):
        external_id (str | Unset):
        floor_price (None | str | Unset):
        id (int | Unset):
        lead_time_days (int | None | Unset):
        network (str | Unset):
        price_error (str | Unset):
        quantity_error (str | Unset):
        sent_price (None | str | Unset):
        sent_quantity (int | None | Unset):
        shown_at (datetime.datetime | None | Unset):
        shown_price (None | str | Unset):
        shown_quantity (int | None | Unset):
        sku (str | Unset):
        state (str | Unset):
    """

    changed_at: datetime.datetime | Unset = UNSET
    channel: str | Unset = UNSET
    confirmed_price: None | str | Unset = UNSET
    confirmed_quantity: int | None | Unset = UNSET
    currency: str | Unset = UNSET
    desired_price: None | str | Unset = UNSET
    desired_quantity: int | Unset = UNSET
    external_id: str | Unset = UNSET
    floor_price: None | str | Unset = UNSET
    id: int | Unset = UNSET
    lead_time_days: int | None | Unset = UNSET
    network: str | Unset = UNSET
    price_error: str | Unset = UNSET
    quantity_error: str | Unset = UNSET
    sent_price: None | str | Unset = UNSET
    sent_quantity: int | None | Unset = UNSET
    shown_at: datetime.datetime | None | Unset = UNSET
    shown_price: None | str | Unset = UNSET
    shown_quantity: int | None | Unset = UNSET
    sku: str | Unset = UNSET
    state: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        changed_at: str | Unset = UNSET
        if not isinstance(self.changed_at, Unset):
            changed_at = self.changed_at.isoformat()

        channel = self.channel

        confirmed_price: None | str | Unset
        if isinstance(self.confirmed_price, Unset):
            confirmed_price = UNSET
        else:
            confirmed_price = self.confirmed_price

        confirmed_quantity: int | None | Unset
        if isinstance(self.confirmed_quantity, Unset):
            confirmed_quantity = UNSET
        else:
            confirmed_quantity = self.confirmed_quantity

        currency = self.currency

        desired_price: None | str | Unset
        if isinstance(self.desired_price, Unset):
            desired_price = UNSET
        else:
            desired_price = self.desired_price

        desired_quantity = self.desired_quantity

        external_id = self.external_id

        floor_price: None | str | Unset
        if isinstance(self.floor_price, Unset):
            floor_price = UNSET
        else:
            floor_price = self.floor_price

        id = self.id

        lead_time_days: int | None | Unset
        if isinstance(self.lead_time_days, Unset):
            lead_time_days = UNSET
        else:
            lead_time_days = self.lead_time_days

        network = self.network

        price_error = self.price_error

        quantity_error = self.quantity_error

        sent_price: None | str | Unset
        if isinstance(self.sent_price, Unset):
            sent_price = UNSET
        else:
            sent_price = self.sent_price

        sent_quantity: int | None | Unset
        if isinstance(self.sent_quantity, Unset):
            sent_quantity = UNSET
        else:
            sent_quantity = self.sent_quantity

        shown_at: None | str | Unset
        if isinstance(self.shown_at, Unset):
            shown_at = UNSET
        elif isinstance(self.shown_at, datetime.datetime):
            shown_at = self.shown_at.isoformat()
        else:
            shown_at = self.shown_at

        shown_price: None | str | Unset
        if isinstance(self.shown_price, Unset):
            shown_price = UNSET
        else:
            shown_price = self.shown_price

        shown_quantity: int | None | Unset
        if isinstance(self.shown_quantity, Unset):
            shown_quantity = UNSET
        else:
            shown_quantity = self.shown_quantity

        sku = self.sku

        state = self.state

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if changed_at is not UNSET:
            field_dict["changed_at"] = changed_at
        if channel is not UNSET:
            field_dict["channel"] = channel
        if confirmed_price is not UNSET:
            field_dict["confirmed_price"] = confirmed_price
        if confirmed_quantity is not UNSET:
            field_dict["confirmed_quantity"] = confirmed_quantity
        if currency is not UNSET:
            field_dict["currency"] = currency
        if desired_price is not UNSET:
            field_dict["desired_price"] = desired_price
        if desired_quantity is not UNSET:
            field_dict["desired_quantity"] = desired_quantity
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if floor_price is not UNSET:
            field_dict["floor_price"] = floor_price
        if id is not UNSET:
            field_dict["id"] = id
        if lead_time_days is not UNSET:
            field_dict["lead_time_days"] = lead_time_days
        if network is not UNSET:
            field_dict["network"] = network
        if price_error is not UNSET:
            field_dict["price_error"] = price_error
        if quantity_error is not UNSET:
            field_dict["quantity_error"] = quantity_error
        if sent_price is not UNSET:
            field_dict["sent_price"] = sent_price
        if sent_quantity is not UNSET:
            field_dict["sent_quantity"] = sent_quantity
        if shown_at is not UNSET:
            field_dict["shown_at"] = shown_at
        if shown_price is not UNSET:
            field_dict["shown_price"] = shown_price
        if shown_quantity is not UNSET:
            field_dict["shown_quantity"] = shown_quantity
        if sku is not UNSET:
            field_dict["sku"] = sku
        if state is not UNSET:
            field_dict["state"] = state

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _changed_at = d.pop("changed_at", UNSET)
        changed_at: datetime.datetime | Unset
        if isinstance(_changed_at, Unset):
            changed_at = UNSET
        else:
            changed_at = datetime.datetime.fromisoformat(_changed_at)

        channel = d.pop("channel", UNSET)

        def _parse_confirmed_price(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        confirmed_price = _parse_confirmed_price(d.pop("confirmed_price", UNSET))

        def _parse_confirmed_quantity(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        confirmed_quantity = _parse_confirmed_quantity(d.pop("confirmed_quantity", UNSET))

        currency = d.pop("currency", UNSET)

        def _parse_desired_price(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        desired_price = _parse_desired_price(d.pop("desired_price", UNSET))

        desired_quantity = d.pop("desired_quantity", UNSET)

        external_id = d.pop("external_id", UNSET)

        def _parse_floor_price(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        floor_price = _parse_floor_price(d.pop("floor_price", UNSET))

        id = d.pop("id", UNSET)

        def _parse_lead_time_days(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        lead_time_days = _parse_lead_time_days(d.pop("lead_time_days", UNSET))

        network = d.pop("network", UNSET)

        price_error = d.pop("price_error", UNSET)

        quantity_error = d.pop("quantity_error", UNSET)

        def _parse_sent_price(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        sent_price = _parse_sent_price(d.pop("sent_price", UNSET))

        def _parse_sent_quantity(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        sent_quantity = _parse_sent_quantity(d.pop("sent_quantity", UNSET))

        def _parse_shown_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                shown_at_type_0 = datetime.datetime.fromisoformat(data)

                return shown_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        shown_at = _parse_shown_at(d.pop("shown_at", UNSET))

        def _parse_shown_price(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        shown_price = _parse_shown_price(d.pop("shown_price", UNSET))

        def _parse_shown_quantity(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        shown_quantity = _parse_shown_quantity(d.pop("shown_quantity", UNSET))

        sku = d.pop("sku", UNSET)

        state = d.pop("state", UNSET)

        offer_out = cls(
            changed_at=changed_at,
            channel=channel,
            confirmed_price=confirmed_price,
            confirmed_quantity=confirmed_quantity,
            currency=currency,
            desired_price=desired_price,
            desired_quantity=desired_quantity,
            external_id=external_id,
            floor_price=floor_price,
            id=id,
            lead_time_days=lead_time_days,
            network=network,
            price_error=price_error,
            quantity_error=quantity_error,
            sent_price=sent_price,
            sent_quantity=sent_quantity,
            shown_at=shown_at,
            shown_price=shown_price,
            shown_quantity=shown_quantity,
            sku=sku,
            state=state,
        )

        offer_out.additional_properties = d
        return offer_out

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
