"""The history of what was wanted of offers, and going back to an earlier moment."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, seen_by
from comptoir.api.problems import Problem
from comptoir.api.reading import answer_json, answer_page, one, to_utc
from comptoir.api.texts import Body, Cursor, Fields, Id, Limit, Word
from comptoir.api.transactions import whole
from comptoir.core import clock
from comptoir.offers.models import Offer, OfferAct, OfferChange
from comptoir.offers.roll_back import Back, ChangedMeanwhile, Preview, Target, preview_roll_back, roll_back

router = Router(tags=["offers"])
Number = Annotated[int, Field(ge=0, le=2**63 - 1)]
Many = Annotated[
    list[Number],
    Field(max_length=10_000, default_factory=list, description="Ids of offers; none: every one."),
]


class ActOut(Schema):
    id: int
    kind: str
    at: datetime
    actor: str
    words: str


class ActPageOut(Schema):
    acts: list[ActOut]
    next_cursor: str | None


class ChangeOut(Schema):
    id: int
    act_id: int
    offer_id: int
    at: datetime
    price_before: Decimal | None
    price_after: Decimal | None
    floor_before: Decimal | None
    floor_after: Decimal | None
    paused_before: bool
    paused_after: bool
    lead_time_before: int | None
    lead_time_after: int | None


class ChangePageOut(Schema):
    changes: list[ChangeOut]
    next_cursor: str | None


class TargetIn(Body):
    at: AwareDatetime | None = None
    """The moment to go back to."""
    undo: Number | None = None
    """Instead of a moment: an act, whose offers go back to what they were before it."""
    channel: Word = ""
    offers: Many


class RollBackIn(TargetIn):
    upto: Number
    """As the preview gave it: a change made since then refuses the call."""
    let_pass: bool = False
    """Let those pass too that move further than their channel allows in one go."""


class BackOut(Schema):
    offer: int
    channel: str
    sku: str
    before: dict[str, Any]
    after: dict[str, Any]
    refusal: str


class BackPreviewOut(Schema):
    changes: int
    too_far: int
    refused: int
    upto: int
    rows: list[BackOut]
    """The first 200; the figures count them all."""


class BackDoneOut(Schema):
    act: int | None
    changed: int
    refused: int


ACTS = {name: name for name in ActOut.model_fields}
CHANGES = {name: name for name in ChangeOut.model_fields}


@router.get(
    "/acts", response=ActPageOut, auth=Key(Permission.SEE), summary="What was done to offers, and by whom"
)
def list_acts(
    request: HttpRequest, cursor: Cursor = "", fields: Fields = "", limit: Limit = 50
) -> HttpResponse:
    return answer_page(
        "acts", _acts(request), ACTS, by="id", kind=int, cursor=cursor, limit=limit, fields=fields
    )


@router.get(
    "/acts/{act_id}/changes", response=ChangePageOut, auth=Key(Permission.SEE), summary="What an act changed"
)
def list_changes(
    request: HttpRequest, act_id: Id, cursor: Cursor = "", fields: Fields = "", limit: Limit = 50
) -> HttpResponse:
    one(_acts(request).filter(pk=act_id), ACTS)
    found = OfferChange.objects.filter(act_id=act_id)
    if only := caller(request).channels:
        found = found.filter(offer_id__in=Offer.objects.filter(channel__key__in=only).values("pk"))
    return answer_page(
        "changes", found, CHANGES, by="id", kind=int, cursor=cursor, limit=limit, fields=fields
    )


@router.get(
    "/{offer_id}/history",
    response=ChangePageOut,
    auth=Key(Permission.SEE),
    summary="What was wanted of one offer",
)
def offer_history(
    request: HttpRequest, offer_id: Id, cursor: Cursor = "", fields: Fields = "", limit: Limit = 50
) -> HttpResponse:
    one(seen_by(request, Offer.objects.filter(pk=offer_id), "channel__key"), {"id": "id"})
    found = OfferChange.objects.filter(offer_id=offer_id)
    return answer_page(
        "changes", found, CHANGES, by="id", kind=int, cursor=cursor, limit=limit, fields=fields
    )


@router.post(
    "/roll-back/preview", response=BackPreviewOut, auth=Key(Permission.CHANGE_OFFERS),
    summary="What going back would change; nothing is written",
)  # fmt: skip
def preview_back(request: HttpRequest, wanted: TargetIn) -> HttpResponse:
    return answer_json(_told(preview_roll_back(_target(request, wanted))))


@router.post(
    "/roll-back", response=BackDoneOut, auth=Key(Permission.CHANGE_OFFERS), summary="Go back to an earlier moment"
)  # fmt: skip
@whole
def go_back(request: HttpRequest, wanted: RollBackIn) -> HttpResponse:
    target = _target(request, wanted)
    try:
        done = roll_back(target, upto=wanted.upto, actor=str(caller(request)), let_pass=wanted.let_pass)
    except ChangedMeanwhile as error:
        raise Problem(409, "changed_since_preview", "An offer was changed after the preview.") from error
    act = None if done.act is None else done.act.pk
    return answer_json({"act": act, "changed": done.changed, "refused": len(done.refused)})


def _target(request: HttpRequest, wanted: TargetIn) -> Target:
    if (wanted.at is None) == (wanted.undo is None):
        why = [{"where": ["body", "at"], "why": "either a moment or an act to undo"}]
        raise Problem(422, "invalid", "Some values do not fit.", errors=why)
    at = None if wanted.at is None else to_utc(wanted.at)
    if at is not None and at > clock.now():
        raise Problem(
            422, "invalid", "Some values do not fit.", errors=[{"where": ["body", "at"], "why": "to come"}]
        )
    undone = None if wanted.offers else wanted.undo
    return Target(at=at, before_act=wanted.undo, of_act=undone, channel=wanted.channel, offers=wanted.offers,
                  only=caller(request).channels)  # fmt: skip


def _told(preview: Preview) -> dict[str, Any]:
    return {"changes": preview.changes, "too_far": preview.too_far, "refused": preview.refused,
            "upto": preview.upto, "rows": [_row(back) for back in preview.rows]}  # fmt: skip


def _row(back: Back) -> dict[str, Any]:
    offer = back.offer
    return {"offer": offer.id, "channel": offer.channel, "sku": offer.sku, "before": offer.now.told(),
            "after": back.after.told(), "refusal": back.refusal.words if back.refusal else ""}  # fmt: skip


def _acts(request: HttpRequest) -> QuerySet[OfferAct]:
    acts = OfferAct.objects.all()
    if only := caller(request).channels:
        there = Offer.objects.filter(channel__key__in=only, pk=OuterRef("offer_id"))
        acts = acts.filter(Exists(OfferChange.objects.filter(Exists(there), act=OuterRef("pk"))))
    return acts
