"""Preparation times: their rules, seen before they are kept, and why an offer tells what it tells."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, seen_by
from comptoir.api.problems import Problem
from comptoir.api.reading import Row, answer_json
from comptoir.api.texts import Body, Id, Sentence, Word
from comptoir.api.transactions import whole
from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.flows.apply_lead_times import tell_channels
from comptoir.inventory.calendar_models import LONGEST
from comptoir.inventory.lead_time_rules import BadLeadTime, LeadTimeDraft, current_lead_times, told
from comptoir.inventory.models import LeadTimeRule
from comptoir.offers.lead_time_reasons import LeadTimeReason, explain_lead_time
from comptoir.offers.lead_time_rules import keep_lead_time, preview_lead_time, remove_lead_time
from comptoir.offers.models import Offer

router = Router(tags=["lead times"])
offers = Router(tags=["offers"])
Days = Annotated[int, Field(ge=0, le=LONGEST, description="Working days.")]


class LeadTimeRuleOut(Schema):
    id: int
    days: int
    product: str | None
    """Its SKU."""
    family: str
    channel: str | None
    """Its key; null: every channel."""


class LeadTimeRulesOut(Schema):
    rules: list[LeadTimeRuleOut]


class LeadTimeRuleIn(Body):
    days: Days
    product: Word = ""
    family: Annotated[Sentence, Field(max_length=120)] = ""
    channel: Word = ""


class LeadTimeChangeOut(Schema):
    sku: str
    channel: str
    before: int | None
    after: int | None


class LeadTimePreviewOut(Schema):
    looked_at: int
    """Offers, the first ones that the rule concerns."""
    changed: int
    changes: list[LeadTimeChangeOut]


class ClosedDayOut(Schema):
    day: date
    why: str
    """`rest`, `holiday` or `closure`."""
    name: str


class PlaceOut(Schema):
    warehouse: str
    """Empty: the house's calendar."""
    past_cutoff: bool
    taken_on: date
    leaves_on: date
    passed_over: list[ClosedDayOut]
    days: int
    """As the channel counts them."""


class LeadTimeOut(Schema):
    offer: int
    working_days: int | None
    """Null: no rule, and the channel is told nothing."""
    asked: bool
    """Of this very offer; else `rule` says it."""
    rule: int | None
    counts: str
    places: list[PlaceOut]
    days: int | None
    """What these give, as the channel counts them."""
    desired: int | None
    sent: int | None
    sent_at: datetime | None
    confirmed: int | None
    confirmed_at: datetime | None
    error: str


@router.get("", response=LeadTimeRulesOut, auth=Key(Permission.SEE), summary="Rules of preparation")
def list_lead_times(request: HttpRequest) -> HttpResponse:
    return answer_json({"rules": [_told(rule) for rule in current_lead_times(caller(request).channels)]})


@router.post(
    "/preview", response=LeadTimePreviewOut, auth=Key(Permission.CHANGE_OFFERS),
    summary="What a rule would change; nothing is written",
)  # fmt: skip
def preview(request: HttpRequest, rule: LeadTimeRuleIn) -> HttpResponse:
    try:
        seen = preview_lead_time(_draft(request, rule), sees=caller(request).sees)
    except BadLeadTime as error:
        raise _refused(error) from error
    changes = [
        {"sku": c.sku, "channel": c.channel, "before": c.before, "after": c.after} for c in seen.changes
    ]
    return answer_json({"looked_at": seen.looked_at, "changed": seen.changed, "changes": changes})


@router.post("", response=LeadTimeRuleOut, auth=Key(Permission.CHANGE_OFFERS), summary="Keep a new rule")
@whole
def create_lead_time(request: HttpRequest, rule: LeadTimeRuleIn) -> HttpResponse:
    return _keep(request, rule, None)


@router.put(
    "/{rule_id}", response=LeadTimeRuleOut, auth=Key(Permission.CHANGE_OFFERS), summary="Change a rule"
)
@whole
def change_lead_time(request: HttpRequest, rule_id: Id, rule: LeadTimeRuleIn) -> HttpResponse:
    _written(request, rule_id)
    return _keep(request, rule, rule_id)


@router.delete(
    "/{rule_id}", response=LeadTimeRuleOut, auth=Key(Permission.CHANGE_OFFERS), summary="Remove a rule"
)
@whole
def delete_lead_time(request: HttpRequest, rule_id: Id) -> HttpResponse:
    rule = _told(_written(request, rule_id))
    remove_lead_time(rule_id, actor=str(caller(request)))
    tell_channels()
    return answer_json(rule)


@offers.get(
    "/{offer_id}/lead-time",
    response=LeadTimeOut,
    auth=Key(Permission.SEE),
    summary="Why this preparation time?",
)
def explain(request: HttpRequest, offer_id: Id) -> HttpResponse:
    found = Offer.objects.select_related("channel", "product").filter(pk=offer_id)
    offer = seen_by(request, found, "channel__key").first()
    if offer is None:
        raise Problem(404, "not_found", "Nothing has this name.")
    return answer_json(_explained(offer, explain_lead_time(offer)))


def _keep(request: HttpRequest, rule: LeadTimeRuleIn, rule_id: int | None) -> HttpResponse:
    try:
        kept = keep_lead_time(_draft(request, rule), rule_id=rule_id, actor=str(caller(request)))
    except BadLeadTime as error:
        raise _refused(error) from error
    tell_channels()
    return answer_json(_told(kept))


def _refused(error: BadLeadTime) -> Problem:
    return Problem(409 if error.code == "exists" else 422, "invalid", f"This rule cannot be: {error}.")


def _draft(request: HttpRequest, rule: LeadTimeRuleIn) -> LeadTimeDraft:
    key = caller(request)
    if key.channels and not (rule.channel and key.sees(rule.channel)):
        raise Problem(403, "forbidden", "This key is narrowed to some channels; this rule concerns others.")
    product = Product.objects.filter(sku=rule.product).first() if rule.product else None
    channel = Channel.objects.filter(key=rule.channel).first() if rule.channel else None
    if (rule.product and product is None) or (rule.channel and channel is None):
        raise Problem(422, "invalid", "No product has this SKU, or no channel this key.")
    return LeadTimeDraft(rule.days, product, rule.family, channel)


def _written(request: HttpRequest, rule_id: int) -> LeadTimeRule:
    """A rule that the key may change: of a channel that it sees, or of all of them where it is not narrowed."""
    key = caller(request)
    found = current_lead_times(key.channels).filter(pk=rule_id).first()
    if found is None or (found.channel is None and key.channels):
        raise Problem(404, "not_found", "Nothing has this name.")
    return found


def _told(rule: LeadTimeRule) -> Row:
    return {"id": rule.pk, **told(rule)}


def _explained(offer: Offer, reason: LeadTimeReason) -> Row:
    kept = reason.kept
    return {
        "offer": offer.pk, "working_days": reason.working_days, "asked": reason.asked,
        "rule": None if reason.rule is None else reason.rule.pk, "counts": reason.count,
        "places": [
            {"warehouse": place.warehouse, "past_cutoff": place.late, "taken_on": place.taken_on,
             "leaves_on": place.leaves_on, "days": place.told,
             "passed_over": [{"day": shut.day, "why": shut.why, "name": shut.name} for shut in place.passed_over]}
            for place in reason.places
        ],
        "days": reason.told, "desired": None if kept is None else kept.desired,
        "sent": None if kept is None else kept.sent, "sent_at": reason.sent_at,
        "confirmed": None if kept is None else kept.confirmed,
        "confirmed_at": None if kept is None else kept.confirmed_at, "error": "" if kept is None else kept.error,
    }  # fmt: skip
