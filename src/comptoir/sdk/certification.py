"""Checks on a real account of what a connector only assumes."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol, runtime_checkable

from comptoir.sdk.records import Record


class Finding(StrEnum):
    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    UNSEEN = "unseen"
    """The account has nothing on which it could be seen."""


class Check(Record, frozen=True, kw_only=True):
    """One assumption, and what the account shows of it."""

    subject: str
    evidence: str
    """How sure we were: the grades of the connector's README."""
    finding: Finding
    detail: str = ""


@runtime_checkable
class Certifiable(Protocol):
    def certify(self) -> Iterator[Check]:
        """Read-only: nothing is written on the account."""
        ...
