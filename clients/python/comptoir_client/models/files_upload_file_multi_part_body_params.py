from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..models.files_upload_file_multi_part_body_params_kind import FilesUploadFileMultiPartBodyParamsKind
from ..types import File

T = TypeVar("T", bound="FilesUploadFileMultiPartBodyParams")


@_attrs_define
class FilesUploadFileMultiPartBodyParams:
    """
    Attributes:
        file (File):
        kind (FilesUploadFileMultiPartBodyParamsKind):
    """

    file: File
    kind: FilesUploadFileMultiPartBodyParamsKind
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file = self.file.to_tuple()

        kind = self.kind.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "file": file,
                "kind": kind,
            }
        )

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        files.append(("file", self.file.to_tuple()))

        files.append(("kind", (None, str(self.kind.value).encode(), "text/plain")))

        for prop_name, prop in self.additional_properties.items():
            files.append((prop_name, (None, str(prop).encode(), "text/plain")))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file = File(payload=BytesIO(d.pop("file")))

        kind = FilesUploadFileMultiPartBodyParamsKind(d.pop("kind"))

        files_upload_file_multi_part_body_params = cls(
            file=file,
            kind=kind,
        )

        files_upload_file_multi_part_body_params.additional_properties = d
        return files_upload_file_multi_part_body_params

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
