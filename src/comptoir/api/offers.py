"""Offers: what each channel should show, was sent and confirmed; prices written one by one or in bulk."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, seen_by
from comptoir.api.bulk import BulkOut, RefusedOut, Rows, documented, read_rows
from comptoir.api.problems import Problem, answer
from comptoir.api.reading import Row, answer_json, answer_page, locked, one, require_match, to_utc
from comptoir.api.texts import Body, Cursor, Fields, Filter, Id, Limit, Name, Price
from comptoir.api.transactions import whole
from comptoir.offers.history import Standing
from comptoir.offers.models import Offer
from comptoir.offers.refusals import PRICE_STEP, Refusal, tell_steps
from comptoir.offers.wishes import KnownOffer, Wish, grant_wishes, read_standing, why_not

router = Router(tags=["offers"])
LeadTime = Annotated[int | None, Field(ge=0, le=60, description="Days of preparation.")]
OptionalPrice = Annotated[Price | None, Field(description="Tax included, in the currency of the offer.")]


class OfferOut(Schema):
    id: int
    channel: str
    sku: str
    network: str
    state: str
    currency: str
    desired_price: Decimal | None
    sent_price: Decimal | None
    confirmed_price: Decimal | None
    floor_price: Decimal | None
    lead_time_days: int | None
    price_error: str
    desired_quantity: int
    sent_quantity: int | None
    confirmed_quantity: int | None
    quantity_error: str
    shown_price: Decimal | None
    shown_quantity: int | None
    shown_at: datetime | None
    external_id: str
    changed_at: datetime


class OfferPageOut(Schema):
    offers: list[OfferOut]
    next_cursor: str | None


class OfferEditIn(Body):
    price: OptionalPrice = None
    floor: OptionalPrice = None
    paused: bool | None = None
    lead_time: LeadTime = None


class WishIn(OfferEditIn):
    channel: Name
    sku: Name


class StandingOut(Schema):
    price: Decimal | None
    floor: Decimal | None
    paused: bool
    lead_time: int | None


class PreviewRowOut(Schema):
    row: int
    channel: str
    sku: str
    before: StandingOut
    after: StandingOut


class PreviewOut(Schema):
    received: int
    changed: list[PreviewRowOut]
    unchanged: int
    refused: list[RefusedOut]


COLUMNS = {name: name for name in OfferOut.model_fields} | {"channel": "channel__key"}


@router.get("", response=OfferPageOut, auth=Key(Permission.SEE), summary="Offers")
def list_offers(
    request: HttpRequest, channel: Filter = "", sku: Filter = "", error: Literal["", "any"] = "",
    changed_since: AwareDatetime | None = None, cursor: Cursor = "", fields: Fields = "", limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    found = seen_by(request, Offer.objects.all(), "channel__key")
    wanted = {"channel__key": channel, "sku": sku}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if error:
        found = found.exclude(quantity_error="", price_error="")
    if changed_since is not None:
        found = found.filter(changed_at__gte=to_utc(changed_since))
    return answer_page("offers", found, COLUMNS, by="id", kind=int, cursor=cursor, limit=limit, fields=fields)


@router.post(
    "/preview", response=PreviewOut, auth=Key(Permission.CHANGE_OFFERS), openapi_extra=documented(WishIn),
    summary="What a bulk write would change; nothing is written",
)  # fmt: skip
def preview_offers(request: HttpRequest) -> HttpResponse:
    rows, known = _wishes(request)
    changed = []
    for place, row in rows.good.items():
        now = known[row.channel, row.sku].now
        after = _wish(row).applied_to(now)
        if after != now:
            changed.append({"row": place, "channel": row.channel, "sku": row.sku, "before": _told(now),
                            "after": _told(after)})  # fmt: skip
    told = {"received": rows.received, "changed": changed, "unchanged": len(rows.good) - len(changed),
            "refused": rows.told()}  # fmt: skip
    return answer_json(told)


@router.get("/{offer_id}", response=OfferOut, auth=Key(Permission.SEE), summary="One offer")
def get_offer(request: HttpRequest, offer_id: Id) -> HttpResponse:
    return answer_json(_read(request, offer_id))


@router.patch(
    "/{offer_id}", response=OfferOut, auth=Key(Permission.CHANGE_OFFERS), summary="Want another price"
)
@whole
def edit_offer(request: HttpRequest, offer_id: Id, wanted: OfferEditIn) -> HttpResponse:
    offer: Offer = locked(_seen(request, offer_id).select_related("channel"))
    require_match(request, _read(request, offer_id))
    wish = Wish(wanted.price, wanted.floor, wanted.paused, wanted.lead_time)
    name = (offer.channel.key, offer.sku)
    known = read_standing([name]).get(name)
    if known is None:
        raise Problem(409, "not_in_this_state", "The channel itself sells this offer: its price is its own.")
    granted = grant_wishes({name: wish}, actor=str(caller(request)))
    for refusal in granted.refused.values():
        # Answered and not raised: the Issue that lets it pass stays open.
        code = "price_step" if refusal.code == PRICE_STEP else "below_floor"
        return answer(409, code, f"It would never be published: {refusal.words}.")
    return answer_json(_read(request, offer_id))


@router.post(
    "", response=BulkOut, auth=Key(Permission.CHANGE_OFFERS), openapi_extra=documented(WishIn),
    summary="Want other prices, up to 10,000 in one call",
)  # fmt: skip
@whole
def write_offers(request: HttpRequest, partial: bool = False) -> HttpResponse:
    rows, _ = _wishes(request, lock=True)
    rows.settle(partial=partial)
    wishes = {(r.channel, r.sku): _wish(r) for r in rows.good.values()}
    changed = grant_wishes(wishes, actor=str(caller(request))).changed
    told = {"received": rows.received, "changed": changed, "unchanged": len(wishes) - changed,
            "refused": rows.told()}  # fmt: skip
    return answer_json(told)


def _wishes(
    request: HttpRequest, *, lock: bool = False
) -> tuple[Rows[WishIn], dict[tuple[str, str], KnownOffer]]:
    """The rows of the call, and what is refused of them: unknown, named twice, under the floor."""
    rows = read_rows(request, WishIn)
    key = caller(request)
    names = [(row.channel, row.sku) for row in rows.good.values() if key.sees(row.channel)]
    known, said = read_standing(names, lock=lock), Counter(names)
    steps: list[tuple[str, str, str, Refusal]] = []
    for place, row in list(rows.good.items()):
        name = (row.channel, row.sku)
        if name not in known:
            rows.refuse(place, "sku", f"no offer of {row.sku} on the channel {row.channel}")
            continue
        if said[name] > 1:
            rows.refuse(place, "sku", f"{row.sku} is named twice on {row.channel}")
        if refusal := why_not(known[name], _wish(row).applied_to(known[name].now)):
            rows.refuse(place, "price", refusal.words)
            steps.append((row.channel, row.sku, known[name].currency, refusal))
    if lock:
        tell_steps(steps)
    return rows, known


def _told(standing: Standing) -> Row:
    return {"price": standing.price, "floor": standing.floor, "paused": standing.paused,
            "lead_time": standing.lead_time}  # fmt: skip


def _wish(row: OfferEditIn) -> Wish:
    return Wish(row.price, row.floor, row.paused, row.lead_time)


def _seen(request: HttpRequest, offer_id: int) -> QuerySet[Offer]:
    return seen_by(request, Offer.objects.filter(pk=offer_id), "channel__key")


def _read(request: HttpRequest, offer_id: int) -> Row:
    return one(_seen(request, offer_id), COLUMNS)
