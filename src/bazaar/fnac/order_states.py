"""The state of an order: the earliest stage found in its lines."""

from __future__ import annotations

from collections.abc import Iterable

STAGES = ("ToAccept", "Accepted", "ToShip", "Shipped", "NotReceived", "Received")
ENDS = ("Refunded", "Cancelled", "Refused")


def order_state(line_states: Iterable[str]) -> str:
    states = set(line_states)
    for stage in STAGES:
        if stage in states:
            return "Created" if stage == "ToAccept" else stage
    return next(end for end in ENDS if end in states)
