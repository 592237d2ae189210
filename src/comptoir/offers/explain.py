"""« Why this number? » for any offer, now or at any instant of the past, from the shelf to the channel.

A decision (`offers_decision`) says what was decided and under which rules; `facts` say what there was. Both are
written by the statements that change the numbers, so the answer for last Tuesday is as exact as the one for now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.inventory.models import QuantityRule
from comptoir.offers.facts import Facts, read_facts
from comptoir.offers.models import Decision, Offer, Ruling
from comptoir.offers.publication import Stop, Terms, apply_terms
from comptoir.offers.submissions import ITEMS

CHANGES_SHOWN = 40


@dataclass(frozen=True)
class RuleCut:
    """One rule at work: what it takes its part of, and what it leaves. No rule: a field of the channel."""

    kind: str
    value: int
    before: int
    after: int
    rule: QuantityRule | None


@dataclass(frozen=True)
class SentWrite:
    """The last write of a quantity that was claimed: `sent_at` and `closed_at` are empty until then."""

    submission: int
    quantity: int
    claimed_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None
    outcome: str
    """"" while the channel has not answered."""


@dataclass(frozen=True)
class Explanation:
    at: datetime | None
    """None: now."""
    known: bool
    """False: the history does not go back so far."""
    facts: Facts
    stop: Stop
    cuts: list[RuleCut]
    """Empty where `stop` decides."""
    quantity: int
    """What the offer should show, as it was decided."""
    decided_at: datetime | None
    own: int
    """What stock and rules give by themselves."""
    few: bool
    """In escrow: `quantity` is the share of the channel's pool."""
    at_stake: int | None
    """In escrow: what all pools may still sell before we hear of it, when it was decided."""
    others: list[tuple[str, int]]
    """What the other channels of the same article should show: name and units."""
    sent: SentWrite | None
    confirmed: SentWrite | None
    shown: int | None
    """What the last reading of the channel found there."""
    shown_since: datetime | None
    changes: list[datetime]
    """The last instants at which anything of this changed, the newest first."""

    @property
    def agrees(self) -> bool:
        """The steps give the number. They do not while it waits to be computed again."""
        return self.few or self.stop in (Stop.UNCOUNTED, Stop.THEIRS) or self.own == self.quantity


_WRITES = f"""
SELECT submission.id, item.quantity, submission.created_at, submission.sent_at,
       CASE WHEN submission.closed_at <= %(at)s THEN submission.closed_at END,
       CASE WHEN submission.closed_at <= %(at)s THEN item.outcome ELSE '' END
FROM offers_offer o CROSS JOIN {ITEMS} item JOIN offers_submission submission ON submission.id = item.submission_id
WHERE o.id = %(offer)s AND item.quantity IS NOT NULL AND submission.created_at <= %(at)s {{}}
ORDER BY submission.created_at DESC, submission.id DESC LIMIT 1
"""  # noqa: S608 - our own text
_SENT = _WRITES.format("")
_CONFIRMED = _WRITES.format("AND submission.closed_at <= %(at)s AND item.outcome = 'done'")
_SEEN = """
SELECT quantity, at FROM offers_sighting WHERE offer_id = %(offer)s AND at <= %(at)s ORDER BY at DESC, id DESC LIMIT 1
"""
_OTHERS = """
SELECT channel.key, channel.name, decided.quantity
FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
CROSS JOIN LATERAL (SELECT quantity FROM offers_decision d WHERE d.offer_id = o.id AND d.at <= %(at)s
                    ORDER BY d.at DESC, d.id DESC LIMIT 1) decided
WHERE o.product_id = %(product)s AND o.id <> %(offer)s AND o.network = 'seller' ORDER BY channel.name
"""
_CHANGES = f"""
SELECT at FROM (
    (SELECT at FROM offers_decision WHERE offer_id = %(offer)s ORDER BY at DESC LIMIT %(most)s)
    UNION (SELECT at FROM offers_sighting WHERE offer_id = %(offer)s ORDER BY at DESC LIMIT %(most)s)
    UNION (SELECT coalesce(recorded_at, at) FROM inventory_stockmovement WHERE product_id = ANY(%(products)s)
           ORDER BY id DESC LIMIT %(most)s)
    UNION (SELECT at FROM inventory_reservationchange WHERE product_id = ANY(%(products)s)
           ORDER BY at DESC LIMIT %(most)s)
    UNION (SELECT unnest(ARRAY[s.created_at, s.sent_at, s.closed_at]) FROM offers_offer o CROSS JOIN {ITEMS} item
           JOIN offers_submission s ON s.id = item.submission_id
           WHERE o.id = %(offer)s AND item.quantity IS NOT NULL ORDER BY 1 DESC LIMIT %(most)s)
) changed WHERE at IS NOT NULL ORDER BY at DESC LIMIT %(most)s
"""  # noqa: S608 - our own text


def explain_quantity(
    offer: Offer, at: datetime | None = None, *, sees: Callable[[str], bool] = lambda _: True
) -> Explanation:
    """`offer` with its channel and its product. `sees`: whether the reader sees the channel of a key."""
    instant = at or clock.now()
    values = {"offer": offer.pk, "at": instant, "product": offer.product_id}
    theirs = offer.network == Offer.Network.CHANNEL
    facts = read_facts(offer.product, at) if offer.product and not theirs else Facts()
    decision = Decision.objects.filter(offer=offer.pk, at__lte=instant).order_by("-at", "-id").first()
    stop = Stop.THEIRS if theirs else Stop(decision.stop if decision and at is not None else offer.stop)
    cuts = _cuts(offer, decision, facts.available)
    own = 0 if stop is not Stop.NONE else cuts[-1].after if cuts else facts.available
    decided = decision.quantity if decision is not None else 0
    quantity = offer.desired_quantity if at is None else decided
    seen = fetch(_SEEN, values)
    if theirs:
        quantity = (offer.shown_quantity if at is None else seen[0][0] if seen else 0) or 0
    return Explanation(
        at, at is None or decision is not None, _told(facts, sees), stop, [] if stop else cuts, quantity,
        None if decision is None else decision.at, own,
        offer.in_escrow if at is None else decision is not None and decision.few,
        None if decision is None else decision.at_stake,
        [(str(name), int(units)) for key, name, units in fetch(_OTHERS, values) if sees(key)],
        _write(_SENT, values), _write(_CONFIRMED, values),
        seen[0][0] if seen else None, seen[0][1] if seen else None, _changes(offer, facts),
    )  # fmt: skip


def _cuts(offer: Offer, decision: Decision | None, available: int) -> list[RuleCut]:
    channel = offer.channel
    kept_back, most = channel.stock_buffer, channel.stock_limit
    left: int | None = None
    ruling = offer.ruling_id
    if decision is not None:
        kept_back, most, left = decision.kept_back, decision.most, decision.envelope_left
        ruling = decision.ruling_id
    found = Ruling.objects.filter(pk=ruling).first() if ruling is not None else None
    terms = Terms() if found is None else Terms(
        found.buffer, found.cover, found.share, found.most, found.minimum, found.always, tuple(found.rules)
    )  # fmt: skip
    if found is not None and found.envelope is not None and left is None:
        left = found.envelope
    rules = {
        rule.kind: rule
        for rule in QuantityRule.objects.filter(pk__in=terms.rules).select_related("product", "channel")
    }
    steps = apply_terms(available, terms, kept_back=kept_back, most=most, envelope_left=left)
    return [RuleCut(s.kind, s.value, s.before, s.after, rules.get(s.kind)) for s in steps]


def _told(facts: Facts, sees: Callable[[str], bool]) -> Facts:
    kept = [
        k if sees(k.channel) else replace(k, order="", channel="", channel_name="") for k in facts.keepings
    ]
    return replace(facts, keepings=kept)


def _write(statement: str, values: dict[str, object]) -> SentWrite | None:
    rows = fetch(statement, values)
    if not rows:
        return None
    number, quantity, claimed_at, sent_at, closed_at, outcome = rows[0]
    at = values["at"]
    left = sent_at if sent_at is not None and isinstance(at, datetime) and sent_at <= at else None
    return SentWrite(number, quantity, claimed_at, left, closed_at, outcome)


def _changes(offer: Offer, facts: Facts) -> list[datetime]:
    if offer.product is None:
        products = []
    elif offer.product.is_kit:
        products = list(offer.product.components.values_list("component_id", flat=True))
    else:
        products = [offer.product.pk]
    rows = fetch(_CHANGES, {"offer": offer.pk, "products": products, "most": CHANGES_SHOWN})
    return [row[0] for row in rows]
