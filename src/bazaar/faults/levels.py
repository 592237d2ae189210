"""How often each fault strikes, at each level. Rates are per request, or per question of the party."""

from __future__ import annotations

import msgspec

from bazaar.faults.names import ALL_FAULTS, PROTOCOL_FAULTS, WIRE_FAULTS

_MILD_WIRE = 0.003
_HARSH = {
    "latency": 0.03,
    "dropped_before": 0.015,
    "hang_before": 0.01,
    "timeout_after": 0.02,
    "dropped_after": 0.015,
    "truncated": 0.01,
    "storm": 0.01,
    "server_error": 0.03,
}

LEVELS: dict[str, dict[str, float]] = {
    "none": {},
    "mild": {
        **dict.fromkeys(WIRE_FAULTS, _MILD_WIRE),
        **dict.fromkeys(PROTOCOL_FAULTS, 0.005),
        "unknown_fields": 0.05,
    },
    "harsh": {
        **_HARSH,
        **dict.fromkeys(PROTOCOL_FAULTS, 0.02),
        "unknown_fields": 0.3,
        # For the faults that last, the rate is the part of the days on which they come.
        "down": 1.0,
        "expired_key": 1.0,
        "clock_skew": 1.0,
    },
}


class FaultSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What may go wrong with one party. `rates` goes over the level's own table."""

    level: str = "none"
    rates: dict[str, float] = {}
    hold_s: float = 2.0  # real seconds a hung connection is held before it is cut
    latency_s: float = 0.4  # real seconds at most
    retry_after_s: int = 1
    storm_requests: int = 6  # how many requests in a row are answered 429
    down_minutes: int = 60  # virtual
    expired_key_minutes: int = 10  # virtual
    skew_s: int = 90  # at most, either way

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ValueError(f"unknown level {self.level!r}: {', '.join(LEVELS)}")
        unknown = sorted(set(self.rates) - set(ALL_FAULTS))
        if unknown:
            raise ValueError(f"unknown faults: {', '.join(unknown)}")

    def rate(self, fault: str) -> float:
        return self.rates.get(fault, LEVELS[self.level].get(fault, 0.0))
