"""`comptoir rehearse`: everything from the stage to the verdict."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from comptoir.rehearsal.options import BadOption, Options
from comptoir.rehearsal.world import World, WorldRefused, instant
from comptoir.sdk.connector import Role

if TYPE_CHECKING:
    from comptoir.rehearsal.day import Day

SETTLE_AT_MOST = timedelta(days=6)
DAY_S = 24 * 3600
REPLAY_STEP = timedelta(hours=12)
# Months in minutes: what re-reads everything by night, or by the quarter of an hour, does so less often. Every order
# is still read a second time, since a reconciliation looks back over five days. Orders are read once in a step, and
# the escrow of the last units must know that: a channel unread for a step is not a silent one.
_REPLAY_INTERVALS = {
    "import_orders": int(REPLAY_STEP.total_seconds()),
    "reconcile_orders": 4 * DAY_S, "read_back_offers": 14 * DAY_S, "watch_prices": 14 * DAY_S,
}  # fmt: skip
# Of the house: what looks at the whole stock by the quarter of an hour, or four times a day.
_REPLAY_RARELY = {flow: timedelta(days=1) for flow in ("measure_demand", "share_units", "check_stock")}


def run(options: Options, folder: Path) -> bool:
    """Play and judge, on a database and in a folder of its own. True when hub, ERP and ledger agree."""
    console = Console(stderr=options.json)
    started = time.monotonic()
    with World(options, folder) as world:
        return _play(options, world, console, started)


def _play(options: Options, world: World, console: Console, started: float) -> bool:
    # Imported once Django stands on the stage's own database.
    from comptoir.rehearsal.judge import judge
    from comptoir.rehearsal.report import as_line, as_object, print_report

    replay, end = _plan(options, world)
    _perform(options, world, end, console)
    verdict = judge(world, options.erp, replayed=options.replay is not None)
    told = as_object(options, verdict, world.faults_injected(), time.monotonic() - started)
    print_report(console, told, verdict, replay)
    if options.json:
        print(as_line(told))  # noqa: T201 - the one line that programs read
    return verdict.passed


def _plan(options: Options, world: World) -> tuple[dict[str, Any] | None, datetime]:
    """What the buyers will do, and when the last of them has done it."""
    if options.replay is None:
        world.plan_day()
        return None, options.doors_open + options.day
    try:
        told = world.plan_replay(options.replay)
    except WorldRefused as error:
        raise BadOption(f"{options.replay.name} cannot be replayed: {error}") from error
    shown = {k: told[k] for k in ("rows", "invoices", "sale_lines", "return_rows", "returns", "set_aside")}
    return shown, instant(told["last_at"]) + timedelta(minutes=1)


def _perform(options: Options, world: World, end: datetime, console: Console) -> None:
    from comptoir.finance.credit_notes import set_rule
    from comptoir.rehearsal.connecting import connect_parties, offer_everything
    from comptoir.rehearsal.day import Day
    from comptoir.rehearsal.processes import Processes

    step = REPLAY_STEP if options.replay else timedelta(minutes=1)
    with _progress(console) as bar, Day(world, options.start, workers=Processes()) as day:
        channels = connect_parties(world.parties, **_rules(options))
        for channel in channels:
            if channel.role == Role.MARKETPLACE:
                set_rule(channel.pk, automatic=True, actor="rehearsal")
        if options.replay:
            day.rarely = _REPLAY_RARELY
        morning = timedelta(hours=1) if options.replay else timedelta(minutes=1)
        day.run_until(
            options.start + options.opening / 2, step=morning
        )  # products and stock come from the ERP
        offer_everything(channels)
        day.run_until(options.doors_open, step=morning)
        world.set_faults(options.faults)
        _watch(bar, day, "selling", end)
        day.run_until(end, step=step)
        world.set_faults("none")
        settled_by = end + SETTLE_AT_MOST
        if options.replay:
            step, settled_by = REPLAY_STEP / 2, end + 2 * SETTLE_AT_MOST
            # Nothing sells any more: measured every day, the last units would be shared otherwise every day.
            day.rarely = {**_REPLAY_RARELY, "measure_demand": 2 * SETTLE_AT_MOST}
        _watch(bar, day, "settling", settled_by)
        day.settle(settled_by, step=max(step, timedelta(minutes=2)))


def _rules(options: Options) -> dict[str, Any]:
    """In a replayed file prices move from sale to sale, and every one of them was really agreed."""
    return {"price_drop_tolerance": 100, "intervals": _REPLAY_INTERVALS} if options.replay else {}


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[at]}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, transient=True, refresh_per_second=2)


def _watch(bar: Progress, day: Day, words: str, end: datetime) -> None:
    start = day.now
    for task in bar.task_ids:
        bar.remove_task(task)
    task = bar.add_task(words, total=(end - start).total_seconds(), at="")
    day.progress = lambda now: bar.update(
        task, completed=(now - start).total_seconds(), at=f"{now:%d/%m %H:%M}"
    )
