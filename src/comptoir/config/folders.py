"""The data folder."""

from __future__ import annotations

import os
from pathlib import Path

from comptoir.config.problems import StartupProblem


def make_writable_folder(folder: Path) -> None:
    """Raises StartupProblem when it cannot be made or written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartupProblem(
            f"The folder {folder} cannot be made: {error.strerror}.", "Choose another data folder."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StartupProblem(
            f"The folder {folder} cannot be written to.", "Choose another data folder, or mend its rights."
        )
