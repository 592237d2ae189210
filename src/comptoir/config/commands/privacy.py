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
