"""A folder that the merchant's web server publishes: files come there whole, and go again.

Names cannot be guessed; only files of our own form are ever removed.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from comptoir.sdk.errors import ConfigurationError

KEPT = timedelta(days=3)
_RANDOM_BYTES = 12  # 16 signs
_FORM = "comptoir-*.zip*"


class PublishedFolder:
    def __init__(self, folder: str, base_url: str) -> None:
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
        if token:
            self._path(token).unlink(missing_ok=True)

    def sweep(self, now: datetime) -> None:
        """What nobody came back for: the report is kept for three days, no longer."""
        for path in self._folder.glob(_FORM):
            if path.stat().st_mtime < (now - KEPT).timestamp():
                path.unlink(missing_ok=True)

    def _path(self, token: str) -> Path:
        return self._folder / f"comptoir-{token}.zip"
