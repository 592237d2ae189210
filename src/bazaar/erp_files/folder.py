"""The folder on disk: whole files only, renamed into place, moved when read."""

from __future__ import annotations

import os
import re
from pathlib import Path

_NAME = re.compile(r"^(?P<kind>[a-z_]+)-(?P<sequence>\d{9})\.json$")


class Folder:
    """One direction: a side writes pairs into it, the other reads, answers and moves them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for sub in ("done", "refused", "receipts"):
            (path / sub).mkdir(parents=True, exist_ok=True)

    def write(self, name: str, body: bytes) -> None:
        """Tmp, flush, fsync, rename."""
        target = self.path / name
        temporary = target.with_name(f".{target.name}.tmp")
        with temporary.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)

    def write_pair(self, name: str, data: bytes, manifest: bytes) -> None:
        """The manifest last: who sees it finds its data complete."""
        self.write(f"{name}.csv", data)
        self.write(f"{name}.json", manifest)

    def manifests(self) -> dict[str, list[int]]:
        """The sequences that wait to be read, in order, by kind."""
        found: dict[str, list[int]] = {}
        for entry in os.scandir(self.path):
            if match := _NAME.match(entry.name):
                found.setdefault(match["kind"], []).append(int(match["sequence"]))
        return {kind: sorted(sequences) for kind, sequences in sorted(found.items())}

    def read_pair(self, name: str) -> tuple[bytes, bytes | None]:
        """Manifest and data; None when the data file is not there."""
        data = self.path / f"{name}.csv"
        return (self.path / f"{name}.json").read_bytes(), data.read_bytes() if data.exists() else None

    def find_pair(self, name: str) -> tuple[bytes, bytes] | None:
        """A pair written earlier, wherever its reader has put it."""
        for place in (self.path, self.path / "done", self.path / "refused"):
            manifest, data = place / f"{name}.json", place / f"{name}.csv"
            if manifest.exists() and data.exists():
                return manifest.read_bytes(), data.read_bytes()
        return None

    def move(self, name: str, where: str) -> None:
        """The data first: a manifest left behind by a crash is read again, a lone data file is not."""
        for suffix in ("csv", "json"):
            source = self.path / f"{name}.{suffix}"
            if source.exists():
                source.replace(self.path / where / source.name)

    def last_sequence(self, kind: str) -> int:
        """The highest sequence of that kind ever seen here, read or not; 0 without one."""
        pattern = f"{kind}-*.json"
        names = [
            path.stem
            for place in (".", "done", "refused", "receipts")
            for path in (self.path / place).glob(pattern)
        ]
        return max((int(name.rpartition("-")[2]) for name in names), default=0)
