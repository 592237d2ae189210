from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PurchaseOrderOut")


@_attrs_define
class PurchaseOrderOut:
    """
    Attributes:
        comment (str):
        created_at (datetime.datetime):
        created_by (str):
        currency (str):
        document (str):
        expected_on (datetime.date | None):
        message (str):
        reference (str):
        sent_at (datetime.datetime | None):
        state (str):
        supplier (str):
        supplier_code (str):
        updated_at (datetime.datetime):
        warehouse (str):
    """

    comment: str
    created_at: datetime.datetime
    created_by: str
    currency: str
    document: str
    expected_on: datetime.date | None
    message: str
    reference: str
    sent_at: datetime.datetime | None
    state: str
    supplier: str
    supplier_code: str
    updated_at: datetime.datetime
    warehouse: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        comment = self.comment

        created_at = self.created_at.isoformat()

        created_by = self.created_by

        currency = self.currency

        document = self.document

        expected_on: None | str
        if isinstance(self.expected_on, datetime.date):
            expected_on = self.expected_on.isoformat()
        else:
            expected_on = self.expected_on

        message = self.message

        reference = self.reference

        sent_at: None | str
        if isinstance(self.sent_at, datetime.datetime):
            sent_at = self.sent_at.isoformat()
        else:
            sent_at = self.sent_at

        state = self.state

        supplier = self.supplier

        supplier_code = self.supplier_code

        updated_at = self.updated_at.isoformat()

        warehouse = self.warehouse

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "comment": comment,
                "created_at": created_at,
                "created_by": created_by,
                "currency": currency,
                "document": document,
                "expected_on": expected_on,
                "message": message,
                "reference": reference,
                "sent_at": sent_at,
                "state": state,
                "supplier": supplier,
                "supplier_code": supplier_code,
                "updated_at": updated_at,
                "warehouse": warehouse,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        comment = d.pop("comment")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        currency = d.pop("currency")

        document = d.pop("document")

        def _parse_expected_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expected_on_type_0 = datetime.date.fromisoformat(data)

                return expected_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        expected_on = _parse_expected_on(d.pop("expected_on"))

        message = d.pop("message")

        reference = d.pop("reference")

        def _parse_sent_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                sent_at_type_0 = datetime.datetime.fromisoformat(data)

                return sent_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        sent_at = _parse_sent_at(d.pop("sent_at"))

        state = d.pop("state")

        supplier = d.pop("supplier")

        supplier_code = d.pop("supplier_code")

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        warehouse = d.pop("warehouse")

        purchase_order_out = cls(
            comment=comment,
            created_at=created_at,
            created_by=created_by,
            currency=currency,
            document=document,
            expected_on=expected_on,
            message=message,
            reference=reference,
            sent_at=sent_at,
            state=state,
            supplier=supplier,
            supplier_code=supplier_code,
            updated_at=updated_at,
            warehouse=warehouse,
        )

        purchase_order_out.additional_properties = d
        return purchase_order_out

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
