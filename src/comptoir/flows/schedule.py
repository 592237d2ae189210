"""When each flow runs next on each channel. The schedule is the retry: nothing else repeats anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.flows.connect import UnknownConnector, capabilities
from comptoir.flows.models import Turn
from comptoir.flows.registry import Flow, flows
from comptoir.journal.models import Run

LONGEST_BACKOFF = timedelta(minutes=15)
RETRY_FIRST = timedelta(seconds=20)
CLOCK_TOLERANCE = timedelta(minutes=1)
"""Clocks of several machines may differ by so much."""


@dataclass(frozen=True)
class Due:
    flow: str
    channel: str
    due_at: datetime


def interval(flow: Flow, channel: Channel) -> timedelta:
    seconds = channel.intervals.get(flow.name)
    return flow.every if seconds is None else timedelta(seconds=float(seconds))


def plan_turns() -> None:
    """One Turn per flow and channel that suits it; new ones are due at once."""
    wanted = {(f.name, "") for f in flows().values() if f.role is None}
    for channel in Channel.objects.all():
        wanted |= {(f.name, channel.key) for f in flows().values() if _suits(f, channel)}
    known = set(Turn.objects.values_list("flow", "channel"))
    now = clock.now()
    _after_a_clock_put_back(now)
    Turn.objects.bulk_create(
        [Turn(flow=name, channel=key, due_at=now) for name, key in sorted(wanted - known)],
        ignore_conflicts=True,
    )


def _after_a_clock_put_back(now: datetime) -> None:
    """What ran in the future ran before the clock was put back: it would wait until then. It is due now."""
    future = now + CLOCK_TOLERANCE
    ran = Q(started_at__gt=future) | Q(ended_at__gt=future) | Q(succeeded_at__gt=future)
    Turn.objects.filter(ran).update(due_at=now, started_at=None, ended_at=None, succeeded_at=None)


def due_turns(now: datetime) -> list[Due]:
    """What should run now, the longest overdue first. Paused flows and channels that are not active wait."""
    active = {"", *Channel.objects.filter(state=Channel.State.ACTIVE).values_list("key", flat=True)}
    found = Turn.objects.filter(due_at__lte=now, paused=False, flow__in=flows()).order_by("due_at", "id")
    return [Due(t.flow, t.channel, t.due_at) for t in found if t.channel in active]


def next_due_at() -> datetime | None:
    active = {"", *Channel.objects.filter(state=Channel.State.ACTIVE).values_list("key", flat=True)}
    found = Turn.objects.filter(paused=False, channel__in=active, flow__in=flows()).order_by("due_at")
    return found.values_list("due_at", flat=True).first()


def start_turn(flow: Flow, channel: Channel) -> None:
    """Not due again while it runs; if its worker dies, it is due again one interval from now."""
    now = clock.now()
    _set(flow, channel, started_at=now, due_at=now + interval(flow, channel))


def hasten(name: str, channel: Channel, *, waiting: bool = False, pause: timedelta = timedelta()) -> bool:
    """Due now instead of later; False when it is so already, or began less than `pause` ago.

    `waiting`: only where its last turn had to wait for something.
    """
    now = clock.now()
    found = Turn.objects.filter(flow=name, channel=channel.key, due_at__gt=now)
    if waiting:
        found = found.filter(started_at__isnull=False).filter(
            Q(succeeded_at__isnull=True) | Q(succeeded_at__lt=F("started_at"))
        )
    if pause:
        found = found.filter(Q(started_at__isnull=True) | Q(started_at__lte=now - pause))
    return bool(found.update(due_at=now))


def skip_turn(flow: Flow, channel: Channel) -> None:
    """There is nothing to do: as good as done."""
    now = clock.now()
    _set(flow, channel, due_at=now + interval(flow, channel), succeeded_at=now, failures=0)


# Written by each run, whatever it does: in plain SQL a third of what the ORM costs, and no field of a person's is
# written back (`paused`, which may have changed meanwhile).
def _set(flow: Flow, channel: Channel, **values: object) -> None:
    names = ", ".join(f"{name} = %({name})s" for name in values)
    where: dict[str, Any] = {"flow": flow.name, "channel": channel.key}
    if not execute(f"UPDATE flows_turn SET {names} {_OF_TURN}", {**values, **where}):  # noqa: S608 - our names
        Turn.objects.update_or_create(**where, defaults=values)


_OF_TURN = "WHERE flow = %(flow)s AND channel = %(channel)s"
_FINISHED = f"""
UPDATE flows_turn SET ended_at = %(now)s, succeeded_at = %(now)s, failures = 0,
    due_at = greatest(coalesce(started_at, %(now)s) + %(every)s, %(now)s)
{_OF_TURN}
"""  # noqa: S608
_FAILED = f"UPDATE flows_turn SET ended_at = %(now)s, failures = failures + 1 {_OF_TURN} RETURNING failures"  # noqa: S608


def finish_turn(flow: Flow, channel: Channel, run: Run, retry_after: timedelta | None) -> int:
    """Set the next turn from how this one ended; how many times in a row it failed."""
    now, every = clock.now(), interval(flow, channel)
    values = {"flow": flow.name, "channel": channel.key, "now": now, "every": every}
    if run.outcome in (Run.Outcome.SUCCEEDED, Run.Outcome.PARTIAL):
        execute(_FINISHED, values)
        return 0
    if run.outcome == Run.Outcome.WAITING:
        wait = min(every, LONGEST_BACKOFF) if retry_after is None else retry_after
        _set(flow, channel, ended_at=now, due_at=now + wait)
        return 0
    failures = int(fetch(_FAILED, values)[0][0])
    backoff = min(RETRY_FIRST * 2 ** min(failures - 1, 10), LONGEST_BACKOFF)
    _set(flow, channel, due_at=now + max(retry_after or backoff, timedelta(seconds=1)))
    return failures


def _suits(flow: Flow, channel: Channel) -> bool:
    if flow.role is None or flow.role.value != channel.role:
        return False
    try:
        return flow.suits(capabilities(channel))
    except UnknownConnector:
        return False
