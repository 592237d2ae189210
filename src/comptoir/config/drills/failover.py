"""The primary is killed in mid-flow and its standby takes its place; nobody changes a setting."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from comptoir.config.drills.chaos import until
from comptoir.config.drills.standby import Standby, both_addresses
from comptoir.config.drills.theatre import Outcome, Size, Theatre, theatre
from comptoir.config.postgres.installation import read_installation


def fail_over(size: Size) -> Outcome:
    outcome = Outcome("failover")
    with theatre(size) as stage, _standby(stage) as standby:
        _follow_both(stage, standby)
        promoted: list[bool] = []

        def blow() -> None:
            if not promoted:
                _kill_primary(stage)
                standby.promote()
                promoted.append(True)

        stage.play(outcome, [blow], pause=(3.0, 4.0))
        outcome.blows = len(promoted)
        # Nothing was judged on the old primary by mistake: it is dead.
        outcome.facts["primary_alive"] = stage.database.alive()
    return outcome


@contextmanager
def _standby(stage: Theatre) -> Iterator[Standby]:
    standby = Standby(stage.database.folder, stage.folder)
    try:
        standby.start()
        yield standby
    finally:
        standby.remove()


def _follow_both(stage: Theatre, standby: Standby) -> None:
    """The workers read it from the environment; this process was set up before the standby was."""
    from django.conf import settings
    from django.db import connections

    from comptoir.config.database_link import database_from_url

    primary = read_installation(stage.database.folder)
    assert primary is not None
    os.environ["DATABASE_URL"] = both_addresses(primary, standby.installation)
    connections.close_all()
    connections["default"].settings_dict.update(database_from_url(os.environ["DATABASE_URL"]))
    settings.DATABASES["default"].update(database_from_url(os.environ["DATABASE_URL"]))


def _kill_primary(stage: Theatre) -> None:
    pid = stage.database.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(20, lambda: not stage.database.alive(), "the end of the killed primary")
