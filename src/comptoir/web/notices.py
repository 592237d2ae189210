"""What the hub told a person, kept for the session: a toast that went away too fast is found again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.messages import constants
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from comptoir.core import clock

KEPT = 30
_KEY = "notices"
_TONES = {constants.ERROR: "alert", constants.WARNING: "action", constants.SUCCESS: "done"}


@dataclass(frozen=True)
class Notice:
    at: datetime | None
    tone: str
    words: str


class KeptMessages(FallbackStorage):
    """The usual messages, each also written down in the session."""

    def add(self, level: int, message: Any, extra_tags: str | None = "") -> None:
        super().add(level, message, extra_tags)
        session = self.request.session
        line = [clock.now().isoformat(), _TONES.get(int(level), "waiting"), str(message)[:500]]
        session[_KEY] = [line, *session.get(_KEY, [])][:KEPT]


def read_notices(request: HttpRequest) -> list[Notice]:
    """The newest first."""
    return [Notice(parse_datetime(at), tone, words) for at, tone, words in request.session.get(_KEY, [])]
