from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.standing_out import StandingOut


T = TypeVar("T", bound="PreviewRowOut")


@_attrs_define
class PreviewRowOut:
    """
    Attributes:
        after (StandingOut):
        before (StandingOut):
        channel (str):
        row (int):
        sku (str):
    """

    after: StandingOut
    before: StandingOut
    channel: str
    row: int
    sku: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        after = self.after.to_dict()

        before = self.before.to_dict()

        channel = self.channel

        row = self.row

        sku = self.sku

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "after": after,
                "before": before,
                "channel": channel,
                "row": row,
                "sku": sku,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.standing_out import StandingOut  # noqa: PLC0415

        d = dict(src_dict)
        after = StandingOut.from_dict(d.pop("after"))

        before = StandingOut.from_dict(d.pop("before"))

        channel = d.pop("channel")

        row = d.pop("row")

        sku = d.pop("sku")

        preview_row_out = cls(
            after=after,
            before=before,
            channel=channel,
            row=row,
            sku=sku,
        )

        preview_row_out.additional_properties = d
        return preview_row_out

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
