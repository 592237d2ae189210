"""How far a price may move in one go. The first guard: asked where a price is decided, before it is wanted.

The others are written apart, on purpose: `price_guard` in the statement that claims, and
`flows.strict_writer` on the records just before they leave. A property test holds the three together.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Steps:
    """Of one channel; None sets no limit. The tightest one holds."""

    up_percent: Decimal | None = None
    down_percent: Decimal | None = None
    amount: Decimal | None = None
    """In the currency of the channel, up or down."""

    def range_around(self, last: Decimal) -> tuple[Decimal, Decimal | None]:
        """The lowest and the highest price that one step from `last` reaches; None: no highest."""
        lowest, highest = [Decimal(0)], []
        if self.down_percent is not None:
            lowest.append(last - last * self.down_percent / HUNDRED)
        if self.up_percent is not None:
            highest.append(last + last * self.up_percent / HUNDRED)
        if self.amount is not None:
            lowest.append(last - self.amount)
            highest.append(last + self.amount)
        return max(lowest), min(highest) if highest else None


def within_step(price: Decimal, *, last: Decimal | None, steps: Steps) -> bool:
    """`last`: the last price of ours that the channel took; None, or nothing: a first price, which has no step."""
    if last is None or last <= 0:
        return True
    lowest, highest = steps.range_around(last)
    return lowest <= price and (highest is None or price <= highest)
