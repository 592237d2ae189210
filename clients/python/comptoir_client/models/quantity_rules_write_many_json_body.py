from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.rule_row_in import RuleRowIn


T = TypeVar("T", bound="QuantityRulesWriteManyJsonBody")


@_attrs_define
class QuantityRulesWriteManyJsonBody:
    """
    Attributes:
        rows (list[RuleRowIn]):
    """

    rows: list[RuleRowIn]

    def to_dict(self) -> dict[str, Any]:
        rows = []
        for rows_item_data in self.rows:
            rows_item = rows_item_data.to_dict()
            rows.append(rows_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "rows": rows,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rule_row_in import RuleRowIn  # noqa: PLC0415

        d = dict(src_dict)
        rows = []
        _rows = d.pop("rows")
        for rows_item_data in _rows:
            rows_item = RuleRowIn.from_dict(rows_item_data)

            rows.append(rows_item)

        quantity_rules_write_many_json_body = cls(
            rows=rows,
        )

        return quantity_rules_write_many_json_body
