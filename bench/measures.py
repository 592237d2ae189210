"""What a benchmark measures, and what it must reach."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import msgspec

Progress = Callable[[str, float], None]
"""What is being done, and which part of it is done (0 to 1)."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `bench/latest.json`. `ratio` = value / reference, both measured in one run where they can be."""

    name: str
    value: float
    unit: str
    reference: float
    ratio: float


@dataclass(frozen=True)
class Budget:
    """The bound of a ratio."""

    sign: Literal["≥", "≤"]
    ratio: float

    def holds(self, ratio: float) -> bool:
        return ratio >= self.ratio if self.sign == "≥" else ratio <= self.ratio

    def __str__(self) -> str:
        return f"{self.sign} {self.ratio:g}"


@dataclass(frozen=True)
class Benchmark:
    """`run(scale, progress)` gives one result for each of `names`, first of all; more of them only inform."""

    names: Sequence[str]
    run: Callable[[float, Progress], Sequence[Result]]
    budgets: Mapping[str, Budget]


def result(name: str, value: float, unit: str, reference: float) -> Result:
    ratio = value / reference if reference else 0.0
    return Result(
        name=name,
        value=round(value, 4),
        unit=unit,
        reference=round(reference, 4),
        ratio=round(ratio, 4),
    )


def scaled(count: int, scale: float) -> int:
    """`count` at that scale, never so few that nothing is measured."""
    return max(100, round(count * scale))


class Stopwatch:
    """Adds up the time of its blocks: what is between them (making the data) does not count."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - started

    def rate(self, count: int) -> float:
        return count / self.seconds
