"""The `bazaar` command."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bazaar.genesis import begin, party_kinds
from bazaar.server import serve as serve_world
from bazaar.settings import read_settings

app = typer.Typer(help="The outside world on a laptop: marketplaces, ERP and carriers.", no_args_is_help=True)


@app.callback()
def bazaar() -> None:
    """The outside world on a laptop."""


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="8700 by default; 0 takes a free one")] = None,
    host: Annotated[str | None, typer.Option(help="the address to listen on")] = None,
    seed: Annotated[int | None, typer.Option(help="decides everything that chance decides")] = None,
    party: Annotated[list[str] | None, typer.Option(help="a kind, or kind:count; may be repeated")] = None,
    erp_folder: Annotated[Path | None, typer.Option(help="play an ERP by files in this folder")] = None,
    sage_database: Annotated[
        str | None,
        typer.Option(help="play a Sage 100 on this PostgreSQL database", envvar="BAZAAR_SAGE_DATABASE"),
    ] = None,
    sage_reader: Annotated[
        str | None, typer.Option(help="the same for a login that only reads", envvar="BAZAAR_SAGE_READER")
    ] = None,
    products: Annotated[int | None, typer.Option(help="how many products the merchant has")] = None,
    scarce: Annotated[bool | None, typer.Option("--scarce", help="only a few units of each")] = None,
    orders_per_hour: Annotated[float | None, typer.Option(help="buyers per hour of the world's time")] = None,
    speed: Annotated[float | None, typer.Option(help="how many times faster than real time")] = None,
    manual_clock: Annotated[bool, typer.Option("--manual-clock", help="time moves only when pushed")] = False,
    start: Annotated[str | None, typer.Option(help="the world's first instant, ISO 8601 with zone")] = None,
    data: Annotated[Path | None, typer.Option(help="keep the world in this folder")] = None,
    faults: Annotated[str | None, typer.Option(help="none, mild or harsh")] = None,
    ready_file: Annotated[Path | None, typer.Option(help="written once the server listens")] = None,
    config: Annotated[
        Path | None, typer.Option(help="the same settings, and the parties' own, in TOML")
    ] = None,
) -> None:
    """Play the world until stopped."""
    given: dict[str, object] = {
        "port": port,
        "host": host,
        "seed": seed,
        "party": party or None,
        "products": products,
        "scarce": scarce,
        "erp_folder": _text(erp_folder),
        "sage_database": sage_database,
        "sage_reader": sage_reader,
        "orders_per_hour": orders_per_hour,
        "faults": faults,
        "start": start,
        "speed": 0.0 if manual_clock else speed,
        "data": _text(data),
        "ready_file": _text(ready_file),
    }
    try:
        settings = read_settings(config, given)
        world = begin(settings)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    asyncio.run(serve_world(world, settings, _say))


@app.command()
def kinds() -> None:
    """The kinds of parties that can be played."""
    for kind in party_kinds():
        typer.echo(kind)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _say(start: dict[str, object]) -> None:
    """The addresses and keys, for a person."""
    typer.echo(f"bazaar listens on {start['url']}, look at {start['admin']}")
    parties = start["parties"]
    assert isinstance(parties, list)
    for party in parties:
        typer.echo(f"  {party['key']}")
        for name, value in party.items():
            typer.echo(f"    {name}: {value}")
    sys.stdout.flush()


def main() -> None:
    app()
