"""Which reason goes with a cancellation: the one given, or the settings' own, if the channel knows it."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Choice


def choose_reason(given: str, usual: str, allowed: Sequence[Choice], record_id: str) -> str:
    """RejectedRecord when neither is a code that the channel lists for the order's state."""
    codes = [choice.code for choice in allowed]
    reason = given or usual
    if reason in codes:
        return reason
    said = f"The reason {reason!r} is not one of them" if reason else "No reason is given"
    raise RejectedRecord(
        f"{said}: {', '.join(codes) or 'Octopia lists none for this order'}.", record_id=record_id
    )
