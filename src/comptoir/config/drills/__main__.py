"""`python -m comptoir.config.drills NAME SIZE`: one drill; its outcome is the last line, in JSON."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict

from comptoir.config.drills.registry import DRILLS, CannotBePlayed
from comptoir.config.drills.theatre import Size


def main() -> None:
    # A drill that is stopped puts everything back: mounts, networks, servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    name, size = sys.argv[1], Size(**json.loads(sys.argv[2]))
    try:
        told = asdict(DRILLS[name](size))
    except CannotBePlayed as reason:
        told = {"skipped": str(reason)}
    print(json.dumps(told))  # noqa: T201 - what the caller reads


if __name__ == "__main__":
    main()
