"""From what is available to what a channel shows: the rules of quantity, in plain Python and in SQL.

A property test holds the two together. In this order, each only where there is such a rule:

    buffer     units kept back; or `cover`, what may sell elsewhere during a cycle, where that is more
    share      that many percent of the rest, whole units
    envelope   no more than what is left of the units that the channel may sell in all
    limit      no more than this
    minimum    fewer than this: none
    always     no fewer than this, whatever the stock. A promise of units that are not there: no escrow

Escrow then divides the last units within these numbers, which never exceed what is available but for `always`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from math import ceil, sqrt

MOST = 2**31 - 1


class Stop(IntEnum):
    """Why an offer shows nothing, or is left as it is, whatever its rules say."""

    NONE = 0
    PAUSED = 1
    INACTIVE = 2
    """The product is not sold any more."""
    NOT_PUBLISHED = 3
    """The channel publishes nothing."""
    UNCOUNTED = 4
    """Nobody has counted the article yet: it keeps what the channel shows."""
    THEIRS = 5
    """The channel sells it from a stock of its own (FBA, Octopia Fulfillment): ours has no part in it."""


@dataclass(frozen=True)
class Terms:
    """What the rules make of one offer. None: no such rule."""

    buffer: int | None = None
    cover: int | None = None
    share: int | None = None
    limit: int | None = None
    minimum: int | None = None
    always: int | None = None
    rules: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Cut:
    """One rule at work: `kind` of `inventory.models.QuantityRule`, its number, what it leaves."""

    kind: str
    value: int
    before: int
    after: int


def apply_terms(
    available: int, terms: Terms, *, kept_back: int, most: int | None, envelope_left: int | None = None
) -> list[Cut]:
    """The rules one by one; the last one's `after` is what is shown, `available` where there is none.

    `kept_back` and `most` are the channel's own fields, for what no rule says.
    """
    cuts: list[Cut] = []

    def cut(kind: str, value: int, after: int) -> None:
        cuts.append(Cut(kind, value, cuts[-1].after if cuts else available, after))

    def left() -> int:
        return cuts[-1].after if cuts else available

    buffer = kept_back if terms.buffer is None else terms.buffer
    if terms.cover is not None and terms.cover > buffer:
        cut("cover", terms.cover, max(0, available - terms.cover))
    elif buffer or terms.buffer is not None:
        cut("buffer", buffer, max(0, available - buffer))
    if terms.share is not None:
        cut("share", terms.share, left() * terms.share // 100)
    if envelope_left is not None:
        cut("envelope", envelope_left, min(left(), envelope_left))
    limit = most if terms.limit is None else terms.limit
    if limit is not None:
        cut("limit", limit, min(left(), limit))
    if terms.minimum is not None:
        cut("minimum", terms.minimum, 0 if left() < terms.minimum else left())
    if terms.always is not None:
        cut("always", terms.always, max(left(), terms.always))
    return cuts


def published(
    available: int, terms: Terms, *, kept_back: int, most: int | None, envelope_left: int | None = None
) -> int:
    cuts = apply_terms(available, terms, kept_back=kept_back, most=most, envelope_left=envelope_left)
    return cuts[-1].after if cuts else available


def cover_units(percent: int, daily: float, cycle_s: float) -> int:
    """What may sell on the other pools, `daily` units a day, during one cycle of the channel: mean + 3 σ of a
    Poisson law, and that many percent of it."""
    mean = daily * cycle_s / 86_400
    return ceil(round((mean + 3 * sqrt(mean)) * percent / 100, 6))


# The same of the rows `told`, `elsewhere` and `offer`; a channel whose cycle was never measured keeps nothing back.
_MEAN = "(coalesce(elsewhere.daily, 0) * coalesce(offer.cycle_s, 0) / 86400)"
COVER_UNITS = f"ceil(round((({_MEAN} + 3 * sqrt({_MEAN})) * told.cover / 100)::numeric, 6))::int"
# What an envelope has left: all that its pool sold since the rule began, cancelled units given back. Reads
# orders only for the offers that have one.
ENVELOPE_LEFT = """CASE WHEN ruling.envelope IS NOT NULL THEN greatest(0, ruling.envelope - (
    SELECT coalesce(sum(line.quantity - line.cancelled_quantity), 0)
    FROM orders_orderline line JOIN orders_order sale_order ON sale_order.id = line.order_id
    WHERE line.product_id = o.product_id AND line.fulfilled_by = 'seller' AND NOT sale_order.test
      AND sale_order.placed_at >= ruling.envelope_from AND line.status NOT IN ('cancelled', 'refused')
      AND sale_order.status NOT IN ('cancelled', 'refused')
      AND sale_order.channel_id IN (SELECT id FROM channels_channel member
                                    WHERE member.stock_pool = channel.stock_pool)))::int END"""
# What buffer, cover, share, envelope and limit leave: of the rows `channel` (channels_channel), `ruling`
# (offers_ruling, or nulls) and `sellable`.
UNCUT = f"""least(greatest(sellable.available - greatest(coalesce(ruling.buffer, channel.stock_buffer),
        coalesce(ruling.cover, 0)), 0) * coalesce(ruling.share, 100) / 100,
    {ENVELOPE_LEFT}, coalesce(ruling.most, channel.stock_limit, {MOST}))"""
# `published`, of that column and the two rules that come last.
PUBLISHED = "greatest(always, CASE WHEN uncut < minimum THEN 0 ELSE uncut END)::int"
