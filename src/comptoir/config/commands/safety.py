"""`comptoir backup`, `restore`, `verify`, `verify-data`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.status import Status

from comptoir.config.commands.options import Data
from comptoir.config.database import open_hub

if TYPE_CHECKING:
    from comptoir.config.backup.archive import Manifest

SHOWN = 20
File = Annotated[Path, typer.Argument(help="The backup.")]


def backup(file: File, data: Data = None) -> None:
    """Save the whole database, as it is now, in one file. The hub goes on working meanwhile."""
    open_hub()
    from comptoir.config.backup.take import take_backup

    with _while("Counting the rows, then saving") as status:
        manifest = take_backup(file, lambda size: status.update(f"Saving: {size / 1e6:,.0f} MB written…"))
    _tell(manifest, f"saved in {file}")
    typer.echo(
        "The sealing keys are NOT in it: keep a copy of secrets.json (or of COMPTOIR_SEALING_KEYS) elsewhere. "
        "Without them the channels' passwords of this backup cannot be opened.",
        err=True,
    )


def verify(
    file: File,
    quick: Annotated[bool, typer.Option("--quick", help="Check the file alone; restore nothing.")] = False,
    data: Data = None,
) -> None:
    """Restore a backup beside, compare it row by row with what was saved, and drop that again."""
    open_hub()
    from comptoir.config.backup.archive import check_dump, read_manifest
    from comptoir.config.backup.restore import verify_backup

    with _while("Reading the file" if quick else "Restoring beside, and comparing row by row"):
        if quick:
            manifest = read_manifest(file)
            check_dump(file, manifest)
        else:
            manifest = verify_backup(file)
    _tell(manifest, "the file is whole" if quick else "restored, and equal to what was saved")
    _warn_of_keys(manifest)


def restore(
    file: File,
    replace: Annotated[bool, typer.Option("--replace", help="Empty the database first.")] = False,
    data: Data = None,
) -> None:
    """Put a backup into the database. Every channel is paused: what happened since is known to them alone."""
    open_hub()
    from comptoir.config.backup.restore import restore_backup

    with _while("Restoring, and comparing row by row"):
        manifest = restore_backup(file, replace=replace)
    _tell(manifest, "restored, and equal to what was saved")
    _warn_of_keys(manifest)
    typer.echo(
        "Every channel is paused. Next: comptoir migrate, comptoir verify-data, then resume them one by one."
    )


def verify_data(
    at_rest: Annotated[bool, typer.Option("--at-rest", help="Nothing may be under way either.")] = False,
    data: Data = None,
) -> None:
    """Ask everything that must always be true of the data. The exit code is 1 when something is not."""
    open_hub()
    from comptoir.flows.invariants import INVARIANTS, find_breaches

    with _while("Asking"):
        breaches = find_breaches(at_rest=at_rest)
    by_rule = Counter(breach.rule for breach in breaches)
    for one in INVARIANTS:
        if one.at_rest and not at_rest:
            continue
        count = by_rule[one.rule]
        typer.echo(f"{'✗' if count else '✓'} {one.rule}" + (f": {count} times not" if count else ""))
        for breach in [b for b in breaches if b.rule == one.rule][:SHOWN]:
            typer.echo(f"    {breach.subject}: {breach.finding}")
        if count > SHOWN:
            typer.echo(f"    … and {count - SHOWN} more")
    raise typer.Exit(1 if breaches else 0)


def _while(words: str) -> Status:
    """Something moves at the terminal while it takes; nothing where there is none, such as in a log."""
    return Console(stderr=True).status(f"{words}…")


def _tell(manifest: Manifest, what: str) -> None:
    rows = sum(count.rows for count in manifest.census.values())
    tables = len(manifest.census)
    typer.echo(f"{manifest.made_at}: {rows} rows of {tables} tables, {manifest.dump_bytes} bytes: {what}.")


def _warn_of_keys(manifest: Manifest) -> None:
    from django.conf import settings

    from comptoir.config.backup.keys import missing

    if lacking := missing(manifest.keys, settings.SEALING_KEYS):
        typer.echo(
            f"{len(lacking)} sealing keys of this backup are not here: the channels' passwords sealed by them "
            "cannot be opened. Put the kept secrets.json back, or type the passwords again.",
            err=True,
        )
