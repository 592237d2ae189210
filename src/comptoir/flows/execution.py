"""What a flow has in its hands while it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comptoir.channels.models import Channel
from comptoir.channels.services import move_cursor, read_cursor
from comptoir.core import clock
from comptoir.core.envelopes import seal_text
from comptoir.journal.issues import Reason, Trouble, open_issues
from comptoir.journal.models import Run
from comptoir.sdk.records import Rejected
from comptoir.sdk.storable import storable


@dataclass
class Execution:
    """One run of one flow on one channel. `connection` implements the ports that the flow needs."""

    run: Run
    channel: Channel
    connection: Any
    counts: Counter[str] = field(default_factory=Counter)
    partial: bool = False

    def now(self) -> datetime:
        return clock.now()

    def count(self, name: str, units: int = 1) -> None:
        if units:
            self.counts[name] += units

    def cursor(self, name: str) -> str:
        value = read_cursor(self.channel, name)
        self.run.cursor_before = self.run.cursor_before or value
        return value

    def move_cursor(self, name: str, value: str) -> None:
        """Inside the transaction that stores what was read."""
        move_cursor(self.channel, name, value)
        self.run.cursor_after = value

    def report(self, troubles: Iterable[Trouble]) -> None:
        """Open Issues; the run is partial."""
        told = list(troubles)
        if told:
            open_issues(told, run_id=self.run.pk)
            self.partial = True
            self.count("issues", len(told))

    def set_aside(self, rejected: Iterable[Rejected], *, kind: str) -> None:
        """Records that could not be read: each is an Issue with its place, the rest goes on."""
        self.report(
            Trouble(
                Reason.UNREADABLE, item.message, channel=self.channel.key, flow=self.run.flow, subject_kind=kind,
                subject=item.external_id or f"line {item.line}", action="read_again",
                detail={"code": item.code, "line": item.line, "raw": self._sealed(item)},
            )
            for item in rejected
        )  # fmt: skip

    def _sealed(self, item: Rejected) -> str:
        """What could not be read names buyers as well as what could."""
        text = storable(item.raw[:20_000].decode("utf-8", "replace"))
        return seal_text(text, f"issue {self.channel.key} {storable(item.external_id)}") if text else ""
