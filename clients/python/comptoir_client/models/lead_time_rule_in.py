from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="LeadTimeRuleIn")


@_attrs_define
class LeadTimeRuleIn:
    """
    Attributes:
        days (int): Working days.
        channel (str | Unset):  Default: ''.
        family (str | Unset):  Default: ''.
        product (str | Unset):  Default: ''.
    """

    days: int
    channel: str | Unset = ""
    family: str | Unset = ""
    product: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        days = self.days

        channel = self.channel

        family = self.family

        product = self.product

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "days": days,
            }
        )
        if channel is not UNSET:
            field_dict["channel"] = channel
        if family is not UNSET:
            field_dict["family"] = family
        if product is not UNSET:
            field_dict["product"] = product

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        days = d.pop("days")

        channel = d.pop("channel", UNSET)

        family = d.pop("family", UNSET)

        product = d.pop("product", UNSET)

        lead_time_rule_in = cls(
            days=days,
            channel=channel,
            family=family,
            product=product,
        )

        return lead_time_rule_in
