"""What PostgreSQL's text and jsonb cannot hold, taken out of words that others wrote."""

from __future__ import annotations

from typing import Any

REPLACEMENT = "\ufffd"


def storable(text: str) -> str:
    """Without NUL characters and lone surrogates: each becomes U+FFFD, as a decoder would have made it."""
    if text.isascii():
        return text.replace("\x00", REPLACEMENT)
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", REPLACEMENT)


def storable_json(value: Any) -> Any:
    """The same for every text inside."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): storable_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(item) for item in value]
    return value
