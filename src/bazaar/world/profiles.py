"""How demand spreads over the 24 hours of the UTC day: relative weights whose mean is 1."""

from __future__ import annotations

from datetime import datetime

# A French shop's usual day: quiet nights, lunch, and the evening's peak.
_SHOP = (3, 2, 1, 1, 1, 2, 4, 7, 10, 12, 13, 14, 15, 13, 12, 12, 13, 15, 17, 19, 20, 18, 12, 6)

PROFILES: dict[str, tuple[float, ...]] = {
    "flat": (1.0,) * 24,
    "shop": tuple(weight * 24 / sum(_SHOP) for weight in _SHOP),
}


def weight_at(profile: tuple[float, ...], at: datetime) -> float:
    return profile[at.hour]
