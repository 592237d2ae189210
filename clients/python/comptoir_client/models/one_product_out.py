from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.part_out import PartOut


T = TypeVar("T", bound="OneProductOut")


@_attrs_define
class OneProductOut:
    """
    Attributes:
        active (bool):
        available (int):
        barcodes (list[str]):
        brand (str):
        components (list[PartOut]):
        created_at (datetime.datetime):
        currency (str):
        family (str):
        height_mm (int | None):
        is_kit (bool):
        length_mm (int | None):
        list_price (None | str):
        sku (str):
        supplier (None | str):
        title (str):
        updated_at (datetime.datetime):
        vat_rate (None | str):
        weight_g (int | None):
        width_mm (int | None):
    """

    active: bool
    available: int
    barcodes: list[str]
    brand: str
    components: list[PartOut]
    created_at: datetime.datetime
    currency: str
    family: str
    height_mm: int | None
    is_kit: bool
    length_mm: int | None
    list_price: None | str
    sku: str
    supplier: None | str
    title: str
    updated_at: datetime.datetime
    vat_rate: None | str
    weight_g: int | None
    width_mm: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        active = self.active

        available = self.available

        barcodes = self.barcodes

        brand = self.brand

        components = []
        for components_item_data in self.components:
            components_item = components_item_data.to_dict()
            components.append(components_item)

        created_at = self.created_at.isoformat()

        currency = self.currency

        family = self.family

        height_mm: int | None
        height_mm = self.height_mm

        is_kit = self.is_kit

        length_mm: int | None
        length_mm = self.length_mm

        list_price: None | str
        list_price = self.list_price

        sku = self.sku

        supplier: None | str
        supplier = self.supplier

        title = self.title

        updated_at = self.updated_at.isoformat()

        vat_rate: None | str
        vat_rate = self.vat_rate

        weight_g: int | None
        weight_g = self.weight_g

        width_mm: int | None
        width_mm = self.width_mm

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "active": active,
                "available": available,
                "barcodes": barcodes,
                "brand": brand,
                "components": components,
                "created_at": created_at,
                "currency": currency,
                "family": family,
                "height_mm": height_mm,
                "is_kit": is_kit,
                "length_mm": length_mm,
                "list_price": list_price,
                "sku": sku,
                "supplier": supplier,
                "title": title,
                "updated_at": updated_at,
                "vat_rate": vat_rate,
                "weight_g": weight_g,
                "width_mm": width_mm,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.part_out import PartOut  # noqa: PLC0415

        d = dict(src_dict)
        active = d.pop("active")

        available = d.pop("available")

        barcodes = cast(list[str], d.pop("barcodes"))

        brand = d.pop("brand")

        components = []
        _components = d.pop("components")
        for components_item_data in _components:
            components_item = PartOut.from_dict(components_item_data)

            components.append(components_item)

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        currency = d.pop("currency")

        family = d.pop("family")

        def _parse_height_mm(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        height_mm = _parse_height_mm(d.pop("height_mm"))

        is_kit = d.pop("is_kit")

        def _parse_length_mm(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        length_mm = _parse_length_mm(d.pop("length_mm"))

        def _parse_list_price(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        list_price = _parse_list_price(d.pop("list_price"))

        sku = d.pop("sku")

        def _parse_supplier(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        supplier = _parse_supplier(d.pop("supplier"))

        title = d.pop("title")

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        def _parse_vat_rate(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        vat_rate = _parse_vat_rate(d.pop("vat_rate"))

        def _parse_weight_g(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        weight_g = _parse_weight_g(d.pop("weight_g"))

        def _parse_width_mm(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        width_mm = _parse_width_mm(d.pop("width_mm"))

        one_product_out = cls(
            active=active,
            available=available,
            barcodes=barcodes,
            brand=brand,
            components=components,
            created_at=created_at,
            currency=currency,
            family=family,
            height_mm=height_mm,
            is_kit=is_kit,
            length_mm=length_mm,
            list_price=list_price,
            sku=sku,
            supplier=supplier,
            title=title,
            updated_at=updated_at,
            vat_rate=vat_rate,
            weight_g=weight_g,
            width_mm=width_mm,
        )

        one_product_out.additional_properties = d
        return one_product_out

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
