"""`comptoir flow …`"""

from __future__ import annotations

from typing import Annotated

import typer

from comptoir.config.commands.options import Data, actor
from comptoir.config.database import open_hub
from comptoir.config.problems import StartupProblem

app = typer.Typer(help="The exchanges with channels and the ERP.", no_args_is_help=True)


@app.callback()
def flows() -> None:
    """The exchanges with channels and the ERP."""


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="The flow, such as import_orders.")],
    channel: Annotated[str, typer.Option(help="The channel's key, where the flow is one of a channel.")] = "",
    data: Data = None,
) -> None:
    """Run a flow now, here, and wait for its end. The exit code is 1 when it failed."""
    open_hub()
    from comptoir.channels.models import Channel
    from comptoir.flows.policy import UnknownFlow, run_flow
    from comptoir.flows.registry import flows as known_flows
    from comptoir.journal.models import Run

    try:
        done = run_flow(name, channel, trigger="hand", actor=actor())
    except UnknownFlow as error:
        raise StartupProblem(f"There is no flow `{name}`.", f"Known: {', '.join(known_flows())}.") from error
    except Channel.DoesNotExist as error:
        raise StartupProblem(f"There is no channel `{channel}`.", "Look at `comptoir channel`.") from error
    if done is None:
        raise StartupProblem(
            f"{name} did not run: it already runs there, or the channel is not active.", "Try again later."
        )
    typer.echo(f"{name} {channel}: {done.outcome} {done.counts} {done.error}".rstrip())
    raise typer.Exit(1 if done.outcome == Run.Outcome.FAILED else 0)
