from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="JudgedIn")


@_attrs_define
class JudgedIn:
    """
    Attributes:
        accepted (int):
        scrapped (int):
        sku (str):
        to (str):
    """

    accepted: int
    scrapped: int
    sku: str
    to: str

    def to_dict(self) -> dict[str, Any]:
        accepted = self.accepted

        scrapped = self.scrapped

        sku = self.sku

        to = self.to

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "accepted": accepted,
                "scrapped": scrapped,
                "sku": sku,
                "to": to,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        accepted = d.pop("accepted")

        scrapped = d.pop("scrapped")

        sku = d.pop("sku")

        to = d.pop("to")

        judged_in = cls(
            accepted=accepted,
            scrapped=scrapped,
            sku=sku,
            to=to,
        )

        return judged_in
