"""A data file and its manifest, to and from bytes: the format of `comptoir-files/1`, pure functions."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bazaar.erp_files.settings import ENCODINGS, SEPARATORS

CONTRACT = "comptoir-files/1"


class RefusedError(Exception):
    """The pair cannot be taken as a whole; `reason` is the contract's word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def write_csv(
    columns: Sequence[str], rows: Sequence[Mapping[str, str]], encoding: str, separator: str
) -> bytes:
    """A letter that the encoding does not have becomes `?`, as in the ERPs that are bound to one."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding, errors="replace")


def write_manifest(
    kind: str, sequence: int, created_at: str, data: bytes, rows: int, form: Mapping[str, str], **more: object
) -> bytes:
    """`form` is encoding, separator and decimal; `more` is `as_of` and `complete` where they apply."""
    manifest = {
        "contract": CONTRACT,
        "kind": kind,
        "sequence": sequence,
        "created_at": created_at,
        "rows": rows,
        "sha256": hashlib.sha256(data).hexdigest(),
        **form,
        **more,
    }
    return json.dumps(manifest, ensure_ascii=False).encode()


def read_manifest(body: bytes, kind: str, sequence: int) -> dict[str, Any]:
    """Raises `RefusedError("contract")` for anything but a manifest of that kind and sequence."""
    try:
        manifest = json.loads(body)
    except ValueError as error:
        raise RefusedError("contract") from error
    expected = {"contract": CONTRACT, "kind": kind, "sequence": sequence}
    if not isinstance(manifest, dict) or any(manifest.get(name) != value for name, value in expected.items()):
        raise RefusedError("contract")
    known = manifest.get("separator") in SEPARATORS and manifest.get("decimal") in (".", ",")
    if not known or manifest.get("encoding") not in ENCODINGS:
        raise RefusedError("contract")
    return manifest


def read_rows(manifest: Mapping[str, Any], data: bytes, columns: Sequence[str]) -> list[dict[str, str]]:
    """The data lines by column name, after every check of the contract."""
    if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise RefusedError("checksum")
    try:
        text = data.decode(manifest["encoding"])
    except UnicodeDecodeError as error:
        raise RefusedError("encoding") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=manifest["separator"], strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise RefusedError("contract") from error
    if set(columns) - set(reader.fieldnames or ()):
        raise RefusedError("contract")
    if len(rows) != manifest["rows"]:
        raise RefusedError("rows")
    return rows
