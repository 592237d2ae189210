"""News that a channel pushes: they only say where to look.

What they name is read as usual, so that the same news twice, late, in another order or not at all is
harmless: polling alone finds everything, a little later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from comptoir.sdk.records import Record, Rejected

Subject = Literal["order", "submission", "listing", "article", "report"]


class Notice(Record, frozen=True, kw_only=True):
    kind: str
    """The channel's own word for it."""
    notice_id: str
    """The same id again is the same news."""
    at: datetime
    subject: Subject
    name: str
    """The channel's id of what changed."""


class NoticeBatch(Record, frozen=True, kw_only=True):
    notices: tuple[Notice, ...]
    rejected: tuple[Rejected, ...] = ()
    settings: Mapping[str, str] = {}
    """Settings that the channel changed by itself, such as a renewed secret: they replace ours. Never logged."""
    receipts: tuple[str, ...] = ()
    """Opaque: what `forget_notices` takes the batch away with."""


@runtime_checkable
class NotificationSource(Protocol):
    def notice_batches(self) -> Iterator[NoticeBatch]:
        """Batch by batch until nothing waits. A batch that is not forgotten comes again."""
        ...

    def forget_notices(self, batch: NoticeBatch) -> None:
        """Once what it says is stored."""
        ...
