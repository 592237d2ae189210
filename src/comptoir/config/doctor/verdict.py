"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class Verdict:
    """`mend` is empty when nothing is to be done."""

    name: str
    level: Level
    finding: str
    mend: str = ""

    @property
    def is_bad(self) -> bool:
        return self.level is Level.BAD


def good(name: str, finding: str) -> Verdict:
    return Verdict(name, Level.GOOD, finding)


def warning(name: str, finding: str, mend: str) -> Verdict:
    return Verdict(name, Level.WARNING, finding, mend)


def bad(name: str, finding: str, mend: str) -> Verdict:
    return Verdict(name, Level.BAD, finding, mend)
