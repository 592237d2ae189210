"""The stage of a drill: a database, the world, real workers, and the verdict at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.core.management import call_command

from comptoir.config.drills.chaos import Chaos, until
from comptoir.config.drills.shared_clock import SharedClock
from comptoir.config.drills.troupe import Troupe
from comptoir.config.environment import load_secrets
from comptoir.config.postgres import EmbeddedPostgres
from comptoir.rehearsal.options import Options
from comptoir.rehearsal.world import World

if TYPE_CHECKING:
    from comptoir.channels.models import Channel
    from comptoir.config.drills.day import DrilledDay

DEAD_AFTER_S = 6
STEP = timedelta(minutes=10)
SETTLE_AT_MOST = timedelta(days=6)
EACH_BLOW_S = 120.0
"""How much longer than asked a drill goes on at most, until each kind of blow has fallen."""


@dataclass(frozen=True)
class Size:
    """How large a drill is played. `seconds`: for how long things go wrong, at least."""

    orders: int = 30
    products: int = 30
    seconds: float = 12.0
    workers: int = 2
    seed: int = 1
    faults: str = "none"
    scarce: bool = False
    hours: float = 3.0
    """Of virtual time, in which the buyers come."""

    def options(self) -> Options:
        return Options(
            seed=self.seed, orders=self.orders, products=self.products, faults=self.faults, scarce=self.scarce,
            day=timedelta(hours=self.hours),
        )  # fmt: skip


@dataclass
class Outcome:
    """What a drill found. It passed when `wrong` is empty and something did go wrong on purpose."""

    drill: str
    blows: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.wrong and self.blows > 0


@dataclass
class Theatre:
    folder: Path
    database: EmbeddedPostgres
    size: Size
    world: World
    clock: SharedClock
    workers: Troupe
    tenders: list[Callable[[], None]] = field(default_factory=list)
    """What else has to be looked after while the day goes on."""

    def tend(self) -> None:
        self.workers.tend()
        for look_after in self.tenders:
            look_after()

    def play(
        self,
        outcome: Outcome,
        blows: list[Callable[[], None]],
        pause: tuple[float, float],
        latency_s: float = 0.0,
    ) -> None:
        """A morning in peace, a day of trouble, peace again until all is settled; then the comparison.

        `latency_s`: how long the channels let us wait, so that work is always under way.
        """
        from comptoir.config.drills.day import IN_TROUBLE_S, PATIENCE_S, DrilledDay

        options = self.size.options()
        with DrilledDay(self.world, options.start, self.clock, self.tend) as day:
            self.open_doors(day)
            self.world.set_faults(self.size.faults)
            if latency_s:
                self.world.slow_down(latency_s)
            self.world.plan_day()
            chaos = Chaos(blows, self.size.seed, pause)
            began = time.monotonic()
            chaos.start()
            day.patience = IN_TROUBLE_S
            _trouble(day, options, began + self.size.seconds, chaos.has_struck_each_way)
            _until_calm(day, chaos)
            day.patience = PATIENCE_S
            chaos.end()
            self.world.set_faults("none")
            day.settle(day.now + SETTLE_AT_MOST, step=3 * STEP)
        outcome.blows += chaos.count
        outcome.facts["seconds"] = round(time.monotonic() - began, 1)
        outcome.facts["workers_started"] = self.workers.started
        self.workers.stop()
        self.judge(outcome)

    def open_doors(self, day: DrilledDay) -> list[Channel]:
        """The morning: products, stock, offers; then the first buyer may come."""
        from comptoir.rehearsal.connecting import connect_parties, offer_everything

        options = self.size.options()
        channels = connect_parties(self.world.parties)
        until(240, self._everybody_is_there, "the workers")
        day.run_until(options.start + options.opening / 2, step=STEP)
        if not offer_everything(channels):
            raise RuntimeError("the ERP told no product: nothing can be drilled")
        day.run_until(options.doors_open, step=STEP)
        return channels

    def _everybody_is_there(self) -> bool:
        from comptoir.core.bulk import fetch

        self.tend()
        return bool(fetch("SELECT count(*) >= %s FROM procrastinate_workers", [self.workers.size])[0][0])

    def judge(self, outcome: Outcome, *, oversold_is_told_only: bool = False) -> None:
        from comptoir.core.bulk import execute
        from comptoir.flows.invariants import find_breaches
        from comptoir.rehearsal.judge import judge

        # A tick that no worker of the drill takes: the schedule is told by the drill itself.
        execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'schedule'")
        verdict = judge(self.world, "files", replayed=oversold_is_told_only)
        outcome.facts |= {
            "orders": verdict.orders["placed"],
            "in_erp": verdict.orders["in_erp"],
            "oversold_units": verdict.stock["oversold_units"],
            "issues": verdict.issues["opened"],
        }
        outcome.wrong += verdict.disagreements
        outcome.wrong += [f"{b.rule}: {b.subject}: {b.finding}" for b in find_breaches(at_rest=True)]


def _trouble(day: DrilledDay, options: Options, at_least: float, enough: Callable[[], bool]) -> None:
    """Until the last buyer has bought, the seconds are over and everything went wrong once: the night is troubled
    too. A loaded machine needs longer for each blow."""
    day.run_until(options.doors_open + options.day, step=STEP)
    while time.monotonic() < at_least or (not enough() and time.monotonic() < at_least + EACH_BLOW_S):
        day.run_until(day.now + STEP, step=STEP)


def _until_calm(day: DrilledDay, chaos: Chaos) -> None:
    """A machine cut off at the last moment is taken over by workers whom the day tells what is due."""
    at_most = time.monotonic() + EACH_BLOW_S
    while not chaos.last_one_ended() and time.monotonic() < at_most:
        day.run_until(day.now + STEP, step=STEP)


@contextmanager
def theatre(size: Size, *, listen: str = "127.0.0.1", files: Path | None = None) -> Iterator[Theatre]:
    """`files`: where the database keeps its files; `prefix`: before each worker's command."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-drill-"))
    folder.chmod(0o755)
    database = EmbeddedPostgres(files or folder, profile="drill", listen=listen)
    try:
        open_stage(database.start(), folder)
        call_command("migrate", verbosity=0)
        options = size.options()
        clock = SharedClock(folder / "clock", options.start)
        troupe = Troupe(size.workers, folder / "clock", folder)
        with World(options, folder) as world:
            try:
                yield Theatre(folder, database, size, world, clock, troupe)
            finally:
                troupe.stop(seconds=1)
    finally:
        _close_connections()
        database.stop()
        database.remove()
        shutil.rmtree(folder, ignore_errors=True)


def open_stage(url: str, folder: Path) -> None:
    secrets = load_secrets(folder)
    os.environ.update(
        DATABASE_URL=url,
        COMPTOIR_DATA=str(folder),
        COMPTOIR_SECRET_KEY=secrets.secret_key,
        COMPTOIR_SEALING_KEYS=",".join(secrets.sealing_keys),
        COMPTOIR_ALLOW_LOOPBACK="1",
        COMPTOIR_WORKER_DEAD_AFTER=str(DEAD_AFTER_S),
        DJANGO_SETTINGS_MODULE="comptoir.config.settings",
    )
    django.setup()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
