"""Values at a channel that are not ours: somebody in its back-office, or another tool, wrote them.

One writer per (channel, SKU, field). What a reading finds and we did not put there is foreign, unless something of ours
explains it: an older write of ours that the channel carried out late, or units that sold there since. A quantity is
always ours: it is what protects from overselling. For a price each channel has a rule: ours wins, theirs wins (it is
wanted from then on, through the guards), or a person is asked; meanwhile no price of that offer leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.journal.audit import record_change
from comptoir.offers.acts import OfferAct
from comptoir.offers.listing import Drift
from comptoir.offers.refusals import refused
from comptoir.offers.submissions import ITEMS
from comptoir.offers.wishes import Wish, audit_each, read_standing, want

LATE = timedelta(days=3)
"""So long after it was sent may a write of ours still show up: bulk files of some channels wait for days."""
_OURS = f"""
SELECT DISTINCT drift.place
FROM unnest(%(skus)s::text[], %(whats)s::text[], %(theirs)s::numeric[]) WITH ORDINALITY
     AS drift (sku, what, theirs, place)
JOIN offers_offer o ON o.channel_id = %(channel)s AND o.sku = drift.sku
CROSS JOIN {ITEMS} item
JOIN offers_submission submission ON submission.id = item.submission_id AND submission.created_at > %(since)s
WHERE CASE drift.what WHEN 'price' THEN item.price = drift.theirs ELSE item.quantity = drift.theirs END
"""  # noqa: S608 - our own text
# Fewer than we put there, by no more than what sold there since our last figure left.
_SOLD = f"""
SELECT drift.place
FROM unnest(%(skus)s::text[], %(whats)s::text[], %(theirs)s::numeric[], %(ours)s::numeric[]) WITH ORDINALITY
     AS drift (sku, what, theirs, ours, place)
JOIN orders_orderline line ON line.sku = drift.sku
JOIN orders_order sale ON sale.id = line.order_id AND sale.channel_id = %(channel)s AND sale.placed_at > greatest(
    %(since)s, (SELECT max(submission.created_at) FROM offers_offer o
                CROSS JOIN {ITEMS} item
                JOIN offers_submission submission ON submission.id = item.submission_id
                WHERE item.quantity IS NOT NULL AND o.channel_id = %(channel)s AND o.sku = drift.sku
                  AND o.network = 'seller'))
WHERE drift.what = 'quantity' AND drift.theirs < drift.ours
GROUP BY drift.place, drift.ours, drift.theirs HAVING sum(line.quantity) >= drift.ours - drift.theirs
"""  # noqa: S608 - our own text
_ASK = """
UPDATE offers_offer SET foreign_price = shown_price WHERE channel_id = %s AND network = 'seller' AND sku = ANY(%s)
"""
_ANSWER = "UPDATE offers_offer SET foreign_price = NULL WHERE channel_id = %s AND network = 'seller' AND sku = ANY(%s)"
_ACCEPT = """
UPDATE offers_offer SET foreign_price = NULL, passed_price = shown_price
WHERE channel_id = %s AND network = 'seller' AND sku = ANY(%s)
"""
_ASKED = """
SELECT sku, foreign_price IS NOT DISTINCT FROM shown_price FROM offers_offer
WHERE channel_id = %s AND network = 'seller' AND sku = ANY(%s) AND foreign_price IS NOT NULL
"""


@dataclass(frozen=True)
class Foreign:
    drift: Drift
    outcome: str
    """ours, theirs or ask."""
    why: str = ""
    """Why theirs could not be taken, where the rule says theirs."""


def explained_by_ours(channel: Channel, drifts: Sequence[Drift]) -> set[int]:
    """Places in `drifts` of what is no foreign write."""
    if not drifts:
        return set()
    values = {"channel": channel.pk, "since": clock.now() - LATE, "skus": [one.sku for one in drifts],
              "whats": [one.what for one in drifts], "theirs": [Decimal(one.theirs) for one in drifts],
              "ours": [Decimal(one.ours) for one in drifts]}  # fmt: skip
    return {int(row[0]) - 1 for statement in (_OURS, _SOLD) for row in fetch(statement, values)}


@transaction.atomic
def settle_foreign(channel: Channel, drifts: Sequence[Drift]) -> list[Foreign]:
    """Name what is foreign, and do what the channel's rule says."""
    ours = explained_by_ours(channel, drifts)
    found = [drift for place, drift in enumerate(drifts) if place not in ours]
    prices = [drift for drift in found if drift.what == "price"]
    settled = [Foreign(drift, "ours") for drift in found if drift.what != "price"]
    rule = channel.foreign_price
    if rule == Channel.ForeignPrice.OURS or not prices:
        return settled + [Foreign(drift, "ours") for drift in prices]
    why = (
        _take_theirs(channel, prices) if rule == Channel.ForeignPrice.THEIRS else {d.sku: "" for d in prices}
    )
    execute(_ASK, [channel.pk, sorted(why)])
    return settled + [
        Foreign(drift, "ask", why[drift.sku]) if drift.sku in why else Foreign(drift, "theirs")
        for drift in prices
    ]


def still_asked(channel: Channel, skus: Sequence[str]) -> set[str]:
    """Of these, those whose question stands: the channel shows what it was asked about. The others' is over."""
    asked = fetch(_ASKED, [channel.pk, list(skus)])
    execute(_ANSWER, [channel.pk, [sku for sku, same in asked if not same]])
    return {sku for sku, same in asked if same}


@transaction.atomic
def answer_foreign(channel: Channel, sku: str, *, theirs: bool, actor: str) -> None:
    """Whose price it shall be. Raises BelowFloor when theirs is under the floor, LookupError without a question."""
    name = (channel.key, sku)
    known = read_standing([name], lock=True).get(name)
    asked = fetch(
        "SELECT foreign_price FROM offers_offer WHERE channel_id = %s AND sku = %s AND foreign_price IS NOT NULL",
        [channel.pk, sku],
    )
    if known is None or not asked:
        raise LookupError(f"nothing is asked about {sku} on {channel.key} any more")
    price = asked[0][0]
    if theirs:
        pairs = [(known, Wish(price).applied_to(known.now))]
        done = want(pairs, actor=actor, kind=OfferAct.Kind.THEIRS, words=sku, let_pass=True)
        for refusal in done.refused.values():
            raise refused(refusal)
    execute(_ACCEPT if theirs else _ANSWER, [channel.pk, [sku]])
    record_change(
        actor=actor, action="offer.foreign_price", subject_kind="offer", subject=f"{sku} @ {channel.key}",
        before=known.now.told(), after={"theirs": f"{price:f}", "wins": "theirs" if theirs else "ours"},
    )  # fmt: skip


def _take_theirs(channel: Channel, prices: Sequence[Drift]) -> dict[str, str]:
    """By rule; those that the guards refuse, with why."""
    wishes = {(channel.key, drift.sku): Wish(Decimal(drift.theirs)) for drift in prices}
    known = read_standing(list(wishes), lock=True)
    pairs = [(offer, wishes[name].applied_to(offer.now)) for name, offer in known.items()]
    done = want(pairs, actor="comptoir", kind=OfferAct.Kind.THEIRS, words=channel.key, tell=False)
    audit_each("offer.wanted", pairs, done, actor="comptoir")
    kept_out = {
        offer.sku: done.refused[offer.id].words for offer in known.values() if offer.id in done.refused
    }
    execute(_ACCEPT, [channel.pk, [offer.sku for offer in known.values() if offer.sku not in kept_out]])
    return kept_out
