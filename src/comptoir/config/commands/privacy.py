"""`comptoir privacy …`"""

from __future__ import annotations

from typing import Annotated

import typer

from comptoir.config.commands.options import Data, actor
from comptoir.config.database import open_hub
from comptoir.config.problems import StartupProblem

app = typer.Typer(help="Buyers' data.", no_args_is_help=True)


@app.callback()
def privacy() -> None:
    """Buyers' data."""


@app.command()
def erase(
    order: Annotated[str, typer.Option(help="Our reference of one order.")] = "",
    buyer: Annotated[str, typer.Option(help="The buyer's e-mail address, as the channel gave it.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = None,
) -> None:
    """Forget a buyer for good: contacts, original messages and traces. Orders and amounts stay."""
    if bool(order) == bool(buyer.strip()):
        raise StartupProblem("Whose data?", "Give either --order REFERENCE or --buyer ADDRESS.")
    open_hub()
    from comptoir.orders.erasure import erase_buyers, orders_of

    found, waiting = orders_of(reference=order, buyer=buyer.strip())
    for one in waiting:
        typer.echo(f"{one.reference} is still to be sent: its address stays. Ask again once it has left.")
    if not found:
        raise StartupProblem("Nothing to erase.", "Look the reference or the address up in Orders.")
    typer.echo(f"To be forgotten for good: {', '.join(one.reference for one in found)}.")
    if not yes:
        typer.confirm("Nothing brings it back. Go on?", abort=True)
    done = erase_buyers(found, actor=actor())
    typer.echo(
        f"Erased: {done.orders} orders' contacts, {done.payloads} original messages, {done.exchanges} traces, "
        f"{done.issues} issues' details. Backups made before still hold them."
    )


@app.command()
def seal(
    anew: Annotated[
        bool, typer.Option("--anew", help="What is sealed already too, under today's data key.")
    ] = False,
    data: Data = None,
) -> None:
    """Seal buyers' data that an older release stored plainly. The hub does it by itself too; it may run meanwhile."""
    open_hub()
    from comptoir.orders.sealing import reseal_after, seal_plain

    done, last = 0, 0
    while sealed := seal_plain():
        done += sealed
    typer.echo(f"Sealed: the buyers of {done} orders.")
    while anew and (last := reseal_after(last)):
        typer.echo(f"Sealed anew up to order {last}.")


@app.command()
def rotate_key(
    finish: Annotated[
        bool, typer.Option("--finish", help="After a restart: close the rest again, and forget the old keys.")
    ] = False,
    data: Data = None,
) -> None:
    """Seal passwords, second factors and data keys with another key. In two steps, while the hub runs."""
    open_hub()
    from comptoir.config import key_rotation
    from comptoir.config.environment import data_folder
    from comptoir.journal.audit import record_change

    ours = not key_rotation.given_by_environment()
    if ours and not finish:
        key_rotation.add_key(data_folder())
    done = key_rotation.reseal_all()
    record_change(actor=actor(), action="sealing_key.rotated", subject_kind="installation", subject="sealing key",
                  after={"closed_again": done})  # fmt: skip
    typer.echo(f"Closed again with the newest key: {', '.join(f'{n} {name}' for name, n in done.items())}.")
    if not ours:
        typer.echo(
            "The keys come from COMPTOIR_SEALING_KEYS: once this is done, the old ones may be taken out of it."
        )
    elif finish:
        typer.echo(
            f"Forgotten: {key_rotation.forget_old_keys(data_folder())} old keys. Copy secrets.json anew."
        )
    else:
        typer.echo("Copy secrets.json, restart the hub, then run this again with --finish.")
