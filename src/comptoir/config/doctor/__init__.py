"""`comptoir doctor`: one check after the other, each with its verdict and how to mend it."""

from __future__ import annotations

from pathlib import Path

from comptoir.config.database import database_url
from comptoir.config.doctor import database, hub, machine
from comptoir.config.doctor.verdict import Verdict, bad
from comptoir.config.problems import StartupProblem

__all__ = ["Verdict", "examine"]


def examine(data: Path, *, deep: bool = False) -> list[Verdict]:
    """Never raises for what it looks at: a trouble is a verdict. Without a database, the rest is not asked."""
    verdicts = machine.examine(data)
    try:
        url = database_url(data)
    except StartupProblem as problem:
        return [*verdicts, bad("PostgreSQL", problem.sentence, problem.mend)]
    reached = database.examine(url)
    verdicts += reached
    if any(verdict.is_bad for verdict in reached):
        return verdicts
    return verdicts + hub.examine(deep=deep)
