"""Sage's local instants, and the instant of a departure."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from comptoir.connectors.sage100.database import Row
from comptoir.connectors.sage100.progress import NEVER

_NEVER_YEAR = NEVER.year


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


def to_local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, microsecond=0)


def left_at(row: Row, zone: ZoneInfo) -> datetime:
    """When the units of a delivery note left.

    Its own instant where it has one; else the note's day and hour; once it is invoiced, only its day is left.
    """
    sent: datetime | None = row["do_dateexpedition"]
    if sent is not None and sent.year > _NEVER_YEAR:
        return to_utc(sent, zone)
    if row["do_type"] == 3:
        return to_utc(datetime.combine(row["do_date"].date(), _hour(row["do_heure"])), zone)
    day = (
        row["dl_datebl"]
        if row["dl_datebl"] is not None and row["dl_datebl"].year > _NEVER_YEAR
        else row["do_date"]
    )
    return to_utc(datetime.combine(day.date(), time()), zone)


def _hour(text: str | None) -> time:
    """DO_Heure: nine characters, HHMMSS at their end."""
    digits = (text or "").strip()[-6:]
    if len(digits) != 6 or not digits.isdigit():
        return time()
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    return time(hours % 24, minutes % 60, seconds % 60)
