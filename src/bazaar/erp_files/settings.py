"""How this ERP behaves. Durations are in virtual time."""

from __future__ import annotations

import msgspec

ENCODINGS = ("utf-8", "cp1252", "cp850", "iso-8859-15")
SEPARATORS = (";", ",", "\t")


class ErpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    folder: str
    warehouse: str = "MAIN"
    encoding: str = "utf-8"
    separator: str = ";"
    decimal: str = "."
    read_every_s: int = 60
    write_every_s: int = 60  # order_status and shipments
    stock_every_s: int = 300
    products_every_s: int = 600
    complete_stock_every: int = 12  # one stock file in so many is complete, the others tell changes
    prepare_min_minutes: int = 20
    prepare_max_minutes: int = 240
    split_rate: float = 0.08  # part of the shipments that leave in two parcels
    supplier_hours: int = 24
    restock_on_short: bool = True
    restock_after_hours: int = 24
    return_after_hours: int = 48
    invoice_after_hours: int = 10
    credit_rate: float = 0.1
    """Part of the invoices of which an article is credited by somebody there, not by the hub."""
    credit_after_hours: int = 2
    gap_alarm_minutes: int = 60
    late_receipt_minutes: int = 30
    carriers: tuple[str, ...] = ("COLISSIMO", "CHRONOPOST", "MONDIALRELAY", "DPD")

    def __post_init__(self) -> None:
        if self.encoding not in ENCODINGS or self.separator not in SEPARATORS or self.decimal not in ".,":
            raise ValueError("encoding, separator or decimal mark outside the file contract")
        if self.decimal == self.separator:
            raise ValueError("the decimal mark cannot be the separator")
