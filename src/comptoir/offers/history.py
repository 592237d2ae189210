"""Writing what is wanted of offers: the one statement that changes it, and notes what it was before.

Who changes a wanted price otherwise leaves no trace here; the guards at publication hold all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from comptoir.core import clock
from comptoir.core.bulk import execute
from comptoir.offers.acts import OfferAct

# `before` reads the rows as they were when the statement began: its caller holds their locks. A paused offer
# that is shown again was on the channel before, unless nothing of it was ever sent or seen there. What was let
# pass holds for that price alone.
_WRITE = """
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(prices)s::numeric[], %(floors)s::numeric[], %(paused)s::bool[],
                         %(leads)s::int[], %(pass)s::bool[]) AS wanted (id, price, floor, paused, lead, pass)
),
before AS (
    SELECT o.id, o.desired_price, o.floor_price, o.state = 'paused' AS paused, o.lead_time_days
    FROM offers_offer o WHERE o.id = ANY(%(ids)s)
),
written AS (
    UPDATE offers_offer o SET desired_price = wanted.price, floor_price = wanted.floor,
        lead_time_days = wanted.lead, price_error = '', changed_at = %(now)s,
        foreign_price = CASE WHEN o.desired_price IS NOT DISTINCT FROM wanted.price THEN o.foreign_price END,
        allowed_price = CASE WHEN wanted.pass THEN wanted.price
                             WHEN o.desired_price IS NOT DISTINCT FROM wanted.price THEN o.allowed_price END,
        barred = o.barred AND wanted.paused,
        state = CASE WHEN wanted.paused = (o.state = 'paused') THEN o.state
                     WHEN wanted.paused THEN 'paused'
                     WHEN o.confirmed_price IS NULL AND o.confirmed_quantity IS NULL AND o.shown_at IS NULL
                          AND o.sent_quantity IS NULL AND o.sent_price IS NULL THEN 'new' ELSE 'listed' END
    FROM wanted WHERE o.id = wanted.id RETURNING o.id
)
INSERT INTO offers_offerchange (act_id, offer_id, at, price_before, price_after, floor_before, floor_after,
    paused_before, paused_after, lead_time_before, lead_time_after)
SELECT %(act)s, written.id, %(now)s, before.desired_price, wanted.price, before.floor_price, wanted.floor,
       before.paused, wanted.paused, before.lead_time_days, wanted.lead
FROM written JOIN before ON before.id = written.id JOIN wanted ON wanted.id = written.id
ORDER BY written.id
"""


@dataclass(frozen=True)
class Standing:
    """What is wanted of one offer."""

    price: Decimal | None
    floor: Decimal | None
    paused: bool
    lead_time: int | None = None
    """Days of preparation; None: what the rules say."""

    def told(self) -> dict[str, str | bool | int | None]:
        price, floor = (None if one is None else f"{one:f}" for one in (self.price, self.floor))
        return {"price": price, "floor": floor, "paused": self.paused, "lead_time": self.lead_time}


@dataclass(frozen=True)
class Wanted:
    offer_id: int
    after: Standing
    passes: bool = False
    """A person lets this price pass, however far it moves."""


def begin_act(kind: OfferAct.Kind, *, actor: str, words: str = "") -> OfferAct:
    return OfferAct.objects.create(kind=kind, actor=actor, words=words[:1000], at=clock.now())


def write_wanted(act: OfferAct, wanted: Sequence[Wanted]) -> int:
    """How many offers were written. Their rows are locked already, in the order of their ids."""
    if not wanted:
        return 0
    return execute(
        _WRITE,
        {"act": act.pk, "now": clock.now(), "ids": [one.offer_id for one in wanted],
         "prices": [one.after.price for one in wanted], "floors": [one.after.floor for one in wanted],
         "paused": [one.after.paused for one in wanted], "leads": [one.after.lead_time for one in wanted],
         "pass": [one.passes for one in wanted]},
    )  # fmt: skip
