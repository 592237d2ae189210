"""A folder on a disk of this machine, or mounted on it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Final

from comptoir.connectors.files.contract import Place
from comptoir.sdk.errors import ConfigurationError, TransientError

PROBE: Final = "comptoir-check"
_FOR_A_PERSON: Final = (
    FileNotFoundError,
    FileExistsError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
)


class LocalFolder:
    """Links are never followed below the root: whoever writes there chooses no file of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self, place: Place) -> list[str]:
        with _translated(place), os.scandir(self._root / place) as entries:
            return sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
            )

    def holds(self, place: Place, name: str) -> bool:
        with _translated(place):
            try:
                return stat.S_ISREG(os.lstat(self._path(place, name)).st_mode)
            except FileNotFoundError:
                return False

    def open(self, place: Place, name: str) -> BufferedReader | None:
        with _translated(place):
            # A named pipe would hang the open itself, a link would leave the folder: plain files only.
            if not self.holds(place, name):
                return None
            return open(self._path(place, name), "rb", opener=_open_no_link)

    def write(self, place: Place, name: str, content: bytes) -> None:
        target = self._path(place, name)
        temporary = target.with_name(f".{name}.tmp")
        with _translated(place):
            try:
                _write_through(temporary, content)
                os.replace(temporary, target)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
            self._sync(place)

    def move(self, name: str, source: Place, target: Place) -> None:
        if not self.holds(source, name):
            return
        with _translated(target):
            os.replace(self._path(source, name), self._path(target, name))
            self._sync(target)
            self._sync(source)

    def probe(self, place: Place) -> None:
        probe = self._root / place / f".{PROBE}.tmp"
        with _translated(place):
            _write_through(probe, b"")
            probe.unlink()

    def prepare(self, place: Place) -> None:
        with _translated(place):
            (self._root / place).mkdir(exist_ok=True)

    def _path(self, place: Place, name: str) -> Path:
        if not name or name.startswith(".") or Path(name).name != name or "\0" in name:
            raise ValueError(f"not the name of an exchanged file: {name!r}")
        return self._root / place / name

    def _sync(self, place: Place) -> None:
        """A rename survives a power cut once its folder is on disk (fsync(2))."""
        descriptor = os.open(self._root / place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _open_no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)


def _write_through(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with open(os.open(path, flags, 0o664), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _translated(place: Place) -> Iterator[None]:
    try:
        yield
    except _FOR_A_PERSON as error:
        raise ConfigurationError(f"The folder {place} cannot be used: {error.strerror}.") from error
    except OSError as error:
        raise TransientError(f"The folder {place} does not answer: {error.strerror}.") from error
