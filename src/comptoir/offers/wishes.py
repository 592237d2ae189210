"""What people and programs ask of offers: their price, their floor, shown or paused, their lead time.

The first guard stands here: a price under its floor, or that moves further than its channel allows in one go, is
not wanted at all, and who asked is told why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.db import transaction

from comptoir.core.bulk import fetch
from comptoir.journal.audit import new_change, record_change
from comptoir.journal.models import Change
from comptoir.offers.acts import OfferAct
from comptoir.offers.desired import recompute_desired
from comptoir.offers.history import Standing, Wanted, begin_act, write_wanted
from comptoir.offers.lead_times import Scope, bring_lead_times_in_line
from comptoir.offers.models import Offer
from comptoir.offers.refusals import (
    BELOW_FLOOR,
    NO_FLOOR,
    NOT_POSITIVE,
    PRICE_STEP,
    Refusal,
    refused,
    tell_steps,
)
from comptoir.offers.steps import Steps, within_step
from comptoir.sdk.money import CENT

Kind = OfferAct.Kind

_COLUMNS = """
SELECT o.id, channel.key, o.sku, o.product_id, o.state, o.currency, o.desired_price, o.floor_price,
       o.lead_time_days, coalesce(o.passed_price, o.confirmed_price),
       channel.price_step_up, channel.price_step_down, channel.price_step_amount
FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
"""
# In the order of ids, as every writer of offers does.
_BY_NAME = f"""{_COLUMNS}
JOIN unnest(%(channels)s::text[], %(skus)s::text[]) AS asked (channel, sku)
    ON asked.channel = channel.key AND asked.sku = o.sku
WHERE o.network = 'seller' ORDER BY o.id
"""
_BY_ID = f"{_COLUMNS} WHERE o.id = ANY(%(ids)s) ORDER BY o.id "
_BY_SKU = f"""{_COLUMNS}
WHERE o.sku = ANY(%(skus)s::text[]) AND channel.key = ANY(%(channels)s::text[]) AND o.network = 'seller'
ORDER BY o.sku, o.channel_id
"""
_LOCK = "FOR NO KEY UPDATE OF o"
Name = tuple[str, str]
"""(key of the channel, SKU)."""


@dataclass(frozen=True)
class Wish:
    """None leaves as it is."""

    price: Decimal | None = None
    floor: Decimal | None = None
    paused: bool | None = None
    lead_time: int | None = None

    def applied_to(self, now: Standing) -> Standing:
        return Standing(
            now.price if self.price is None else self.price,
            now.floor if self.floor is None else self.floor,
            now.paused if self.paused is None else self.paused,
            now.lead_time if self.lead_time is None else self.lead_time,
        )


@dataclass(frozen=True)
class KnownOffer:
    id: int
    channel: str
    sku: str
    product_id: int | None
    state: str
    currency: str
    now: Standing
    last: Decimal | None
    """The last price of ours that the channel took."""
    steps: Steps

    @property
    def name(self) -> Name:
        return self.channel, self.sku


@dataclass
class Granted:
    changed: int = 0
    refused: dict[int, Refusal] = field(default_factory=dict)
    """By the offer's id."""
    act: OfferAct | None = None


def why_not(offer: KnownOffer, after: Standing) -> Refusal | None:
    """A price without a floor, under it, or too far from the last one would never be published."""
    if (after.price, after.floor) == (offer.now.price, offer.now.floor):
        return None
    if after.price is not None and after.price <= 0:
        return Refusal(NOT_POSITIVE)
    if after.floor is None:
        return Refusal(NO_FLOOR)
    if after.price is None:
        return None
    if after.price < after.floor:
        return Refusal(BELOW_FLOOR, {"price": after.price, "floor": after.floor})
    if after.price != offer.now.price and not within_step(after.price, last=offer.last, steps=offer.steps):
        return _too_far(offer, after.price)
    return None


def _too_far(offer: KnownOffer, price: Decimal) -> Refusal:
    last = offer.last or Decimal(0)
    lowest, highest = offer.steps.range_around(last)
    # In whole cents, inwards: each of the two is a price that passes.
    amounts = {"price": price, "last": last, "lowest": lowest.quantize(CENT, ROUND_CEILING)}
    if highest is not None:
        amounts["highest"] = highest.quantize(CENT, ROUND_FLOOR)
    return Refusal(PRICE_STEP, amounts)


def read_standing(names: Sequence[Name], *, lock: bool = False) -> dict[Name, KnownOffer]:
    """The offers of these names, locked until the transaction ends when asked."""
    values = {"channels": [channel for channel, _ in names], "skus": [sku for _, sku in names]}
    rows = fetch(_BY_NAME + (_LOCK if lock else ""), values)
    return {offer.name: offer for offer in map(_known, rows)}


def read_offers(ids: Sequence[int], *, lock: bool = False) -> dict[int, KnownOffer]:
    rows = fetch(_BY_ID + (_LOCK if lock else ""), {"ids": list(ids)})
    return {offer.id: offer for offer in map(_known, rows)}


def read_articles(skus: Sequence[str], *, channels: Sequence[str]) -> dict[str, list[KnownOffer]]:
    """The offers of each article on these channels."""
    found: dict[str, list[KnownOffer]] = {}
    for row in fetch(_BY_SKU, {"skus": list(skus), "channels": list(channels)}):
        offer = _known(row)
        found.setdefault(offer.sku, []).append(offer)
    return found


def known_offer(offer: Offer) -> KnownOffer:
    """Of an object at hand, read with its channel: for who shows a page of them."""
    channel = offer.channel
    return KnownOffer(
        offer.pk, channel.key, offer.sku, offer.product_id, offer.state, offer.currency,
        Standing(offer.desired_price, offer.floor_price, offer.state == Offer.State.PAUSED, offer.lead_time_days),
        offer.confirmed_price if offer.passed_price is None else offer.passed_price,
        Steps(channel.price_step_up, channel.price_step_down, channel.price_step_amount),
    )  # fmt: skip


def _known(row: tuple[object, ...]) -> KnownOffer:
    pk, channel, sku, product, state, currency, price, floor, lead, last, up, down, amount = row
    now = Standing(price, floor, state == Offer.State.PAUSED, lead)  # type: ignore[arg-type]
    return KnownOffer(pk, channel, sku, product, state, currency, now, last, Steps(up, down, amount))  # type: ignore[arg-type]


@transaction.atomic
def grant_wishes(
    wishes: Mapping[Name, Wish], *, actor: str, kind: Kind = Kind.API, words: str = ""
) -> Granted:
    """Want them; the channels are told at their next publication. Names that no offer has are passed over."""
    known = read_standing(list(wishes), lock=True)
    wanted = [(offer, wishes[name].applied_to(offer.now)) for name, offer in known.items()]
    granted = want(wanted, actor=actor, kind=kind, words=words)
    audit_each("offer.wanted", wanted, granted, actor=actor)
    return granted


def audit_each(
    action: str, pairs: Sequence[tuple[KnownOffer, Standing]], granted: Granted, *, actor: str
) -> None:
    """A line of the audit for each offer that was changed."""
    Change.objects.bulk_create(
        [
            new_change(
                actor=actor, action=action, subject_kind="offer", subject=f"{offer.sku} @ {offer.channel}",
                before=offer.now.told(), after=after.told(),
            )
            for offer, after in pairs
            if after != offer.now and offer.id not in granted.refused
        ],
        batch_size=2000,
    )  # fmt: skip


def want(
    pairs: Iterable[tuple[KnownOffer, Standing]], *, actor: str, kind: Kind, words: str = "", let_pass: bool = False,
    act: OfferAct | None = None, tell: bool = True,
) -> Granted:  # fmt: skip
    """Write what is wanted of locked offers, save what the guard refuses. `let_pass`: steps are no refusal;
    `tell`: they open their Issues.

    The audit is the caller's: one line for each offer, or one for the whole act.
    """
    granted, wanted, moved = Granted(act=act), [], []
    told, timed = [], []
    for offer, after in pairs:
        if after == offer.now:
            continue
        refusal = why_not(offer, after)
        passes = refusal is not None and refusal.code == PRICE_STEP and let_pass
        if refusal is not None and not passes:
            granted.refused[offer.id] = refusal
            told.append((offer.channel, offer.sku, offer.currency, refusal))
            continue
        wanted.append(Wanted(offer.id, after, passes))
        if after.lead_time != offer.now.lead_time:
            timed.append(offer.id)
        # Shown again or not at all; or it can be created now, and takes part in the last units.
        if offer.product_id is not None and (
            after.paused != offer.now.paused or offer.state == Offer.State.NEW
        ):
            moved.append(offer.product_id)
    if tell:
        tell_steps(told)
    if wanted:
        granted.act = granted.act or begin_act(kind, actor=actor, words=words)
        granted.changed = write_wanted(granted.act, wanted)
        recompute_desired(moved)
        if timed:
            bring_lead_times_in_line(Scope.offers(timed))
    return granted


def set_price(offer: Offer, price: Decimal, *, floor: Decimal | None = None, actor: str) -> None:
    """Want another price (and floor); the channel is told at the next publication.

    Raises BelowFloor; or StepTooLarge, once its Issue is open: there a person may let it pass.
    """
    with transaction.atomic():
        known = read_offers([offer.pk], lock=True)[offer.pk]
        after = Wish(price, floor).applied_to(known.now)
        granted = want([(known, after)], actor=actor, kind=Kind.PERSON)
        if not granted.refused:
            record_change(
                actor=actor, action="offer.price", subject_kind="offer",
                subject=f"{known.sku} @ {known.channel}",
                before=known.now.told(), after=after.told(),
            )  # fmt: skip
    if granted.refused:
        raise refused(granted.refused[offer.pk])
    offer.refresh_from_db(
        fields=["desired_price", "floor_price", "price_error", "changed_at", "allowed_price"]
    )


@transaction.atomic
def let_price_pass(channel: str, sku: str, price: Decimal, *, actor: str) -> None:
    """Once, and exactly this price, however far it moves. Raises BelowFloor: the floor holds all the same."""
    known = read_standing([(channel, sku)], lock=True).get((channel, sku))
    if known is None:
        raise LookupError(f"no offer of {sku} on {channel}")
    after = Wish(price).applied_to(known.now)
    refusal = why_not(known, after)
    if refusal is not None and refusal.code != PRICE_STEP:
        raise refused(refusal)
    act = begin_act(Kind.LET_PASS, actor=actor, words=sku)
    write_wanted(act, [Wanted(known.id, after, passes=True)])
    record_change(
        actor=actor, action="offer.let_pass", subject_kind="offer", subject=f"{sku} @ {channel}",
        before=known.now.told() | {"last": None if known.last is None else f"{known.last:f}"}, after=after.told(),
    )  # fmt: skip
