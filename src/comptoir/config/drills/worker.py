"""`python -m comptoir.config.drills.worker CLOCK`: the worker of production, under the drill's clock.

It takes the flows alone: the schedule is told by the drill, at virtual instants.
"""

from __future__ import annotations

import sys
from pathlib import Path

from comptoir.config.database import open_hub


def main() -> None:
    open_hub()
    from comptoir.config.drills.shared_clock import SharedClock
    from comptoir.config.worker import run_worker
    from comptoir.core.clock import use_clock

    use_clock(SharedClock(Path(sys.argv[1])))
    run_worker(concurrency=3, queues=["flows"])


if __name__ == "__main__":
    main()
