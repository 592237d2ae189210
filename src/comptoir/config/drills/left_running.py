"""What outlived a drill: programs that still name its folder."""

from __future__ import annotations

import time
from pathlib import Path

GRACE_S = 10.0


def running_in(folder: Path) -> list[str]:
    """Their command lines (proc(5)); those that are just leaving are given a moment. Empty where none tells."""
    until = time.monotonic() + GRACE_S
    while (found := _naming(str(folder))) and time.monotonic() < until:
        time.sleep(0.2)
    return found


def _naming(text: str) -> list[str]:
    found = []
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = told.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue  # it ended meanwhile
        if text in command:
            found.append(command)
    return found
