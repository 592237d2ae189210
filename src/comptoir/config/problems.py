"""What stops a start, said to the person who typed the command."""

from __future__ import annotations


class StartupProblem(Exception):  # noqa: N818
    """One sentence that says what is wrong, and one that says how to mend it."""

    def __init__(self, sentence: str, mend: str) -> None:
        super().__init__(f"{sentence} {mend}")
        self.sentence = sentence
        self.mend = mend
