"""Money, instants and durations in the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext

from comptoir.sdk.money import to_cents

NARROW_SPACE, SPACE = "\u202f", "\u00a0"
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


def is_french() -> bool:
    return (get_language() or "fr").startswith("fr")


def format_number(value: Decimal | int, *, decimals: int | None = None) -> str:
    """1 234,5 in French, 1,234.5 in English."""
    text = f"{Decimal(value):,f}" if decimals is None else f"{value:,.{decimals}f}"
    if not is_french():
        return text
    return text.replace(",", NARROW_SPACE).replace(".", ",")


def in_cents(amount: Decimal) -> Decimal:
    """12.5000 → 12.50; what is finer than a cent stays whole: 0.1250 → 0.125."""
    cents = to_cents(amount)
    return cents if amount == cents else amount.normalize()


def format_amount(amount: Decimal) -> str:
    """Without its currency: 1 234,50 in French, 1,234.50 in English."""
    return format_number(in_cents(amount))


def format_money(amount: Decimal, currency: str) -> str:
    """1 234,56 € in French, €1,234.56 in English. Under a cent, the digits that are there are shown."""
    number = format_amount(abs(amount))
    minus = "−" if amount < 0 else ""
    symbol = SYMBOLS.get(currency)
    if is_french():
        return f"{minus}{number}{SPACE}{symbol or currency}"
    return f"{minus}{symbol}{number}" if symbol else f"{minus}{currency}{SPACE}{number}"


def format_duration(duration: timedelta) -> str:
    """The two largest units at most: « 3 h 20 », « 2 d 4 h », « 45 s »."""
    seconds = int(abs(duration.total_seconds()))
    if seconds < 60:
        return gettext("%(n)d s") % {"n": seconds}
    if seconds < 3600:
        return gettext("%(n)d min") % {"n": seconds // 60}
    if seconds < 86_400:
        return gettext("%(h)d h %(m)02d") % {"h": seconds // 3600, "m": seconds % 3600 // 60}
    days = seconds // 86_400
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def format_took(duration: timedelta) -> str:
    """How long something took: « 38 ms », « 45 s », « 3 h 20 »."""
    under = timedelta(0) < duration < timedelta(seconds=1)
    return f"{duration / timedelta(milliseconds=1):.0f}{SPACE}ms" if under else format_duration(duration)


def format_distance(instant: datetime, now: datetime) -> str:
    """« 3 min ago » or « in 3 min »."""
    pattern = gettext("in %(duration)s") if instant > now else gettext("%(duration)s ago")
    return pattern % {"duration": format_duration(instant - now)}
