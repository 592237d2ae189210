"""Keys that end by themselves: when, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, runtime_checkable

from comptoir.sdk.records import Record


class Credential(Record, frozen=True, kw_only=True):
    name: str
    """The setting that holds it."""
    label: str
    """For a person, marked for translation."""
    ends_on: date | None
    """None: nobody has said when it was made."""
    advice: str = ""
    """What a person has to do, marked for translation."""
    alarms: tuple[int, ...] = (60, 30, 7)
    """Days before the end at which a person is told again."""
    renews: bool = False
    """Does the merchant want it renewed by `renew_credential` at the second alarm?"""


@runtime_checkable
class CredentialClock(Protocol):
    def credentials(self) -> Sequence[Credential]:
        """From the settings alone: nothing is called."""
        ...

    def renew_credential(self, name: str) -> None:
        """Ask for a new one; it comes in `NoticeBatch.settings`, and the old one goes on for some days."""
        ...
