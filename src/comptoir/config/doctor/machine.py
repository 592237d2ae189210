"""Checks that need no database."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path

from comptoir.config.doctor.verdict import Verdict, bad, good, warning

LOW_BYTES = 1024**3
OLDEST_PYTHON = (3, 11)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def examine(data: Path) -> list[Verdict]:
    return [python_version(), folder(data), disk(data), sealing_key(data), chromium()]


def python_version(found: tuple[int, ...] = sys.version_info[:3]) -> Verdict:
    text = ".".join(str(number) for number in found)
    if found < OLDEST_PYTHON:
        return bad("Python", text, "Install Python 3.11 or newer.")
    return good("Python", text)


def folder(data: Path) -> Verdict:
    existing = _nearest(data)
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return bad("Data folder", f"{existing} cannot be written to", "Choose another: --data FOLDER.")
    return good("Data folder", str(data) if data == existing else f"{data} (made at the first start)")


def disk(data: Path) -> Verdict:
    free = shutil.disk_usage(_nearest(data)).free
    finding = f"{free / 1024**3:.1f} GB free"
    if free < LOW_BYTES:
        return bad("Disk", finding, "Make room: under 1 GB the database may stop.")
    return good("Disk", finding)


def _nearest(folder: Path) -> Path:
    """The folder itself, or the first of its parents that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def sealing_key(data: Path) -> Verdict:
    """Without it, the channels' keys and passwords cannot be opened again."""
    if os.environ.get("COMPTOIR_SEALING_KEYS"):
        return good("Sealing key", "given by COMPTOIR_SEALING_KEYS")
    path = data / "secrets.json"
    if not path.exists():
        return warning("Sealing key", "not made yet", "`comptoir up` makes it; keep a copy of it elsewhere.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return bad("Sealing key", f"others may read {path}", f"chmod 600 {path}")
    return good("Sealing key", f"{path}: keep a copy of it elsewhere")


def chromium() -> Verdict:
    """For `make test` alone."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        return warning("Chromium", "none (the browser's tests need it)", "apt install chromium")
    return good("Chromium", found)
