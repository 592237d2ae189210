"""`comptoir user …`"""

from __future__ import annotations

from typing import Annotated

import typer

from comptoir.config.commands.options import Data, actor
from comptoir.config.database import open_hub
from comptoir.config.problems import StartupProblem

app = typer.Typer(help="People who may sign in.", no_args_is_help=True)


@app.callback()
def users() -> None:
    """People who may sign in."""


@app.command()
def add(
    email: Annotated[str, typer.Argument(help="Their address, with which they sign in.")],
    role: Annotated[str, typer.Option(help="What they may do, such as administrator.")] = "read_only",
    name: Annotated[str, typer.Option(help="Their name, as shown.")] = "",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="COMPTOIR_PASSWORD")
    ] = "",
    data: Data = None,
) -> None:
    """Add a person. The password is asked for, or read from COMPTOIR_PASSWORD."""
    open_hub()
    from django.core.exceptions import ValidationError

    from comptoir.accounts.roles import Role
    from comptoir.accounts.services import EmailTaken, create_user

    if role not in Role.values:
        raise StartupProblem(f"There is no role `{role}`.", f"Choose one of: {', '.join(Role.values)}.")
    try:
        user = create_user(email=email, password=password, role=Role(role), name=name, actor=actor())
    except EmailTaken as error:
        raise StartupProblem(f"{email} already signs in here.", "Choose another address.") from error
    except ValidationError as error:
        raise StartupProblem(" ".join(error.messages), "Choose another password.") from error
    typer.echo(f"{user.email} may sign in as {user.role}.")
