"""What was asked of X3 without a clear answer, kept beside the channel until it can be told.

`CUSORDREF` is not unique in X3, and a call that we gave up may still be at work in its session. So a write that was
begun and never answered is looked for during `settle_minutes`, and only then done again.
"""

from __future__ import annotations

from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.connector import Context


class Attempts:
    def __init__(self, settings: SageX3Settings, context: Context) -> None:
        self._cache = context.cache
        self._seconds = settings.settle_minutes * 60

    def begin(self, key: str) -> None:
        """Before the call: a worker that is killed during it leaves this behind."""
        self._cache.set(_name(key), b"asked", seconds=self._seconds)

    def is_open(self, key: str) -> bool:
        return bool(self._cache.get(_name(key)))

    def end(self, key: str) -> None:
        """It was answered, or never reached X3."""
        self._cache.set(_name(key), b"", seconds=1)


def _name(key: str) -> str:
    return f"memory:x3:{key}"
