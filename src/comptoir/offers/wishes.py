"""Many offers wanted otherwise at once: their price, their floor, shown or paused. Read, previewed, written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.journal.audit import new_change
from comptoir.journal.models import Change
from comptoir.offers.desired import recompute_desired
from comptoir.offers.models import Offer

# In the order of ids, as every writer of offers does.
_READ = """
SELECT o.id, channel.key, o.sku, o.product_id, o.desired_price, o.floor_price, o.state
FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
JOIN unnest(%(channels)s::text[], %(skus)s::text[]) AS asked (channel, sku)
    ON asked.channel = channel.key AND asked.sku = o.sku
WHERE o.network = 'seller' ORDER BY o.id
"""
_WRITE = """
UPDATE offers_offer o SET desired_price = wanted.price, floor_price = wanted.floor, price_error = '',
    state = wanted.state, changed_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(prices)s::numeric[], %(floors)s::numeric[], %(states)s::text[])
    AS wanted (id, price, floor, state)
WHERE o.id = wanted.id
"""
Name = tuple[str, str]
"""(key of the channel, SKU)."""


@dataclass(frozen=True)
class Standing:
    """What is wanted of one offer."""

    price: Decimal | None
    floor: Decimal | None
    paused: bool

    def told(self) -> dict[str, str | bool | None]:
        price, floor = (None if one is None else f"{one:f}" for one in (self.price, self.floor))
        return {"price": price, "floor": floor, "paused": self.paused}


@dataclass(frozen=True)
class Wish:
    """None leaves as it is."""

    price: Decimal | None = None
    floor: Decimal | None = None
    paused: bool | None = None

    def applied_to(self, now: Standing) -> Standing:
        return Standing(
            now.price if self.price is None else self.price,
            now.floor if self.floor is None else self.floor,
            now.paused if self.paused is None else self.paused,
        )


@dataclass(frozen=True)
class KnownOffer:
    id: int
    product_id: int | None
    state: str
    now: Standing


def why_not(after: Standing, wish: Wish) -> str:
    """A price without a floor, or under it, would never be published; "" when the wish can be granted."""
    if wish.price is None and wish.floor is None:
        return ""
    if after.floor is None:
        return "the offer has no floor price: give one"
    if after.price is not None and after.price < after.floor:
        return f"{after.price:f} is under the floor price of {after.floor:f}"
    return ""


def read_standing(names: Sequence[Name], *, lock: bool = False) -> dict[Name, KnownOffer]:
    """The offers of these names, locked until the transaction ends when asked."""
    values = {"channels": [channel for channel, _ in names], "skus": [sku for _, sku in names]}
    rows = fetch(_READ + ("FOR NO KEY UPDATE OF o" if lock else ""), values)
    return {
        (channel, sku): KnownOffer(pk, product, state, Standing(price, floor, state == Offer.State.PAUSED))
        for pk, channel, sku, product, price, floor, state in rows
    }


@transaction.atomic
def grant_wishes(wishes: Mapping[Name, Wish], *, actor: str) -> int:
    """Want them; the channels are told at their next publication. The number of offers that changed.

    Names that no offer has and wishes that `why_not` refuses are the caller's to sort out before.
    """
    known = read_standing(list(wishes), lock=True)
    changed = {
        name: (offer, wishes[name].applied_to(offer.now))
        for name, offer in known.items()
        if wishes[name].applied_to(offer.now) != offer.now
    }
    if not changed:
        return 0
    pairs = list(changed.values())
    execute(
        _WRITE,
        {"now": clock.now(), "ids": [offer.id for offer, _ in pairs], "prices": [after.price for _, after in pairs],
         "floors": [after.floor for _, after in pairs], "states": [_state(*pair) for pair in pairs]},
    )  # fmt: skip
    Change.objects.bulk_create(
        [
            new_change(actor=actor, action="offer.wanted", subject_kind="offer", subject=f"{sku} @ {channel}",
                       before=offer.now.told(), after=after.told())
            for (channel, sku), (offer, after) in changed.items()
        ],
        batch_size=2000,
    )  # fmt: skip
    moved = [o.product_id for o, after in pairs if o.product_id is not None and after.paused != o.now.paused]
    recompute_desired(moved)
    return len(changed)


def _state(offer: KnownOffer, after: Standing) -> str:
    """A paused offer that is shown again was on the channel before, as far as we know."""
    if after.paused == offer.now.paused:
        return offer.state
    return Offer.State.PAUSED if after.paused else Offer.State.LISTED
