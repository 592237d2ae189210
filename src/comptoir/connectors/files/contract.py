"""The words of `comptoir-files/1`: names, places, manifests and receipts (docs/develop/erp-files.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Self

import msgspec

from comptoir.sdk.errors import UnexpectedAnswer

CONTRACT: Final = "comptoir-files/1"
MAX_SEQUENCE: Final = 999_999_999

ENCODINGS: Final = ("utf-8", "cp1252", "cp850", "iso-8859-15")
SEPARATORS: Final = (";", ",", "\t")
DECIMAL_MARKS: Final = (".", ",")

JOURNAL: Final = "journal"
KINDS_TO_ERP: Final = ("orders", "cancellations", "refunds", "purchase_orders", JOURNAL)
COLUMNS_FROM_ERP: Final[dict[str, tuple[str, ...]]] = {
    "products": (
        *("sku", "ean", "title", "brand", "family", "supplier", "purchase_price", "purchase_currency"),
        *("list_price", "currency", "vat_rate", "weight_g", "length_mm", "width_mm", "height_mm"),
        *("active", "updated_at"),
    ),
    "stock": ("sku", "warehouse", "quantity", "incoming"),
    "order_status": ("reference", "document", "status", "message", "changed_at"),
    "shipments": (
        *("reference", "shipment_id", "line_number", "line_reference", "sku", "quantity", "warehouse"),
        *("carrier", "tracking_number", "tracking_url", "shipped_at"),
    ),
    "documents": (
        *("reference", "kind", "number", "origin", "document_date", "currency", "total_amount"),
        *("tax_amount", "line_reference", "sku", "quantity", "amount", "refund_id", "file"),
    ),
    "purchase_status": ("reference", "document", "status", "sku", "received", "message", "changed_at"),
}
KINDS_FROM_ERP: Final = tuple(COLUMNS_FROM_ERP)


class Place(StrEnum):
    """A folder of the exchange, relative to its root."""

    TO_ERP = "to_erp"
    TO_ERP_DONE = "to_erp/done"
    TO_ERP_REFUSED = "to_erp/refused"
    TO_ERP_RECEIPTS = "to_erp/receipts"
    FROM_ERP = "from_erp"
    FROM_ERP_DONE = "from_erp/done"
    FROM_ERP_REFUSED = "from_erp/refused"
    FROM_ERP_RECEIPTS = "from_erp/receipts"
    FROM_ERP_PAPERS = "from_erp/papers"
    """The PDFs that `documents` names; the ERP's own to make and to clear."""


class Refusal(StrEnum):
    """Why a pair is not taken as a whole."""

    CHECKSUM = "checksum"
    ROWS = "rows"
    CONTRACT = "contract"
    ENCODING = "encoding"
    REPLAYED = "replayed"


class Refused(Exception):  # noqa: N818 - named after what happened
    """The pair being read is refused whole; never leaves this connector."""

    def __init__(self, reason: Refusal, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


_STEM = re.compile(rf"({'|'.join(KINDS_TO_ERP + KINDS_FROM_ERP)})-([0-9]{{9}})")


@dataclass(frozen=True, order=True)
class PairName:
    """One exchange: `stock` and 12 for `stock-000000012.csv` and `stock-000000012.json`."""

    kind: str
    sequence: int

    @classmethod
    def parse(cls, stem: str) -> Self | None:
        """From `stock-000000012`; None for every other text, paths included."""
        found = _STEM.fullmatch(stem)
        return cls(found[1], int(found[2])) if found else None

    @classmethod
    def of_file(cls, file_name: str, extension: str) -> Self | None:
        """From `stock-000000012.json` with the extension `json`."""
        stem, dot, found = file_name.rpartition(".")
        return cls.parse(stem) if dot and found == extension else None

    @property
    def stem(self) -> str:
        return f"{self.kind}-{self.sequence:09d}"

    @property
    def data(self) -> str:
        """A journal's format is its manifest's to say: it is no CSV."""
        return f"{self.stem}.{'txt' if self.kind == JOURNAL else 'csv'}"

    @property
    def manifest(self) -> str:
        return f"{self.stem}.json"

    @property
    def receipt(self) -> str:
        """It bears the manifest's name, in the folder of receipts."""
        return f"{self.stem}.json"


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the side that wrote a data file says of it."""

    contract: str
    kind: str
    sequence: int
    created_at: datetime
    rows: int
    sha256: str
    encoding: str
    separator: str
    decimal: str
    as_of: datetime | None = None
    complete: bool = False
    format: str = ""
    """Of a journal: `fec`, `ximport` or `mecg`."""
    keys: tuple[str, ...] = ()
    """Of a journal: the entry of each accounting line, in the file's order."""
    key: str = ""
    """The column that names a row, where a profile gives it another name than the contract's."""


class RejectedLine(msgspec.Struct, frozen=True, kw_only=True):
    """`line` is null where the reader knows the key alone."""

    line: int | None = None
    key: str = ""
    code: str = ""
    message: str = ""


class FileReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the side that read a pair made of it."""

    contract: str
    kind: str
    sequence: int
    read_at: str
    taken: int
    rejected: tuple[RejectedLine, ...] = ()
    refused: str | None = None


def write_instant(moment: datetime) -> str:
    """ISO 8601, UTC, microseconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def encode(document: Manifest | FileReceipt) -> bytes:
    """JSON on indented lines: people look into these folders."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def decode_manifest(content: bytes, name: PairName) -> Manifest:
    """Refused("contract") or Refused("encoding") when it is not what the contract says."""
    try:
        manifest = msgspec.json.decode(content, type=Manifest, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(Refusal.CONTRACT, f"The manifest cannot be read: {error}.") from error
    if problem := _problem(manifest, name):
        raise Refused(Refusal.CONTRACT, problem)
    if manifest.encoding.lower() not in ENCODINGS:
        raise Refused(Refusal.ENCODING, f"The encoding {manifest.encoding!r} is not one of {ENCODINGS}.")
    return manifest


def _problem(manifest: Manifest, name: PairName) -> str:
    if manifest.contract != CONTRACT:
        return f"The contract {manifest.contract!r} is not {CONTRACT!r}."
    if (manifest.kind, manifest.sequence) != (name.kind, name.sequence):
        return f"The manifest is of {manifest.kind} {manifest.sequence}, not of {name.stem}."
    if manifest.separator not in SEPARATORS and name.kind != JOURNAL:
        return f"The separator {manifest.separator!r} is not one of {SEPARATORS}."
    if manifest.decimal not in DECIMAL_MARKS:
        return f"The decimal mark {manifest.decimal!r} is not one of {DECIMAL_MARKS}."
    if manifest.created_at.tzinfo is None:
        return "created_at is without a time zone."
    if name.kind == "stock" and (manifest.as_of is None or manifest.as_of.tzinfo is None):
        return "A manifest of stock needs as_of, in UTC."
    return ""


def decode_receipt(content: bytes, name: PairName) -> FileReceipt:
    """UnexpectedAnswer when it is not a receipt for `name`."""
    try:
        receipt = msgspec.json.decode(content, type=FileReceipt, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnexpectedAnswer(f"The receipt {name.receipt} cannot be read: {error}.") from error
    if (receipt.contract, receipt.kind, receipt.sequence) != (CONTRACT, name.kind, name.sequence):
        raise UnexpectedAnswer(f"The receipt {name.receipt} is not of this contract or not of this pair.")
    return receipt
