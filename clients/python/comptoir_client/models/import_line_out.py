from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.import_line_out_detail import ImportLineOutDetail


T = TypeVar("T", bound="ImportLineOut")


@_attrs_define
class ImportLineOut:
    """
    Attributes:
        channel (str):
        detail (ImportLineOutDetail):
        error (str):
        floor (None | str):
        floor_before (None | str):
        lead_time (int | None):
        number (int):
        offer_id (int | None):
        outcome (str):
        paused (bool | None):
        price (None | str):
        price_before (None | str):
        sku (str):
    """

    channel: str
    detail: ImportLineOutDetail
    error: str
    floor: None | str
    floor_before: None | str
    lead_time: int | None
    number: int
    offer_id: int | None
    outcome: str
    paused: bool | None
    price: None | str
    price_before: None | str
    sku: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        channel = self.channel

        detail = self.detail.to_dict()

        error = self.error

        floor: None | str
        floor = self.floor

        floor_before: None | str
        floor_before = self.floor_before

        lead_time: int | None
        lead_time = self.lead_time

        number = self.number

        offer_id: int | None
        offer_id = self.offer_id

        outcome = self.outcome

        paused: bool | None
        paused = self.paused

        price: None | str
        price = self.price

        price_before: None | str
        price_before = self.price_before

        sku = self.sku

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "channel": channel,
                "detail": detail,
                "error": error,
                "floor": floor,
                "floor_before": floor_before,
                "lead_time": lead_time,
                "number": number,
                "offer_id": offer_id,
                "outcome": outcome,
                "paused": paused,
                "price": price,
                "price_before": price_before,
                "sku": sku,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.import_line_out_detail import ImportLineOutDetail  # noqa: PLC0415

        d = dict(src_dict)
        channel = d.pop("channel")

        detail = ImportLineOutDetail.from_dict(d.pop("detail"))

        error = d.pop("error")

        def _parse_floor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        floor = _parse_floor(d.pop("floor"))

        def _parse_floor_before(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        floor_before = _parse_floor_before(d.pop("floor_before"))

        def _parse_lead_time(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        lead_time = _parse_lead_time(d.pop("lead_time"))

        number = d.pop("number")

        def _parse_offer_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        offer_id = _parse_offer_id(d.pop("offer_id"))

        outcome = d.pop("outcome")

        def _parse_paused(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        paused = _parse_paused(d.pop("paused"))

        def _parse_price(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        price = _parse_price(d.pop("price"))

        def _parse_price_before(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        price_before = _parse_price_before(d.pop("price_before"))

        sku = d.pop("sku")

        import_line_out = cls(
            channel=channel,
            detail=detail,
            error=error,
            floor=floor,
            floor_before=floor_before,
            lead_time=lead_time,
            number=number,
            offer_id=offer_id,
            outcome=outcome,
            paused=paused,
            price=price,
            price_before=price_before,
            sku=sku,
        )

        import_line_out.additional_properties = d
        return import_line_out

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
