"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer


def _remember(folder: Path | None) -> Path | None:
    """The settings and the children read it from the environment."""
    if folder is not None:
        os.environ["COMPTOIR_DATA"] = str(folder.expanduser().resolve())
    return folder


Data = Annotated[
    Path | None,
    typer.Option("--data", help="The data folder, ./data by default.", callback=_remember, is_eager=True),
]


def actor() -> str:
    """Who the journal will name."""
    return f"command line ({os.environ.get('USER') or os.geteuid()})"
