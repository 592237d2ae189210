"""What a rehearsal is asked to play."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ERPS = ("files", "sage100", "sage_x3")
FAULTS = ("none", "mild", "harsh")


class BadOption(ValueError):  # noqa: N818
    """An option that makes no sense, in words for the command line."""


@dataclass(frozen=True)
class Options:
    seed: int = 1
    orders: int = 500
    channels: tuple[str, ...] = ("mirakl", "mirakl")
    erp: str = "files"
    faults: str = "none"
    replay: Path | None = None
    scarce: bool = False
    products: int = 200
    json: bool = False
    start: datetime = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    day: timedelta = timedelta(hours=16)

    @property
    def opening(self) -> timedelta:
        """Before the first buyer: products come from the ERP, then offers are created."""
        return timedelta(hours=24 if self.replay else 1)

    @property
    def doors_open(self) -> datetime:
        return self.start + self.opening


def parse_channels(text: str) -> tuple[str, ...]:
    """`mirakl,mirakl` or a number of Mirakl instances."""
    if text.isdigit():
        if not 1 <= int(text) <= 20:
            raise BadOption("--channels: from 1 to 20 instances")
        return ("mirakl",) * int(text)
    kinds = tuple(kind.strip() for kind in text.split(",") if kind.strip())
    if not kinds:
        raise BadOption("--channels: a number, or kinds such as mirakl,mirakl")
    return kinds
