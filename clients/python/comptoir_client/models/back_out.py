from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.back_out_after import BackOutAfter
    from ..models.back_out_before import BackOutBefore


T = TypeVar("T", bound="BackOut")


@_attrs_define
class BackOut:
    """
    Attributes:
        after (BackOutAfter):
        before (BackOutBefore):
        channel (str):
        offer (int):
        refusal (str):
        sku (str):
    """

    after: BackOutAfter
    before: BackOutBefore
    channel: str
    offer: int
    refusal: str
    sku: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        after = self.after.to_dict()

        before = self.before.to_dict()

        channel = self.channel

        offer = self.offer

        refusal = self.refusal

        sku = self.sku

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "after": after,
                "before": before,
                "channel": channel,
                "offer": offer,
                "refusal": refusal,
                "sku": sku,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.back_out_after import BackOutAfter  # noqa: PLC0415
        from ..models.back_out_before import BackOutBefore  # noqa: PLC0415

        d = dict(src_dict)
        after = BackOutAfter.from_dict(d.pop("after"))

        before = BackOutBefore.from_dict(d.pop("before"))

        channel = d.pop("channel")

        offer = d.pop("offer")

        refusal = d.pop("refusal")

        sku = d.pop("sku")

        back_out = cls(
            after=after,
            before=before,
            channel=channel,
            offer=offer,
            refusal=refusal,
            sku=sku,
        )

        back_out.additional_properties = d
        return back_out

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
