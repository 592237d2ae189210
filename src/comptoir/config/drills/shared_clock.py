"""One virtual clock for several processes: eight bytes of a file that all of them map."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime
from pathlib import Path

_INSTANT = struct.Struct("<d")


class SharedClock:
    """`now` is set by the drill, and read by its programs."""

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        if start is not None:
            path.write_bytes(_INSTANT.pack(start.timestamp()))
            path.chmod(0o644)
        with path.open("r+b" if start is not None else "rb") as file:
            access = mmap.ACCESS_WRITE if start is not None else mmap.ACCESS_READ
            self._map = mmap.mmap(file.fileno(), _INSTANT.size, access=access)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(_INSTANT.unpack(self._map[:])[0], UTC)

    @now.setter
    def now(self, instant: datetime) -> None:
        self._map[:] = _INSTANT.pack(instant.timestamp())

    def __call__(self) -> datetime:
        return self.now
