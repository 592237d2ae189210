from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.export_in_form import ExportInForm
from ..models.export_in_kind import ExportInKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="ExportIn")


@_attrs_define
class ExportIn:
    """
    Attributes:
        kind (ExportInKind):
        form (ExportInForm | Unset):  Default: ExportInForm.CSV.
    """

    kind: ExportInKind
    form: ExportInForm | Unset = ExportInForm.CSV

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        form: str | Unset = UNSET
        if not isinstance(self.form, Unset):
            form = self.form.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
            }
        )
        if form is not UNSET:
            field_dict["form"] = form

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = ExportInKind(d.pop("kind"))

        _form = d.pop("form", UNSET)
        form: ExportInForm | Unset
        if isinstance(_form, Unset):
            form = UNSET
        else:
            form = ExportInForm(_form)

        export_in = cls(
            kind=kind,
            form=form,
        )

        return export_in
