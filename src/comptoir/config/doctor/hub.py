"""Checks of the hub's own tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from comptoir.config.database import open_hub
from comptoir.config.doctor.verdict import Verdict, bad, good, warning
from comptoir.config.tables import missing_migrations

# The database's clock judges: it writes the beats of the workers too.
LIVING_WORKERS = """
SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)
"""
STALLED_JOBS = """
SELECT count(*) FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
"""


def examine(*, deep: bool = False) -> list[Verdict]:
    """The tables first: without them nothing else can be asked."""
    open_hub()
    try:
        tables = migrations()
        if tables.is_bad:
            return [tables]
        return [
            tables,
            workers(),
            stalled_jobs(),
            suspended_channels(),
            calendars(),
            *([data()] if deep else []),
        ]
    except DatabaseError as error:  # it may stop, or its rights may lack, while we look
        return [bad("Tables", str(error).strip(), "Look at the log of PostgreSQL.")]


def migrations() -> Verdict:
    missing = missing_migrations()
    if missing:
        return bad("Tables", f"{missing} migrations are missing", "comptoir migrate")
    return good("Tables", "up to date")


def workers() -> Verdict:
    living = _count(LIVING_WORKERS)
    if living == 0:
        return bad("Workers", "none is alive: no flow runs", "comptoir worker (or comptoir up)")
    return good("Workers", f"{living} alive")


def stalled_jobs() -> Verdict:
    stalled = _count(STALLED_JOBS)
    if stalled:
        return warning(
            "Jobs", f"{stalled} lost their worker", "A living worker takes them up within a minute."
        )
    return good("Jobs", "none is stalled")


def suspended_channels() -> Verdict:
    from comptoir.channels.models import Channel

    stopped = Channel.objects.exclude(state=Channel.State.ACTIVE).order_by("key")
    if not stopped:
        return good("Channels", f"{Channel.objects.count()} active")
    finding = "; ".join(f"{channel.key} {channel.state}: {channel.state_reason}" for channel in stopped)
    return warning("Channels", finding, "comptoir channel test KEY, then comptoir channel resume KEY")


def calendars() -> Verdict:
    from comptoir.inventory.calendars import lost_holidays
    from comptoir.inventory.models import WorkCalendar

    kept = list(WorkCalendar.objects.select_related("warehouse"))
    lost = sorted({lost_holidays(calendar) for calendar in kept} - {""})
    if lost:
        finding = f"no public holidays are known any more of {', '.join(lost)}: they are not counted"
        return warning(
            "Calendars", finding, "Choose another country or region: Offers, Preparation times, Calendar."
        )
    return good("Calendars", f"{len(kept)}, with all their holidays")


def data() -> Verdict:
    from comptoir.flows.invariants import INVARIANTS, find_breaches

    breaches = find_breaches()
    if breaches:
        first = breaches[0]
        finding = f"{len(breaches)} breaches; the first: {first.rule}: {first.subject}: {first.finding}"
        return bad("Data", finding, "comptoir verify-data")
    return good("Data", f"{sum(not one.at_rest for one in INVARIANTS)} rules hold")


def _count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, [settings.WORKER_DEAD_AFTER_SECONDS])
        row: tuple[Any, ...] | None = cursor.fetchone()
    assert row is not None
    return int(row[0])
