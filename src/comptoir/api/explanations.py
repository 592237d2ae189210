"""« Why this number? » of an offer, now or at any instant of the past."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, seen_by
from comptoir.api.problems import Problem
from comptoir.api.reading import Row, answer_json, to_utc
from comptoir.api.texts import Id
from comptoir.core import clock
from comptoir.offers.explain import Explanation, RuleCut, SentWrite, explain_quantity
from comptoir.offers.models import Offer

router = Router(tags=["offers"])


class ShelfOut(Schema):
    warehouse: str
    sellable: bool
    on_hand: int
    reserved: int


class PartOut(Schema):
    sku: str
    each: int
    """Units of it in what is offered: 1 but in a kit."""
    available: int
    warehouses: list[ShelfOut]


class KeepingOut(Schema):
    order: str
    """Empty for an order of a channel that the key does not see."""
    channel: str
    sku: str
    warehouse: str
    units: int


class CutOut(Schema):
    kind: str
    value: int
    before: int
    after: int
    rule: int | None
    """Null: the channel's own field."""
    version: int | None


class WriteOut(Schema):
    submission: int
    quantity: int
    claimed_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None
    outcome: str


class OtherOut(Schema):
    channel: str
    quantity: int


class ExplanationOut(Schema):
    offer: int
    at: datetime
    known: bool
    """False: the history does not go back so far."""
    parts: list[PartOut]
    reserved_by: list[KeepingOut]
    available: int
    stop: str
    rules: list[CutOut]
    own_quantity: int
    """What stock and rules give by themselves."""
    in_escrow: bool
    at_stake: int | None
    """In escrow: what all channels together may still sell before it is known here."""
    others: list[OtherOut]
    quantity: int
    decided_at: datetime | None
    agrees: bool
    sent: WriteOut | None
    confirmed: WriteOut | None
    shown_quantity: int | None
    shown_since: datetime | None
    changes: list[datetime]
    """The last instants at which anything of this changed, the newest first."""


@router.get(
    "/{offer_id}/explanation", response=ExplanationOut, auth=Key(Permission.SEE), summary="Why this quantity?"
)
def explain_offer(request: HttpRequest, offer_id: Id, at: AwareDatetime | None = None) -> HttpResponse:
    """`at`: any instant of the past; without it, now."""
    key = caller(request)
    offers = Offer.objects.select_related("channel", "product").filter(pk=offer_id)
    offer = seen_by(request, offers, "channel__key").first()
    if offer is None:
        raise Problem(404, "not_found", "Nothing has this name.")
    now = clock.now()
    instant = to_utc(at) if at is not None and to_utc(at) < now else None
    return answer_json(_told(offer, explain_quantity(offer, instant, sees=key.sees), instant or now))


def _told(offer: Offer, told: Explanation, at: datetime) -> Row:
    return {
        "offer": offer.pk, "at": at, "known": told.known,
        "parts": [
            {"sku": part.sku, "each": part.each, "available": part.available,
             "warehouses": [{"warehouse": s.code, "sellable": s.sellable, "on_hand": s.on_hand, "reserved": s.reserved}
                            for s in part.shelves]}
            for part in told.facts.parts
        ],
        "reserved_by": [
            {"order": k.order, "channel": k.channel, "sku": k.sku, "warehouse": k.warehouse, "units": k.units}
            for k in told.facts.keepings
        ],
        "available": told.facts.available, "stop": told.stop.name.lower(),
        "rules": [_cut(cut) for cut in told.cuts],
        "own_quantity": told.own, "in_escrow": told.few, "at_stake": told.at_stake,
        "others": [{"channel": name, "quantity": units} for name, units in told.others],
        "quantity": told.quantity, "decided_at": told.decided_at, "agrees": told.agrees,
        "sent": _write(told.sent), "confirmed": _write(told.confirmed),
        "shown_quantity": told.shown, "shown_since": told.shown_since, "changes": told.changes,
    }  # fmt: skip


def _cut(cut: RuleCut) -> Row:
    rule = cut.rule
    number, version = (None, None) if rule is None else (rule.number, rule.version)
    return {"kind": cut.kind, "value": cut.value, "before": cut.before, "after": cut.after, "rule": number,
            "version": version}  # fmt: skip


def _write(write: SentWrite | None) -> Row | None:
    return None if write is None else dict(vars(write))
