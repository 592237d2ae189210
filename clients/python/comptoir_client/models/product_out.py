from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ProductOut")


@_attrs_define
class ProductOut:
    """
    Attributes:
        active (bool | Unset):
        brand (str | Unset):
        created_at (datetime.datetime | Unset):
        currency (str | Unset):
        family (str | Unset):
        height_mm (int | None | Unset):
        is_kit (bool | Unset):
        length_mm (int | None | Unset):
        list_price (None | str | Unset):
        sku (str | Unset):
        supplier (None | str | Unset):
        title (str | Unset):
        updated_at (datetime.datetime | Unset):
        vat_rate (None | str | Unset):
        weight_g (int | None | Unset):
        width_mm (int | None | Unset):
    """

    active: bool | Unset = UNSET
    brand: str | Unset = UNSET
    created_at: datetime.datetime | Unset = UNSET
    currency: str | Unset = UNSET
    family: str | Unset = UNSET
    height_mm: int | None | Unset = UNSET
    is_kit: bool | Unset = UNSET
    length_mm: int | None | Unset = UNSET
    list_price: None | str | Unset = UNSET
    sku: str | Unset = UNSET
    supplier: None | str | Unset = UNSET
    title: str | Unset = UNSET
    updated_at: datetime.datetime | Unset = UNSET
    vat_rate: None | str | Unset = UNSET
    weight_g: int | None | Unset = UNSET
    width_mm: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        active = self.active

        brand = self.brand

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = self.created_at.isoformat()

        currency = self.currency

        family = self.family

        height_mm: int | None | Unset
        if isinstance(self.height_mm, Unset):
            height_mm = UNSET
        else:
            height_mm = self.height_mm

        is_kit = self.is_kit

        length_mm: int | None | Unset
        if isinstance(self.length_mm, Unset):
            length_mm = UNSET
        else:
            length_mm = self.length_mm

        list_price: None | str | Unset
        if isinstance(self.list_price, Unset):
            list_price = UNSET
        else:
            list_price = self.list_price

        sku = self.sku

        supplier: None | str | Unset
        if isinstance(self.supplier, Unset):
            supplier = UNSET
        else:
            supplier = self.supplier

        title = self.title

        updated_at: str | Unset = UNSET
        if not isinstance(self.updated_at, Unset):
            updated_at = self.updated_at.isoformat()

        vat_rate: None | str | Unset
        if isinstance(self.vat_rate, Unset):
            vat_rate = UNSET
        else:
            vat_rate = self.vat_rate

        weight_g: int | None | Unset
        if isinstance(self.weight_g, Unset):
            weight_g = UNSET
        else:
            weight_g = self.weight_g

        width_mm: int | None | Unset
        if isinstance(self.width_mm, Unset):
            width_mm = UNSET
        else:
            width_mm = self.width_mm

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if active is not UNSET:
            field_dict["active"] = active
        if brand is not UNSET:
            field_dict["brand"] = brand
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if currency is not UNSET:
            field_dict["currency"] = currency
        if family is not UNSET:
            field_dict["family"] = family
        if height_mm is not UNSET:
            field_dict["height_mm"] = height_mm
        if is_kit is not UNSET:
            field_dict["is_kit"] = is_kit
        if length_mm is not UNSET:
            field_dict["length_mm"] = length_mm
        if list_price is not UNSET:
            field_dict["list_price"] = list_price
        if sku is not UNSET:
            field_dict["sku"] = sku
        if supplier is not UNSET:
            field_dict["supplier"] = supplier
        if title is not UNSET:
            field_dict["title"] = title
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if vat_rate is not UNSET:
            field_dict["vat_rate"] = vat_rate
        if weight_g is not UNSET:
            field_dict["weight_g"] = weight_g
        if width_mm is not UNSET:
            field_dict["width_mm"] = width_mm

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        active = d.pop("active", UNSET)

        brand = d.pop("brand", UNSET)

        _created_at = d.pop("created_at", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at, Unset):
            created_at = UNSET
        else:
            created_at = datetime.datetime.fromisoformat(_created_at)

        currency = d.pop("currency", UNSET)

        family = d.pop("family", UNSET)

        def _parse_height_mm(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        height_mm = _parse_height_mm(d.pop("height_mm", UNSET))

        is_kit = d.pop("is_kit", UNSET)

        def _parse_length_mm(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        length_mm = _parse_length_mm(d.pop("length_mm", UNSET))

        def _parse_list_price(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        list_price = _parse_list_price(d.pop("list_price", UNSET))

        sku = d.pop("sku", UNSET)

        def _parse_supplier(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        supplier = _parse_supplier(d.pop("supplier", UNSET))

        title = d.pop("title", UNSET)

        _updated_at = d.pop("updated_at", UNSET)
        updated_at: datetime.datetime | Unset
        if isinstance(_updated_at, Unset):
            updated_at = UNSET
        else:
            updated_at = datetime.datetime.fromisoformat(_updated_at)

        def _parse_vat_rate(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        vat_rate = _parse_vat_rate(d.pop("vat_rate", UNSET))

        def _parse_weight_g(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        weight_g = _parse_weight_g(d.pop("weight_g", UNSET))

        def _parse_width_mm(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        width_mm = _parse_width_mm(d.pop("width_mm", UNSET))

        product_out = cls(
            active=active,
            brand=brand,
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

        product_out.additional_properties = d
        return product_out

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
