"""Marks texts for translation without knowing who translates them."""


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Return `text` unchanged; `make messages` collects it and the back-office shows its translation."""
    return text
