"""A log that cannot fill the disk."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

LOG_BYTES = 20 * 1024**2


class RollingLog:
    """Appends lines to `path`; at `limit` bytes the file becomes `<path>.1`, whose former content goes."""

    def __init__(self, path: Path, limit: int = LOG_BYTES) -> None:
        self._path = path
        self._limit = limit
        self._file = self._open()

    def write(self, line: bytes) -> None:
        if self._file.tell() >= self._limit:
            self._file.close()
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            self._file = self._open()
        self._file.write(line)
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def _open(self) -> BinaryIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return self._path.open("ab")
