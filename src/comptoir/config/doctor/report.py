"""The verdicts, for a person."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from comptoir.config.doctor.verdict import Level, Verdict

SIGNS = {Level.GOOD: ("✓", "green"), Level.WARNING: ("!", "yellow"), Level.BAD: ("✗", "red")}


def show(verdicts: Sequence[Verdict], console: Console) -> None:
    for verdict in verdicts:
        sign, colour = SIGNS[verdict.level]
        console.print(Text.assemble((f"{sign} {verdict.name}: ", colour), verdict.finding), soft_wrap=True)
        if verdict.mend:
            console.print(Text(f"  → {verdict.mend}"), soft_wrap=True)
