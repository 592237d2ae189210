"""The second guard, in the very statement that claims: what it does not let through never becomes an item.

It shares nothing with the first (`steps`, where a price is decided) nor with the third
(`flows.strict_writer`, on the records just before they leave): whoever writes a price past one of them meets the
next. `%(channel)s` is the channel's id.
"""

from __future__ import annotations

# Steps are measured from the last price of ours that the channel took. What somebody else wrote there is no
# reason to hold ours back.
LAST_PRICE = "coalesce(passed_price, confirmed_price, 0)"
_UP, _DOWN, _AMOUNT = (
    f"(SELECT {column} FROM channels_channel WHERE id = %(channel)s)"  # noqa: S608 - our own names
    for column in ("price_step_up", "price_step_down", "price_step_amount")
)
# A limit that is not set compares as null, and holds nothing back. A first price has no step; one that a
# person let pass is let pass at exactly that price.
STEP_HOLDS = f"""({LAST_PRICE} <= 0 OR desired_price IS NOT DISTINCT FROM allowed_price
      OR ((desired_price * 100 > {LAST_PRICE} * (100 + {_UP})) IS NOT TRUE
      AND (desired_price * 100 < {LAST_PRICE} * (100 - {_DOWN})) IS NOT TRUE
      AND (abs(desired_price - {LAST_PRICE}) > {_AMOUNT}) IS NOT TRUE))"""
# The columns that the strict writer judges again.
TOLD = "passed_price, confirmed_price, allowed_price"
