"""Names as people type them: without capitals and accents. The same fold as the SQL function `orders_fold`."""

from __future__ import annotations

import re

ACCENTED = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ"
PLAIN = "aaaaaaceeeeiiiinooooouuuuyy"
_TABLE = str.maketrans(ACCENTED, PLAIN)


def fold(text: str) -> str:
    return text.lower().translate(_TABLE)


def word_prefixes(text: str) -> str:
    """« zoe mar » becomes the tsquery « zoe:* & mar:* »; "" when there is no word in it."""
    return " & ".join(f"{word}:*" for word in re.findall(r"\w+", text))
