"""Every drill by its name. One process plays one: Django stands on one database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields

from comptoir.config.drills.away import stay_away
from comptoir.config.drills.cut_off import cut_off
from comptoir.config.drills.failover import fail_over
from comptoir.config.drills.full_disk import fill_disk
from comptoir.config.drills.killing import kill_programs
from comptoir.config.drills.theatre import Outcome, Size


class CannotBePlayed(RuntimeError):  # noqa: N818
    """This machine lacks what the drill needs (root, a network of its own …)."""


DRILLS: Mapping[str, Callable[[Size], Outcome]] = {
    "kill": kill_programs,
    "failover": fail_over,
    "cut": cut_off,
    "disk": fill_disk,
    "away": stay_away,
}


def play(name: str, size: Size) -> Outcome:
    """In a process of its own. Raises CannotBePlayed. Stopped half-way, it puts back first what it made."""
    command = [sys.executable, "-m", "comptoir.config.drills", name, json.dumps(asdict(size))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as done:  # noqa: S603
        try:
            output = done.communicate()[0]
        finally:
            done.terminate()  # nothing, once it has ended
    lines = output.strip().splitlines()
    told = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    if "skipped" in told:
        raise CannotBePlayed(told["skipped"])
    if done.returncode != 0 or not told:
        return Outcome(name, wrong=[f"the drill itself ended with code {done.returncode}", *lines[-5:]])
    return Outcome(**{field.name: told[field.name] for field in fields(Outcome)})
