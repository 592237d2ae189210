"""One owner at a time for a folder, released by the kernel however the owner dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from comptoir.config.problems import StartupProblem


class FolderLock:
    """An exclusive `flock` on a small file that also names its owner's process.

    Children do not inherit the descriptor, so a killed owner leaves nothing locked.
    """

    def __init__(self, path: Path, sentence: str, mend: str) -> None:
        self._path = path
        self._sentence = sentence
        self._mend = mend
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises StartupProblem when a living process holds it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StartupProblem(f"{self._sentence} (process {owner}).", self._mend) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """The file stays: removing it would let two owners lock two different files."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
