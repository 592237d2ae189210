"""Which ERP the simulated world plays: chosen at the first start of a folder, and kept with it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from comptoir.config.problems import StartupProblem

PLAYED = ("files", "sage100", "sage_x3")
_CHOICE = "erp-played"
_PASSWORD = "sage-reader"  # noqa: S105 - a file's name


def played_erp(data: Path, wanted: str) -> str:
    """`wanted` is "" for « as before ». StartupProblem when the folder was begun with another one."""
    kept = data / _CHOICE
    known = kept.read_text("utf-8").strip() if kept.exists() else ""
    if not known and (data / "erp").exists():
        known = "files"  # begun before there was a choice
    chosen = wanted or known or "files"
    if chosen not in PLAYED:
        raise StartupProblem(f"No ERP called {chosen} can be played", f"Choose one of {', '.join(PLAYED)}.")
    if known and chosen != known:
        raise StartupProblem(
            f"{data} was begun with the ERP {known}",
            f"Begin another folder: comptoir up --erp {chosen} --data FOLDER.",
        )
    kept.write_text(chosen, "utf-8")
    return chosen


def reader_password(data: Path) -> str:
    """Of the login that reads the simulated Sage: made once, for this machine's owner alone to read."""
    kept = data / _PASSWORD
    if not kept.exists():
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(24))
    return kept.read_text("utf-8")
