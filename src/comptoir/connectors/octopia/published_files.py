"""A folder that the merchant's web server publishes: files come there whole, and go again.

Names cannot be guessed; only files of our own form are ever removed.
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from comptoir.sdk.errors import ConfigurationError

KEPT = timedelta(days=3)
_RANDOM_BYTES = 12  # 16 signs
_FORM = re.compile(r"comptoir-[A-Za-z0-9_-]{16}\.zip(\.part)?")


class PublishedFolder:
    def __init__(self, folder: str, base_url: str) -> None:
        self._given = bool(folder)  # without one, nothing is looked for where the program happens to run
        self._folder = Path(folder)
        self._base_url = base_url.rstrip("/")

    def url(self, token: str) -> str:
        return f"{self._base_url}/{self._path(token).name}"

    def put(self, content: bytes, now: datetime) -> str:
        """Written under another name, then renamed: nobody fetches half a file. Returns its token."""
        token = secrets.token_urlsafe(_RANDOM_BYTES)
        path = self._path(token)
        part = path.with_suffix(".zip.part")
        try:
            part.write_bytes(content)
            part.chmod(0o644)
            os.utime(part, (now.timestamp(), now.timestamp()))
            part.rename(path)
        except OSError as error:
            raise ConfigurationError(f"The folder of XML packages cannot be written: {error}") from error
        return token

    def remove(self, token: str) -> None:
        if token and self._given:
            _take_away(self._path(token))

    def sweep(self, now: datetime) -> None:
        """What nobody came back for: the report is kept for three days, no longer."""
        if not self._given:
            return
        for path in self._folder.glob("comptoir-*"):
            if _FORM.fullmatch(path.name) and _age_limit(now) > _written_at(path):
                _take_away(path)

    def _path(self, token: str) -> Path:
        return self._folder / f"comptoir-{token}.zip"


def _age_limit(now: datetime) -> float:
    return (now - KEPT).timestamp()


def _written_at(path: Path) -> float:
    """Another channel of the same folder may have taken it away meanwhile: then it is not old."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _take_away(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigurationError(f"A file of XML packages cannot be removed: {error}") from error
