"""How this Sage 100 behaves. Durations are in virtual time."""

from __future__ import annotations

import msgspec

from bazaar.sage.tables import PROFILES


class SageSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    database: str
    """postgresql://… of the company file's own database; its tables are made when they are not there."""
    reader: str = ""
    """The same database for a login that may only read: what a hub is given. "": `database`."""
    profile: str = "v12"
    api_key: str = "pont-secret-key"
    client: str = "MKDIVERS"
    """The generic customer that every marketplace order is invoiced to."""
    prepare_min_minutes: int = 20
    prepare_max_minutes: int = 240
    invoice_after_hours: int = 10
    split_rate: float = 0.08  # part of the orders of which a remainder leaves later
    supplier_hours: int = 24
    restock_on_short: bool = True
    restock_after_hours: int = 24
    return_after_hours: int = 48
    credit_rate: float = 0.1
    """Part of the invoices of which an article is credited by somebody in Sage, not by the hub."""
    credit_after_hours: int = 2
    time_zone: str = "Europe/Paris"
    carriers: tuple[str, ...] = ("COLISSIMO", "CHRONOPOST", "MONDIAL RELAY", "DPD")

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise ValueError(f"unknown profile {self.profile!r}: {', '.join(PROFILES)}")
