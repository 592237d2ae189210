"""Two answers to the same question, line by line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from comptoir.journal.models import Exchange

LONGEST = 2000
"""Lines of an answer that are compared one by one; more would keep the reader waiting."""
AROUND = 3


@dataclass(frozen=True)
class Line:
    kind: str
    """gone, new, same, or skipped: some lines that did not change."""
    text: str


@dataclass(frozen=True)
class Comparison:
    before: Exchange
    same: bool
    """Status and body to the letter; dates and numbers of requests among the headers always differ."""
    lines: list[Line] | None
    """None: too long to compare line by line."""


def compare(before: Exchange, now: Exchange) -> Comparison:
    then, since = readable(before.response_body), readable(now.response_body)
    if then == since:
        return Comparison(before, before.status == now.status, [])
    old, new = then.splitlines(), since.splitlines()
    lines = list(_lines(old, new)) if max(len(old), len(new)) <= LONGEST else None
    return Comparison(before, False, lines)


def readable(body: str) -> str:
    """JSON with indents; anything else as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, old, new)
    for number, group in enumerate(matcher.get_grouped_opcodes(AROUND)):
        if number:
            yield Line("skipped", "…")
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                yield from (Line("same", text) for text in old[old_from:old_to])
                continue
            yield from (Line("gone", text) for text in old[old_from:old_to])
            yield from (Line("new", text) for text in new[new_from:new_to])
