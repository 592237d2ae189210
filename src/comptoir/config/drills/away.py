"""A channel is down for a day while its buyers go on buying; then it is back with all their orders at once.

None is lost or doubled, the other channels keep their rhythm the whole time, and the workers their size.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from comptoir.config.drills.theatre import SETTLE_AT_MOST, Outcome, Size, Theatre, theatre

if TYPE_CHECKING:
    from comptoir.channels.models import Channel
    from comptoir.config.drills.day import DrilledDay

A_DAY = timedelta(days=1)
STEP = timedelta(minutes=20)
SILENT_AT_MOST = 2 * STEP
"""Between two looks at the orders of a channel that is well. A step of the drill is longer than its interval."""
MEMORY_MB = 300.0
ORDERS_PER_S = 10
"""A loaded machine takes, accepts, exports and ships at least so many: how long the drill waits for the end."""
ELSEWHERE = 20
"""One buyer on the other channels for so many on the one that is away."""


def stay_away(size: Size) -> Outcome:
    outcome = Outcome("away")
    with theatre(size) as stage:
        from comptoir.config.drills.day import DrilledDay

        with DrilledDay(stage.world, size.options().start, stage.clock, stage.tend) as day:
            markets = [c for c in stage.open_doors(day) if c.role == "marketplace"]
            _play(stage, day, markets[0], markets[1:], outcome)
        outcome.facts["worker_peak_mb"] = peak = stage.workers.peak_mb()
        if peak > MEMORY_MB:
            outcome.wrong.append(f"a worker took {peak} MB, {MEMORY_MB:.0f} are allowed")
        stage.workers.stop()
        # A channel that is away goes on selling what it showed last, and the others what they show: beyond the last
        # units in escrow both may sell the same one, and nobody can know. It is counted, for who chooses a buffer.
        stage.judge(outcome, oversold_is_told_only=True)
    return outcome


def _play(stage: Theatre, day: DrilledDay, away: Channel, others: list[Channel], outcome: Outcome) -> None:
    world, size, doors = stage.world, stage.size, day.now
    world.set_faults(size.faults)
    world.take_away(away.key)
    world.plan_buyers(size.orders, A_DAY, key="away", parties=[away.key])
    world.plan_buyers(
        max(10, size.orders // ELSEWHERE), A_DAY, key="elsewhere", parties=[c.key for c in others]
    )
    day.run_until(doors + A_DAY, step=STEP)
    outcome.facts["orders_before"] = before = _orders(away)
    if before:
        outcome.wrong.append(f"{before} orders came from {away.key} while it was away: it was not")
    world.bring_back(away.key)
    outcome.blows = 1
    waiting = sum(order["party"] == away.key for order in world.orders())
    began, back = time.monotonic(), day.now
    day.settle_s = max(day.settle_s, size.orders / ORDERS_PER_S)
    while _orders(away) < waiting and time.monotonic() - began < day.settle_s:
        day.run_until(day.now + STEP, step=STEP)
    outcome.facts |= {
        "orders_away": waiting,
        "caught_up_s": round(time.monotonic() - began, 1),
        "caught_up_virtual_minutes": round((day.now - back) / timedelta(minutes=1)),
    }
    for channel in others:
        silent = _longest_silence(channel, doors, day.now)
        outcome.facts["others_silent_minutes"] = max(
            outcome.facts.get("others_silent_minutes", 0), round(silent / timedelta(minutes=1))
        )
        if silent > SILENT_AT_MOST:
            outcome.wrong.append(f"nobody looked at {channel.key} for {silent}")
    world.set_faults("none")
    day.settle(day.now + SETTLE_AT_MOST, step=3 * STEP)
    outcome.facts["seconds"] = round(time.monotonic() - began, 1)


def _orders(channel: Channel) -> int:
    from comptoir.orders.models import Order

    return Order.objects.filter(channel=channel).count()


def _longest_silence(channel: Channel, start: datetime, end: datetime) -> timedelta:
    """Between two runs of the import of orders, in virtual time."""
    from comptoir.journal.models import Run

    runs = Run.objects.filter(channel=channel.key, flow="import_orders", started_at__range=(start, end))
    looked = [start, *runs.order_by("started_at").values_list("started_at", flat=True), end]
    return max(later - sooner for sooner, later in pairwise(looked))
