"""Translation catalogues without gettext's programs: `catalogues.py check|compile FOLDER`.

check: every text of every .po is translated, none is fuzzy, placeholders agree, its .mo says the same.
compile: write each .mo beside its .po.
Formats: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html and …/MO-Files.html
"""

from __future__ import annotations

import ast
import gettext
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_CLOSING = re.compile(r"(?<=\S) (?=[:;!?»])")
_OPENING = re.compile(r"« ")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*\}")


@dataclass
class Entry:
    """One text. `texts`: by keyword of the file (msgctxt, msgid, msgid_plural, msgstr, msgstr[0]…)."""

    line: int
    fuzzy: bool = False
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def translations(self) -> list[str]:
        return [text for keyword, text in sorted(self.texts.items()) if keyword.startswith("msgstr")]

    @property
    def key(self) -> str:
        """As a .mo names it."""
        context = f"{self.texts['msgctxt']}\x04" if "msgctxt" in self.texts else ""
        plural = f"\0{self.texts['msgid_plural']}" if "msgid_plural" in self.texts else ""
        return f"{context}{self.texts['msgid']}{plural}"


def read_po(path: Path) -> Iterator[Entry]:
    """Obsolete entries (#~) are left out, as gettext does."""
    entry, keyword = Entry(1), ""
    for number, line in enumerate([*path.read_text("utf-8").splitlines(), ""], 1):
        if line.startswith("#,"):
            entry.fuzzy = "fuzzy" in line
        elif match := re.match(r'(msg\w+(?:\[\d+\])?)\s+(".*")$', line):
            keyword = match[1]
            entry.texts[keyword] = ast.literal_eval(match[2])
        elif line.startswith('"'):
            entry.texts[keyword] += ast.literal_eval(line)
        elif not line.strip():
            if "msgid" in entry.texts:
                yield entry
            entry = Entry(number + 1)


def troubles(path: Path) -> Iterator[str]:
    entries = list(read_po(path))
    for entry in entries:
        if not entry.texts["msgid"]:
            continue
        if entry.fuzzy or not all(entry.translations):
            yield f"{path}:{entry.line}: not translated: {entry.texts['msgid']!r}"
        elif any(_placeholders(text) - _allowed(entry) for text in entry.translations):
            yield f"{path}:{entry.line}: other placeholders: {entry.texts['msgid']!r}"
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != mo_bytes(entries):
        yield f"{compiled}: not compiled from its .po: make messages"


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _allowed(entry: Entry) -> set[str]:
    return _placeholders(entry.texts["msgid"]) | _placeholders(entry.texts.get("msgid_plural", ""))


def set_in_type(text: str) -> str:
    """French signs of two parts keep to their word: no line begins with « : » or « » », none ends with « « ».

    In the catalogue they are typed with plain spaces. No narrow space: what is printed for accountants knows none.
    """
    return _OPENING.sub("«\u00a0", _CLOSING.sub("\u00a0", text))


def mo_bytes(entries: list[Entry]) -> bytes:
    """Keys sorted by their bytes; no hash table, which readers do without."""
    pairs = sorted(
        (e.key.encode(), "\0".join(map(set_in_type, e.translations)).encode())
        for e in entries
        if not e.fuzzy and all(e.translations)
    )
    start = 28
    offset = start + 16 * len(pairs)
    tables: list[list[tuple[int, int]]] = [[], []]
    body = b""
    for column in (0, 1):
        for pair in pairs:
            tables[column].append((len(pair[column]), offset + len(body)))
            body += pair[column] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(pairs), start, start + 8 * len(pairs), 0, offset)
    return header + b"".join(struct.pack("<2I", *place) for table in tables for place in table) + body


def main(action: str, folder: str) -> int:
    found = sorted(Path(folder).rglob("*.po"))
    if action == "compile":
        for path in found:
            path.with_suffix(".mo").write_bytes(mo_bytes(list(read_po(path))))
            with path.with_suffix(".mo").open("rb") as file:
                gettext.GNUTranslations(file)  # what Django will do: it raises when we wrote it wrong
        return 0
    said = [trouble for path in found for trouble in troubles(path)]
    sys.stderr.write("".join(f"{line}\n" for line in said))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
