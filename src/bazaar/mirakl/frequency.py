"""How often each operation may be called: the "Call Frequency" paragraph of each operation's page on
developer.mirakl.com (maximum usage, seller role, read 2026-11).

Operations that the documentation ties to a screen or to an event ("at each order page display") have no
number and are not counted, nor are the further pages of one read.
"""

from __future__ import annotations

import math
from collections import deque
from datetime import datetime
from typing import Final, NamedTuple

from bazaar.mirakl.exchange import Call, RefusedError


class Limit(NamedTuple):
    calls: int
    seconds: int


MINUTE, HOUR, DAY = 60, 3600, 86400
ONCE_A_MINUTE: Final = (Limit(1, MINUTE),)
ONCE_AN_HOUR: Final = (Limit(1, HOUR),)
ONCE_A_DAY: Final = (Limit(1, DAY),)
EVERY_10_SECONDS: Final = (Limit(1, 10),)

MAXIMUM: Final[dict[str, tuple[Limit, ...]]] = {
    **dict.fromkeys(("A01", "A21", "AF01", "CH11", "CUR01", "DO01", "L01", "OR75"), ONCE_A_DAY),
    **dict.fromkeys(("SH11", "SH12", "SH21", "SH31", "TL03"), ONCE_A_DAY),
    **dict.fromkeys(("OF01", "OF02", "OF03", "OF04", "OF24", "OF52", "OR04", "OR11"), ONCE_A_MINUTE),
    **dict.fromkeys(("PRI01", "PRI02", "PRI03", "STO01", "STO03"), ONCE_A_MINUTE),
    **dict.fromkeys(("OF53", "TL04"), EVERY_10_SECONDS),
    "OR13": (Limit(1, 5 * MINUTE),),
    "OR14": (Limit(1, 2),),
    "OR31": (Limit(5, 1),),
    "RT11": (Limit(1, 5 * MINUTE),),
    "ST12": (Limit(1, 5 * MINUTE),),
    "STO02": (Limit(1, 15),),
    "TL02": (Limit(20, MINUTE), Limit(60, HOUR)),
}
EXTERNAL_PARTNER: Final[dict[str, tuple[Limit, ...]]] = {"OR11": (Limit(1, 15 * MINUTE),)}
# "Synchronous: at each order page display": a read of chosen orders is a person's, and is not counted.
UNCOUNTED_WITH: Final = {"OR11": "order_ids"}
# Each of these is counted for each import or export that it asks about.
COUNTED_BY_PATH: Final = frozenset({"OF02", "OF03", "OF53", "OR14", "STO02", "STO03", "PRI03", "TL04"})


class Meter:
    """Counts the calls of one shop in sliding windows, on the virtual clock."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[datetime]] = {}

    def check(self, code: str, call: Call) -> None:
        """Note the call, or raise the 429 with the seconds to wait."""
        settings = call.shop.settings
        limits = MAXIMUM.get(code, ())
        if settings.external_partner:
            limits = EXTERNAL_PARTNER.get(code, limits)
        if settings.limits == "off" or not limits or _is_continuation(code, call):
            return
        subject = f"{code} {call.request.url.path}" if code in COUNTED_BY_PATH else code
        calls = self._calls.setdefault(subject, deque())
        scaled = [_scaled(one, settings.daily_tolerance, settings.limit_scale) for one in limits]
        wait = max(_wait(calls, one, call.now) for one in scaled)
        if wait > 0:
            refusal = RefusedError(429, "Too many requests", code="TOO_MANY_REQUESTS")
            refusal.headers["Retry-After"] = str(math.ceil(wait))
            raise refusal
        calls.append(call.now)
        while len(calls) > max(one.calls for one in scaled):
            calls.popleft()


def _is_continuation(code: str, call: Call) -> bool:
    query = call.request.query_params
    chosen = UNCOUNTED_WITH.get(code)
    return bool(query.get("page_token") or query.get("offset", "0") != "0" or (chosen and query.get(chosen)))


def _scaled(limit: Limit, daily_tolerance: int, scale: float) -> Limit:
    """More calls in the window; below one call, a longer window."""
    calls = daily_tolerance if limit in ONCE_A_DAY else limit.calls
    allowed = calls * scale
    return Limit(int(allowed), limit.seconds) if allowed >= 1 else Limit(1, int(limit.seconds / allowed))


def _wait(calls: deque[datetime], limit: Limit, now: datetime) -> float:
    """Seconds until one more call is within the limit; zero or less when it is now."""
    if len(calls) < limit.calls:
        return 0.0
    return limit.seconds - (now - calls[-limit.calls]).total_seconds()
