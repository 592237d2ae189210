"""What the hub told a person, kept for the session: a toast that went away too fast is found again.

What can be undone says so: the toast, and the line that is kept of it, carry the form that undoes it. Whether it
still may be undone is judged where that form leads, as if it had been pressed on the page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.messages import constants
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from comptoir.core import clock

KEPT = 30
_KEY = "notices"
_UNDO = "undo "
_TONES = {constants.ERROR: "alert", constants.WARNING: "action", constants.SUCCESS: "done"}


@dataclass(frozen=True)
class Undo:
    """A form to press: where it is sent, and what with."""

    url: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    at: datetime | None
    tone: str
    words: str
    undo: Undo | None


class KeptMessages(FallbackStorage):
    """The usual messages, each also written down in the session."""

    def add(self, level: int, message: Any, extra_tags: str | None = "") -> None:
        super().add(level, message, extra_tags)
        session = self.request.session
        line = [
            clock.now().isoformat(),
            _TONES.get(int(level), "waiting"),
            str(message)[:500],
            extra_tags or "",
        ]
        session[_KEY] = [line, *session.get(_KEY, [])][:KEPT]


def tell_undoable(request: HttpRequest, words: str, undo: str, **fields: str) -> None:
    """It was done, and a press on « undo » sends `fields` to the address `undo`."""
    told = json.dumps({"url": undo, "fields": fields | {"next": request.POST.get("next", "")}})
    messages.success(request, words, extra_tags=f"{_UNDO}{told}")


def read_undo(extra_tags: str | None) -> Undo | None:
    if not extra_tags or not extra_tags.startswith(_UNDO):
        return None
    return Undo(**json.loads(extra_tags.removeprefix(_UNDO)))


def read_notices(request: HttpRequest) -> list[Notice]:
    """The newest first."""
    # Three parts: written by a release that knew no undoing.
    lines = [(*line, "")[:4] for line in request.session.get(_KEY, [])]
    return [Notice(parse_datetime(at), tone, words, read_undo(undo)) for at, tone, words, undo in lines]
