"""The disk of the database is full for a while, then somebody makes room."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comptoir.config.drills.theatre import Outcome, Size, Theatre, theatre
from comptoir.config.problems import StartupProblem

DISK = "420m"
FULL_S = 4.0


def fill_disk(size: Size) -> Outcome:
    outcome = Outcome("disk")
    with _small_disk() as files, theatre(size, files=files) as stage:
        stage.play(outcome, [lambda: _fill(stage, files, outcome)], pause=(1.5, 3.0))
    return outcome


@contextmanager
def _small_disk() -> Iterator[Path]:
    """A file system in memory that holds little. Raises CannotBePlayed."""
    from comptoir.config.drills.registry import CannotBePlayed

    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        raise CannotBePlayed("a disk of its own needs root and mount(8)")
    folder = Path(tempfile.mkdtemp(prefix="comptoir-disk-"))
    done = subprocess.run(  # noqa: S603
        [mount, "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        folder.rmdir()
        raise CannotBePlayed(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run([umount, "--lazy", str(folder)], check=False)  # noqa: S603
        folder.rmdir()


def _fill(stage: Theatre, files: Path, outcome: Outcome) -> None:
    """To the last byte. PostgreSQL refuses what it cannot write, and stops when it cannot write its log."""
    ballast = files / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 1024 * 1024):
                pass
        except OSError as error:
            outcome.facts["error"] = os.strerror(error.errno or 0)
    until = time.monotonic() + FULL_S
    while time.monotonic() < until:
        time.sleep(0.2)
        if shutil.disk_usage(files).free:  # it made room for itself: not for long
            with ballast.open("ab", buffering=0) as file:
                try:
                    file.write(b"\0" * shutil.disk_usage(files).free)
                except OSError:
                    continue
    ballast.unlink()
    if not stage.database.alive():
        outcome.facts["server_stopped"] = outcome.facts.get("server_stopped", 0) + 1
        try:
            stage.database.start()
        except StartupProblem as problem:
            outcome.wrong.append(str(problem))
