"""The `comptoir` command. Nothing of the hub is imported before the command that needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from comptoir.config.commands import (
    catalog,
    channels,
    drills,
    flows,
    offers,
    privacy,
    rehearsal,
    safety,
    users,
)
from comptoir.config.commands.options import Data
from comptoir.config.database import open_hub
from comptoir.config.environment import data_folder
from comptoir.config.problems import StartupProblem

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

app = typer.Typer(
    help="Comptoir, the seller hub anyone can run.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(users.app, name="user")
app.add_typer(channels.app, name="channel")
app.add_typer(flows.app, name="flow")
app.add_typer(offers.app, name="offer")
app.add_typer(catalog.app, name="catalog")
app.add_typer(privacy.app, name="privacy")
app.command("rehearse")(rehearsal.rehearse)
app.command("drill")(drills.drill)
app.command("backup")(safety.backup)
app.command("restore")(safety.restore)
app.command("verify")(safety.verify)
app.command("verify-data")(safety.verify_data)


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Where the back-office listens.")] = 8600,
    host: Annotated[str, typer.Option(help="127.0.0.1: this machine alone.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, help="Processes that run the flows.")] = 1,
    world: Annotated[bool, typer.Option(help="Play the marketplaces and the ERP.")] = True,
    world_port: Annotated[int, typer.Option(help="Where the simulated marketplaces listen.")] = 8700,
    party: Annotated[list[str] | None, typer.Option(help="Whom to play, such as mirakl:2.")] = None,
    erp: Annotated[str, typer.Option(help="Which ERP to play: files, sage100 or sage_x3.")] = "",
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the start of each program too.")] = False,
    data: Data = None,
) -> None:
    """Start everything: database, back-office, workers and the simulated world."""
    from comptoir.config.programs import UpOptions
    from comptoir.config.up import up as start

    options = UpOptions(
        data=data_folder(),
        host=host,
        port=port,
        workers=workers,
        world=world,
        world_port=world_port,
        erp=erp,
        parties=tuple(party) if party else UpOptions.parties,
        verbose=verbose,
    )
    start(options, Console())


@app.command()
def worker(
    concurrency: Annotated[int, typer.Option(min=1, help="Flows at once in this process.")] = 4,
    data: Data = None,
) -> None:
    """Run the flows: as many of these as wanted, on as many machines."""
    open_hub()
    from comptoir.config.worker import run_worker

    run_worker(concurrency=concurrency)


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the tables of the database up to this version."""
    open_hub()
    from django.core.management import call_command

    call_command("migrate", interactive=False)


@app.command(hidden=True)
def prepare(world: Annotated[Path | None, typer.Option()] = None, data: Data = None) -> None:
    """What `up` does once the database answers."""
    open_hub()
    from comptoir.config.preparation import prepare as prepare_hub

    prepare_hub(data_folder(), world)


@app.command()
def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="The data too: see verify-data.")] = False,
    data: Data = None,
) -> None:
    """Say what is wrong, and how to mend it. The exit code is 1 when something is."""
    from comptoir.config.doctor import examine
    from comptoir.config.doctor.report import show

    verdicts = examine(data_folder(), deep=deep)
    show(verdicts, Console())
    raise typer.Exit(1 if any(verdict.is_bad for verdict in verdicts) else 0)


@app.command(context_settings=PASS_ON)
def bench(context: typer.Context) -> None:
    """Measure, from a clone of the repository. `bench --help` has its options."""
    root = Path(__file__).resolve().parents[3]
    if not (root / "bench" / "__main__.py").exists():
        raise StartupProblem(
            "The benchmarks are not installed here.", "Run this from a clone of the repository."
        )
    command = [sys.executable, "-m", "bench", *context.args]
    raise typer.Exit(subprocess.run(command, cwd=root, check=False).returncode)  # noqa: S603


def main() -> None:
    """A StartupProblem is two sentences and the exit code 2; anything else is a fault of ours, shown whole."""
    try:
        app()
    except StartupProblem as problem:
        console = Console(stderr=True)
        console.print(problem.sentence, style="bold red", markup=False, highlight=False, soft_wrap=True)
        console.print(problem.mend, markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
