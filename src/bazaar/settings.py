"""What `bazaar serve` is asked to play: from the command line, over a TOML file."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec


class ServeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of a start. `parties` and `faults` come from the TOML file only."""

    host: str = "127.0.0.1"
    port: int = 8700
    seed: int = 1
    party: list[str] = []  # "mirakl" or "mirakl:2"
    erp_folder: str = ""
    sage_database: str = ""  # postgresql://… of a company file: plays a Sage 100 as the ERP
    sage_reader: str = ""  # the same for the login that a hub is given
    products: int = 200
    scarce: bool = False
    orders_per_hour: float = 120.0
    speed: float = 1.0  # 0: the clock is pushed by hand
    start: datetime | None = None
    data: str = ""
    faults: str = "none"
    ready_file: str = ""
    parties: dict[str, dict[str, Any]] = {}  # by kind, then by key

    def party_settings(self, kind: str, key: str) -> dict[str, object]:
        return {**self.parties.get(kind, {}), **self.parties.get(key, {})}

    def wanted(self) -> list[tuple[str, str]]:
        """`(kind, key)` of each party: `mirakl:2` is `mirakl-1` and `mirakl-2`."""
        found: list[tuple[str, str]] = [("erp_files", "erp")] if self.erp_folder else []
        found += [("sage", "sage")] if self.sage_database else []
        for text in self.party:
            kind, _, count = text.partition(":")
            found += [(kind, f"{kind.replace('_', '-')}-{n}") for n in range(1, int(count or "1") + 1)]
        return found


def read_settings(config: Path | None, given: dict[str, object]) -> ServeSettings:
    """The file's values, with those `given` on the command line (None: not given) over them."""
    values: dict[str, object] = tomllib.loads(config.read_text("utf-8")) if config else {}
    values |= {name: value for name, value in given.items() if value is not None}
    settings = msgspec.convert(values, ServeSettings)
    if settings.start is not None and settings.start.tzinfo is None:
        raise ValueError("the start needs a time zone: 2026-11-23T08:00:00Z")
    return settings
