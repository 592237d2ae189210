from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.buyer_out_billing_address_type_0 import BuyerOutBillingAddressType0
    from ..models.buyer_out_shipping_address_type_0 import BuyerOutShippingAddressType0


T = TypeVar("T", bound="BuyerOut")


@_attrs_define
class BuyerOut:
    """
    Attributes:
        billing_address (BuyerOutBillingAddressType0 | None):
        email (str):
        name (str):
        phone (str):
        shipping_address (BuyerOutShippingAddressType0 | None):
    """

    billing_address: BuyerOutBillingAddressType0 | None
    email: str
    name: str
    phone: str
    shipping_address: BuyerOutShippingAddressType0 | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.buyer_out_billing_address_type_0 import BuyerOutBillingAddressType0  # noqa: PLC0415
        from ..models.buyer_out_shipping_address_type_0 import BuyerOutShippingAddressType0  # noqa: PLC0415

        billing_address: dict[str, Any] | None
        if isinstance(self.billing_address, BuyerOutBillingAddressType0):
            billing_address = self.billing_address.to_dict()
        else:
            billing_address = self.billing_address

        email = self.email

        name = self.name

        phone = self.phone

        shipping_address: dict[str, Any] | None
        if isinstance(self.shipping_address, BuyerOutShippingAddressType0):
            shipping_address = self.shipping_address.to_dict()
        else:
            shipping_address = self.shipping_address

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "billing_address": billing_address,
                "email": email,
                "name": name,
                "phone": phone,
                "shipping_address": shipping_address,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.buyer_out_billing_address_type_0 import BuyerOutBillingAddressType0  # noqa: PLC0415
        from ..models.buyer_out_shipping_address_type_0 import BuyerOutShippingAddressType0  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_billing_address(data: object) -> BuyerOutBillingAddressType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                billing_address_type_0 = BuyerOutBillingAddressType0.from_dict(data)

                return billing_address_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BuyerOutBillingAddressType0 | None, data)

        billing_address = _parse_billing_address(d.pop("billing_address"))

        email = d.pop("email")

        name = d.pop("name")

        phone = d.pop("phone")

        def _parse_shipping_address(data: object) -> BuyerOutShippingAddressType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                shipping_address_type_0 = BuyerOutShippingAddressType0.from_dict(data)

                return shipping_address_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BuyerOutShippingAddressType0 | None, data)

        shipping_address = _parse_shipping_address(d.pop("shipping_address"))

        buyer_out = cls(
            billing_address=billing_address,
            email=email,
            name=name,
            phone=phone,
            shipping_address=shipping_address,
        )

        buyer_out.additional_properties = d
        return buyer_out

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
