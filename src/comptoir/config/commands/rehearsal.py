"""`comptoir rehearse`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comptoir.config.problems import StartupProblem

KINDS_HELP = "A number of Mirakl instances, or kinds such as mirakl,mirakl."


def rehearse(
    seed: Annotated[int, typer.Option(help="Decides everything that chance decides.")] = 1,
    orders: Annotated[int, typer.Option(min=0, help="How many buyers.")] = 500,
    channels: Annotated[str, typer.Option(help=KINDS_HELP)] = "mirakl,mirakl",
    erp: Annotated[str, typer.Option(help="files, sage100 or sage_x3.")] = "files",
    faults: Annotated[str, typer.Option(help="none, mild or harsh.")] = "none",
    replay: Annotated[
        Path | None, typer.Option(exists=True, help="Play the invoices of this parquet, CSV or XLSX file.")
    ] = None,
    scarce: Annotated[bool, typer.Option("--scarce", help="Only a few units of each product.")] = False,
    products: Annotated[int, typer.Option(min=1, help="How many products the merchant has.")] = 200,
    study: Annotated[
        str, typer.Option(help="`oversell`: compare ways of publishing the last units, then stop.")
    ] = "",
    picture: Annotated[Path, typer.Option(help="Where the study's picture goes.")] = Path("oversell.svg"),
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the folder of the rehearsal.")] = False,
) -> None:
    """Play a selling day at high speed, then compare the hub, the ERP and the world's own ledger."""
    if study:
        if study != "oversell":
            raise StartupProblem(f"There is no study `{study}`.", "Choose: oversell.")
        from comptoir.rehearsal.study_report import run_study

        run_study(products=products, seed=seed, picture=picture)
        return
    from comptoir.config.stage import stage
    from comptoir.rehearsal.command import run
    from comptoir.rehearsal.options import ERPS, FAULTS, BadOption, Options, parse_channels

    if faults not in FAULTS:
        raise StartupProblem(f"There are no faults `{faults}`.", f"Choose one of: {', '.join(FAULTS)}.")
    if erp not in ERPS:
        raise StartupProblem(f"There is no ERP `{erp}`.", f"Choose one of: {', '.join(ERPS)}.")
    try:
        kinds = parse_channels(channels)
    except BadOption as error:
        raise StartupProblem(f"{error}.", "Look at `comptoir rehearse --help`.") from error
    options = Options(
        seed=seed,
        orders=orders,
        channels=kinds,
        erp=erp,
        faults=faults,
        replay=replay,
        scarce=scarce,
        products=products,
        json=as_json,
    )
    with stage(keep=keep) as folder:
        if keep:
            typer.echo(f"everything is kept in {folder}", err=True)
        try:
            passed = run(options, folder)
        except BadOption as error:
            raise StartupProblem(f"{error}.", "Its columns are those of UCI's Online Retail.") from error
    raise typer.Exit(0 if passed else 1)
