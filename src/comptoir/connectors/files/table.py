"""From the bytes of a data file to its rows, streamed: memory holds one row at a time.

A row's line number counts rows from the header, which is line 1, as the contract's `rows` does: a line
break inside quotes starts no new line.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence

from comptoir.connectors.files.cells import Layout, Row
from comptoir.connectors.files.contract import Manifest, Refusal, Refused
from comptoir.connectors.files.csv_profiles import Profile, fold

_BOM = b"\xef\xbb\xbf"
_CONTRACT = Profile()


def read_rows(
    data: io.BufferedReader, manifest: Manifest, required: Sequence[str], profile: Profile = _CONTRACT
) -> Iterator[Row]:
    """Every data row.

    Refused when the bytes, the encoding, the header or the number of rows is not what the manifest
    says. The number of rows is known at the end: nothing read may be used before that.
    """
    verify_checksum(data, manifest)
    text = _text(data, manifest)
    try:
        yield from _rows(text, manifest, required, profile)
    except UnicodeDecodeError as error:
        raise Refused(Refusal.ENCODING, f"The file is not in {manifest.encoding}: {error.reason}.") from error
    except csv.Error as error:
        raise Refused(Refusal.CONTRACT, f"The file is not CSV: {error}.") from error
    finally:
        text.detach()  # the file is its opener's to close


def verify_checksum(data: io.BufferedReader, manifest: Manifest) -> None:
    digest = hashlib.file_digest(data, "sha256").hexdigest()
    data.seek(0)
    if digest != manifest.sha256.lower():
        raise Refused(Refusal.CHECKSUM, f"The file's SHA-256 is {digest}, its manifest says otherwise.")


def _text(data: io.BufferedReader, manifest: Manifest) -> io.TextIOWrapper:
    """Spreadsheets put a byte order mark before UTF-8; before another encoding it is a contradiction."""
    encoding = manifest.encoding.lower()
    marked = data.read(len(_BOM)) == _BOM
    if marked and encoding != "utf-8":
        raise Refused(Refusal.ENCODING, f"The file begins as UTF-8 does, its manifest says {encoding}.")
    if not marked:
        data.seek(0)
    return io.TextIOWrapper(data, encoding=encoding, newline="")


def _rows(
    text: io.TextIOWrapper, manifest: Manifest, required: Sequence[str], profile: Profile
) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=manifest.separator)
    layout = _layout(next(reader, []), manifest, required, profile)
    count = 0
    for line, cells in enumerate(reader, start=2):
        if not cells:
            continue  # an empty line, at the end as a rule: it is no row
        count += 1
        yield Row(line, cells, layout)
    if count != manifest.rows:
        raise Refused(Refusal.ROWS, f"The file has {count} rows, its manifest says {manifest.rows}.")


def _layout(header: Sequence[str], manifest: Manifest, required: Sequence[str], profile: Profile) -> Layout:
    contract = profile.contract_names(manifest.kind)
    names = [contract.get(fold(name), fold(name)) for name in header]
    if missing := [profile.written(manifest.kind, name) for name in required if name not in names]:
        raise Refused(Refusal.CONTRACT, f"Missing columns: {', '.join(missing)}.")
    if doubled := {name for name in names if name and names.count(name) > 1}:
        raise Refused(Refusal.CONTRACT, f"Columns given twice: {', '.join(sorted(doubled))}.")
    shown = {name: given.strip() for name, given in zip(names, header, strict=True) if name != fold(given)}
    return Layout(tuple(names), manifest.decimal, manifest.separator, profile, shown)
