"""Who is told of alerts and from what on: the environment's choices, and over them those of the screen.

The screen keeps its own in a layer above; it says here how they are read (`read_from`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings


@dataclass(frozen=True)
class Choices:
    emails: Sequence[str] = ()
    thresholds: Mapping[str, float | None] = field(default_factory=dict)
    """By the key of a rule, in its own unit; None: this rule is off."""


Reader = Callable[[], Choices | None]
_readers: list[Reader] = []


def read_from(reader: Reader) -> None:
    """`reader` gives what a person chose; None where nobody has chosen anything yet."""
    _readers[:] = [reader]


def chosen() -> Choices:
    """As of now: a choice counts from the next minute on, without a restart."""
    mine = next((found for reader in _readers if (found := reader()) is not None), None)
    if mine is None:
        return Choices(settings.ALERT_EMAILS, settings.ALERT_THRESHOLDS)
    return Choices(mine.emails, {**settings.ALERT_THRESHOLDS, **mine.thresholds})
