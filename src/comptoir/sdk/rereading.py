"""A reading that was kept, made once more: for a person who wants to see what the other side answers now."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class ReadsAgain(Protocol):
    """Makes a kept GET again, exactly as it was: its address says all that it asks.

    Nothing is stored of it but the exchange. An address that is not this account's own raises `RejectedRecord`: our
    credentials go nowhere else.
    """

    def read_again(self, operation: str, url: str) -> None: ...
