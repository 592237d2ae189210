"""How X3 says no: message lines with a type, the root cause first."""

from __future__ import annotations

INFORMATION, WARNING, ERROR = 1, 2, 3
Messages = list[tuple[int, str]]


class Refusal(Exception):  # noqa: N818
    """`status` 0: nothing was written."""

    def __init__(self, *words: str) -> None:
        super().__init__(" / ".join(words))
        self.messages: Messages = [(ERROR, word) for word in words]
