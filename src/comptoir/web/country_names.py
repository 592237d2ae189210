"""Names of countries in the reader's language, by their ISO code (names of the Unicode CLDR)."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from comptoir.core.folding import fold
from comptoir.web.formats import is_french

_TABLE = Path(__file__).with_name("countries.txt")


@lru_cache(maxsize=2)
def _names(language: str) -> dict[str, str]:
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        return {row["code"]: row[language] for row in csv.DictReader(rows, delimiter=";")}


def country_name(code: str) -> str:
    """« Allemagne » for DE; what is no code that is known stays as it is."""
    return _names("fr" if is_french() else "en").get(code.upper(), code)


def by_name(codes: list[str]) -> list[tuple[str, str]]:
    """Pairs of code and name, in the order of the names: accents count for nothing."""
    return sorted(((code, country_name(code)) for code in codes), key=lambda pair: fold(pair[1]))
