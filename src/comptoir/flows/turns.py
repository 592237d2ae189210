"""Pausing one flow on one channel, by a person."""

from __future__ import annotations

from comptoir.flows.models import Turn
from comptoir.journal.audit import record_change


def set_paused(turn: Turn, paused: bool, *, actor: str) -> None:
    before, turn.paused = turn.paused, paused
    turn.save(update_fields=["paused"])
    if before != paused:
        record_change(
            actor=actor, action="turn.paused" if paused else "turn.resumed", subject_kind="turn",
            subject=f"{turn.flow}:{turn.channel}", before={"paused": before}, after={"paused": paused},
        )  # fmt: skip
