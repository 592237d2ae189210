"""`comptoir catalog …`"""

from __future__ import annotations

from typing import Annotated

import typer

from comptoir.config.commands.options import Data, actor
from comptoir.config.database import open_hub
from comptoir.config.problems import StartupProblem

app = typer.Typer(help="Articles, and who says what of them.", no_args_is_help=True)


@app.command()
def owners(data: Data = None) -> None:
    """Who owns each field of an article: an import never writes over what the hub owns."""
    open_hub()
    from comptoir.catalog.ownership import FIELDS, hub_fields

    kept = hub_fields()
    for field in FIELDS:
        typer.echo(f"{field:16}{'hub' if field in kept else 'erp'}")


@app.command()
def own(
    field: Annotated[str, typer.Argument(help="The field, as `comptoir catalog owners` names it.")],
    owner: Annotated[str, typer.Argument(help="erp or hub.")],
    data: Data = None,
) -> None:
    """Give a field of articles to the ERP or to the hub, from the next import on."""
    open_hub()
    from comptoir.catalog.ownership import set_owner

    try:
        set_owner(field, owner, actor=actor())
    except ValueError as error:
        raise StartupProblem(f"{error}.", "Look at `comptoir catalog owners`.") from error
    typer.echo(f"{field}: {owner}")
