"""What the person at the terminal sees of the programs that run."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

COLOURS = ("cyan", "green", "magenta", "yellow", "blue")


class Voice:
    """A prefix and a colour per program. While starting, all is in the logs alone, unless `verbose`."""

    def __init__(self, console: Console, verbose: bool) -> None:
        self._console = console
        self._open = verbose
        self._colours: dict[str, str] = {}

    def started(self) -> None:
        """From now on, everything is said."""
        self._open = True

    def say(self, name: str, line: str) -> None:
        if self._open and line:
            colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
            self._console.print(Text.assemble((f"{name:>9} │ ", colour), line), soft_wrap=True)
