"""`comptoir up`: everything, from nothing, in one terminal.

lock the data folder ─▶ database ─▶ bazaar ─▶ tables, first user, demo ─▶ web and workers ─▶ watch
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from rich.console import Console
from rich.panel import Panel

from comptoir.config import programs
from comptoir.config.console import Voice
from comptoir.config.embedded_service import EmbeddedService
from comptoir.config.environment import load_secrets
from comptoir.config.first_start import demo_is_set_up, read_sign_in
from comptoir.config.folders import make_writable_folder
from comptoir.config.lock import FolderLock
from comptoir.config.phases import Phases
from comptoir.config.played_erp import played_erp
from comptoir.config.ports import require_free
from comptoir.config.prepared import note_prepared, still_prepared
from comptoir.config.programs import UpOptions
from comptoir.config.supervision import StopAsked, Supervisor, stopped_by_signals


def up(options: UpOptions, console: Console) -> None:
    """Runs until Ctrl-C or SIGTERM. Raises StartupProblem."""
    make_writable_folder(options.data)
    lock = FolderLock(
        options.data / "comptoir.lock",
        f"Comptoir already runs on {options.data}",
        "Stop that one first, or choose another folder: comptoir up --data FOLDER.",
    )
    lock.take()
    try:
        _require_ports(options)
        if options.world:
            played_erp(options.data, options.erp)  # says so now when it cannot be
        (options.data / "static").mkdir(exist_ok=True)  # whitenoise warns when it is not there
        load_secrets(options.data)  # made here once, before several children want them
        _supervise(options, console)
    finally:
        lock.release()


def _require_ports(options: UpOptions) -> None:
    require_free(options.port, "comptoir up --port", options.host)
    if options.world:
        require_free(options.world_port, "comptoir up --world-port")


def _supervise(options: UpOptions, console: Console) -> None:
    voice = Voice(console, options.verbose)
    supervisor = Supervisor(options.data / "logs", voice.say)
    with stopped_by_signals(supervisor):
        try:
            _start_all(supervisor, options, console)
            voice.started()
            supervisor.watch()
        except StopAsked:
            voice.say("comptoir", "asked to stop before everything was started")
        finally:
            console.print("Stopping…")
    console.print("Stopped. Everything is kept; the next start goes on from here.")


def _start_all(supervisor: Supervisor, options: UpOptions, console: Console) -> None:
    phases = Phases()
    with phases.waiting_for("database"):
        environment = programs.child_environment(options, _start_database(supervisor, options))
    ready = _is_prepared(options, environment["DATABASE_URL"])
    with console.status("Starting…"):
        bazaar = supervisor.spawn(programs.world(options, environment)) if options.world else None
        # A later start has its tables and its demo: what takes long to load does so while that is made sure of.
        web = supervisor.spawn(programs.web(options, environment)) if demo_is_set_up(options.data) else None
        if bazaar and not ready:
            with phases.waiting_for("world"):
                supervisor.wait_until_ready(bazaar)  # the demo connects to it, and asks it where it is
        if not ready:
            with phases.waiting_for("tables and demo"):
                _prepare(supervisor, options, environment)
        for number in range(1, options.workers + 1):
            supervisor.spawn(programs.comptoir(f"worker-{number}", "worker", environment=environment))
        with phases.waiting_for("web"):
            supervisor.wait_until_ready(web or supervisor.spawn(programs.web(options, environment)))
        if bazaar:
            with phases.waiting_for("world"):
                supervisor.wait_until_ready(bazaar)
    console.print(phases.told())
    console.print(_welcome(options))


def _prepare(supervisor: Supervisor, options: UpOptions, environment: Mapping[str, str]) -> None:
    supervisor.run(programs.comptoir("prepare", *_prepare_arguments(options), environment=environment))
    note_prepared(options.data, environment["DATABASE_URL"], _world_port(options))


def _is_prepared(options: UpOptions, url: str) -> bool:
    demo = demo_is_set_up(options.data) or not options.world
    return demo and still_prepared(options.data, url, _world_port(options))


def _world_port(options: UpOptions) -> int | None:
    return options.world_port if options.world else None


def _start_database(supervisor: Supervisor, options: UpOptions) -> str:
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    service = EmbeddedService(options.data)
    supervisor.add(service)
    return service.url


def _prepare_arguments(options: UpOptions) -> list[str]:
    world = ["--world", str(options.world_file)] if options.world else []
    return ["prepare", *world]


def _welcome(options: UpOptions) -> Panel:
    """One address, and how to sign in."""
    lines = [f"[bold]http://{options.host}:{options.port}/[/bold]"]
    known = read_sign_in(options.data)
    if known is not None:
        lines += [f"e-mail    {known[0]}", f"password  {known[1]}"]
    lines += ["", "Ctrl-C stops everything and keeps everything."]
    return Panel("\n".join(lines), title="Comptoir", expand=False)
