"""Which database the hub uses: DATABASE_URL, else the embedded one of the data folder."""

from __future__ import annotations

import os
from pathlib import Path

import django

from comptoir.config.environment import data_folder
from comptoir.config.postgres import EmbeddedPostgres
from comptoir.config.problems import StartupProblem


def database_url(data: Path) -> str:
    """Raises StartupProblem when the embedded server was never started, or does not run now."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    embedded = EmbeddedPostgres(data)
    url = embedded.url()
    if not embedded.running():
        raise StartupProblem(
            f"The database of {data} does not run.", "Start it with `comptoir up`, in another terminal."
        )
    return url


def open_hub() -> None:
    """Make Django ready in this process. Call it before importing anything of the hub's rooms."""
    os.environ["DATABASE_URL"] = database_url(data_folder())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
    django.setup()
