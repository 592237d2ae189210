"""`comptoir drill`: break things on purpose, on a stage of its own, and see that nothing is lost."""

from __future__ import annotations

import json
import signal
import sys
from typing import Annotated

import typer

from comptoir.config.problems import StartupProblem


def drill(
    name: Annotated[str, typer.Argument(help="kill, failover, cut, disk, away; or all.")] = "all",
    orders: Annotated[int, typer.Option(min=1, help="How many buyers.")] = 300,
    seconds: Annotated[float, typer.Option(min=1, help="For how long things go wrong, at least.")] = 180,
    workers: Annotated[int, typer.Option(min=1, help="How many workers.")] = 3,
    seed: Annotated[int, typer.Option(help="Decides everything that chance decides.")] = 1,
    faults: Annotated[str, typer.Option(help="none, mild or harsh: what the channels do besides.")] = "harsh",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per drill.")] = False,
) -> None:
    """Kill programs, the database, the network, the disk or a channel on a simulated day, then compare all sides."""
    from comptoir.config.drills.registry import DRILLS, CannotBePlayed, play
    from comptoir.config.drills.theatre import Size

    if name != "all" and name not in DRILLS:
        raise StartupProblem(f"There is no drill `{name}`.", f"Choose one of: {', '.join(DRILLS)}, all.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the drill is told to leave as well
    size = Size(orders, max(30, orders // 4), seconds, workers, seed, faults)
    failed = False
    for chosen in DRILLS if name == "all" else (name,):
        try:
            outcome = play(chosen, size)
        except CannotBePlayed as reason:
            typer.echo(
                json.dumps({"drill": chosen, "skipped": str(reason)}) if as_json else f"{chosen}: {reason}"
            )
            continue
        failed = failed or not outcome.passed
        told = {"drill": chosen, "passed": outcome.passed, "blows": outcome.blows, **outcome.facts}
        if as_json:
            typer.echo(json.dumps({**told, "wrong": outcome.wrong}))
        else:
            typer.echo("  ".join(f"{key}={value}" for key, value in told.items()))
            for line in outcome.wrong:
                typer.echo(f"  {line}")
    raise typer.Exit(1 if failed else 0)
