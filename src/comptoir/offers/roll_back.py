"""Going back to what was wanted at an earlier instant: of one offer, of some, of a channel, of everything.

What stood then is what the first change after it found. A roll-back is an act like any other: it goes through the
same guards, it is written down, and it can be gone back on itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from comptoir.core.bulk import fetch
from comptoir.journal.audit import record_change
from comptoir.offers.acts import OfferAct
from comptoir.offers.history import Standing
from comptoir.offers.refusals import PRICE_STEP, Refusal
from comptoir.offers.wishes import Granted, KnownOffer, read_offers, want, why_not

CHUNK = 5_000
SHOWN = 100
"""Rows that a preview keeps; it counts them all."""

_SINCE = """
FROM offers_offerchange c
JOIN offers_offer o ON o.id = c.offer_id
JOIN channels_channel channel ON channel.id = o.channel_id
WHERE (c.at > %(at)s::timestamptz OR c.act_id >= %(before_act)s::bigint)
  AND (%(channel)s = '' OR channel.key = %(channel)s)
  AND (cardinality(%(only)s::text[]) = 0 OR channel.key = ANY(%(only)s::text[]))
  AND (cardinality(%(offers)s::bigint[]) = 0 OR o.id = ANY(%(offers)s::bigint[]))
  AND (%(of_act)s::bigint IS NULL
       OR c.offer_id = ANY(ARRAY(SELECT mine.offer_id FROM offers_offerchange mine WHERE mine.act_id = %(of_act)s)))
"""
_FIRST = f"""
SELECT DISTINCT ON (c.offer_id) c.offer_id, c.price_before, c.floor_before, c.paused_before, c.lead_time_before
{_SINCE} AND c.offer_id > %(after)s
ORDER BY c.offer_id, c.id LIMIT {CHUNK}
"""
_NEWEST = f"SELECT coalesce(max(c.id), 0) {_SINCE}"


class ChangedMeanwhile(RuntimeError):  # noqa: N818
    """Somebody changed one of these offers after the preview: look at it again."""


@dataclass(frozen=True)
class Target:
    """Where to go back to, and which offers. Without any of the last four: every offer."""

    at: datetime | None = None
    before_act: int | None = None
    """Just before this act, instead of to an instant."""
    channel: str = ""
    offers: Sequence[int] = ()
    of_act: int | None = None
    """Those that this act changed."""
    only: Sequence[str] = ()
    """The only channels that exist for who asks."""

    @classmethod
    def undo(cls, act: int, *, only: Sequence[str] = ()) -> Target:
        return cls(before_act=act, of_act=act, only=only)

    def values(self) -> dict[str, Any]:
        if (self.at is None) == (self.before_act is None):
            raise ValueError("either an instant or an act to go back before")
        return {"at": self.at, "before_act": self.before_act, "channel": self.channel, "of_act": self.of_act,
                "offers": list(self.offers), "only": list(self.only)}  # fmt: skip

    def told(self) -> str:
        there = "" if self.at is None else self.at.isoformat(timespec="seconds")
        return f"#{self.before_act}" if self.before_act is not None else there


@dataclass(frozen=True)
class Back:
    offer: KnownOffer
    after: Standing
    refusal: Refusal | None


@dataclass
class Preview:
    changes: int = 0
    too_far: int = 0
    """Held back by the steps of their channel; a person may let them pass."""
    refused: int = 0
    """Held back by a floor."""
    rows: list[Back] = field(default_factory=list)
    upto: int = 0
    """The newest change that it counted with: `roll_back` refuses when there is a newer one."""

    @property
    def total(self) -> int:
        return self.changes + self.too_far + self.refused


def preview_roll_back(target: Target) -> Preview:
    preview = Preview(upto=_newest(target))
    for back in (back for backs in _chunks(target, lock=False) for back in backs):
        if back.refusal is None:
            preview.changes += 1
        elif back.refusal.code == PRICE_STEP:
            preview.too_far += 1
        else:
            preview.refused += 1
        if len(preview.rows) < SHOWN:
            preview.rows.append(back)
    return preview


@transaction.atomic
def roll_back(target: Target, *, upto: int, actor: str, let_pass: bool = False) -> Granted:
    """Want again what was wanted then: what a preview showed, or nothing. Raises ChangedMeanwhile."""
    whole = Granted()
    for backs in _chunks(target, lock=True):
        pairs = [(back.offer, back.after) for back in backs]
        done = want(pairs, actor=actor, kind=OfferAct.Kind.ROLL_BACK, words=target.told(), let_pass=let_pass,
                    act=whole.act, tell=False)  # fmt: skip
        whole.act, whole.changed = done.act, whole.changed + done.changed
        whole.refused |= done.refused
    # After the locks are held: what is newer now was written between the preview and them.
    if _newest(target, but=whole.act) != upto:
        raise ChangedMeanwhile("an offer was changed after the preview")
    if whole.act is not None:
        record_change(
            actor=actor, action="offers.roll_back", subject_kind="offers", subject=target.channel or "all",
            after={"act": whole.act.pk, "to": target.told(), "offers": whole.changed, "refused": len(whole.refused),
                   "let_pass": let_pass},
        )  # fmt: skip
    return whole


def _newest(target: Target, *, but: OfferAct | None = None) -> int:
    mine = "" if but is None else f" AND c.act_id <> {int(but.pk)}"
    return int(fetch(_NEWEST + mine, target.values())[0][0])


def _chunks(target: Target, *, lock: bool) -> Iterator[list[Back]]:
    after = 0
    while rows := fetch(_FIRST, {**target.values(), "after": after}):
        after = rows[-1][0]
        known = read_offers([row[0] for row in rows], lock=lock)
        backs = (_back(known[pk], *then) for pk, *then in rows if pk in known)
        yield [back for back in backs if back.after != back.offer.now]


def _back(
    offer: KnownOffer, price: Decimal | None, floor: Decimal | None, paused: bool, lead_time: int | None
) -> Back:
    """A price or a floor that was blank then stays what it is: a blank would only refuse."""
    now = offer.now
    after = Standing(
        now.price if price is None else price, now.floor if floor is None else floor, paused, lead_time
    )
    return Back(offer, after, why_not(offer, after))
