from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="OfferEditIn")


@_attrs_define
class OfferEditIn:
    """
    Attributes:
        floor (float | None | str | Unset): Tax included, in the currency of the offer.
        lead_time (int | None | Unset): Days of preparation.
        paused (bool | None | Unset):
        price (float | None | str | Unset): Tax included, in the currency of the offer.
    """

    floor: float | None | str | Unset = UNSET
    lead_time: int | None | Unset = UNSET
    paused: bool | None | Unset = UNSET
    price: float | None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        floor: float | None | str | Unset
        if isinstance(self.floor, Unset):
            floor = UNSET
        else:
            floor = self.floor

        lead_time: int | None | Unset
        if isinstance(self.lead_time, Unset):
            lead_time = UNSET
        else:
            lead_time = self.lead_time

        paused: bool | None | Unset
        if isinstance(self.paused, Unset):
            paused = UNSET
        else:
            paused = self.paused

        price: float | None | str | Unset
        if isinstance(self.price, Unset):
            price = UNSET
        else:
            price = self.price

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if floor is not UNSET:
            field_dict["floor"] = floor
        if lead_time is not UNSET:
            field_dict["lead_time"] = lead_time
        if paused is not UNSET:
            field_dict["paused"] = paused
        if price is not UNSET:
            field_dict["price"] = price

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_floor(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        floor = _parse_floor(d.pop("floor", UNSET))

        def _parse_lead_time(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        lead_time = _parse_lead_time(d.pop("lead_time", UNSET))

        def _parse_paused(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        paused = _parse_paused(d.pop("paused", UNSET))

        def _parse_price(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        price = _parse_price(d.pop("price", UNSET))

        offer_edit_in = cls(
            floor=floor,
            lead_time=lead_time,
            paused=paused,
            price=price,
        )

        return offer_edit_in
