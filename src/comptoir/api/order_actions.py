"""What a caller does with an order. Each is one service, then the order as it stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, seen_by
from comptoir.api.orders import OneOrderOut, read_order, show_order
from comptoir.api.problems import Problem
from comptoir.api.reading import answer_json, locked, require_match
from comptoir.api.texts import Body, Money, Name, Sentence, Text, Word
from comptoir.api.transactions import whole
from comptoir.offers.desired import recompute_desired
from comptoir.orders.decisions import (
    CannotCancel,
    CannotDecide,
    decide_order,
    hold_order,
    request_cancellation,
)
from comptoir.orders.models import Order
from comptoir.orders.notes import MAX_NOTE, EmptyNote, add_note
from comptoir.orders.refunds import CannotRefund, request_refund
from comptoir.sdk.records import Parcel
from comptoir.sdk.statuses import OrderStatus
from comptoir.shipping.services import CannotShip, ship_by_hand

router = Router(tags=["orders"])
SHIPPABLE = (OrderStatus.TO_SHIP, OrderStatus.PARTIALLY_SHIPPED)
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class UnitsIn(Body):
    line: Annotated[int, Field(ge=1, le=1_000_000)]
    """Its `line_number`."""
    quantity: Count


class ShipIn(Body):
    carrier: Annotated[Word, Field(min_length=1, max_length=40)]
    carrier_name: Annotated[Word, Field(max_length=80)] = ""
    tracking_number: Word = ""
    tracking_url: Annotated[Sentence, Field(pattern=r"^(https?://\S+)?$")] = ""
    lines: Annotated[list[UnitsIn], Field(min_length=1, max_length=500)]


class CancelIn(Body):
    reason: Annotated[Word, Field(max_length=60)] = ""
    lines: Annotated[list[UnitsIn], Field(max_length=500, default_factory=list)]
    """Empty: the whole order."""


class HoldIn(Body):
    reason: Annotated[Name, Field(max_length=40)]


class RefundLineIn(Body):
    line: Annotated[int, Field(ge=1, le=1_000_000)]
    quantity: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Units that come back; 0: money only."""
    amount: Money = Decimal(0)
    """Of the goods, as the buyer paid them."""
    shipping: Money = Decimal(0)


class RefundIn(Body):
    reason: Annotated[Word, Field(max_length=60)] = ""
    """The channel's own code; empty: its default."""
    lines: Annotated[list[RefundLineIn], Field(min_length=1, max_length=500)]


class NoteIn(Body):
    text: Annotated[Text, Field(min_length=1, max_length=MAX_NOTE)]


@router.post(
    "/{reference}/accept", response=OneOrderOut, auth=Key(Permission.WORK_ORDERS), summary="Accept an order"
)
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    return _decide(request, reference, accept=True)


@router.post(
    "/{reference}/refuse", response=OneOrderOut, auth=Key(Permission.WORK_ORDERS), summary="Refuse an order"
)
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    return _decide(request, reference, accept=False)


@router.post(
    "/{reference}/hold", response=OneOrderOut, auth=Key(Permission.WORK_ORDERS), summary="Hold an order"
)
@whole
def hold(request: HttpRequest, reference: str, wanted: HoldIn) -> HttpResponse:
    order = _order(request, reference)
    if order.held or not OrderStatus(order.status).reserves:
        raise _not_in_this_state(order)
    hold_order(order.pk, reason=wanted.reason, actor=str(caller(request)))
    return _told(request, reference)


@router.post(
    "/{reference}/release",
    response=OneOrderOut,
    auth=Key(Permission.WORK_ORDERS),
    summary="Release a held order",
)
@whole
def release(request: HttpRequest, reference: str) -> HttpResponse:
    order = _order(request, reference)
    if not order.held:
        raise _not_in_this_state(order)
    hold_order(order.pk, reason="", actor=str(caller(request)))
    return _told(request, reference)


@router.post(
    "/{reference}/cancel", response=OneOrderOut, auth=Key(Permission.WORK_ORDERS),
    summary="Ask the channel to cancel units, or the whole order",
)  # fmt: skip
@whole
def cancel(request: HttpRequest, reference: str, wanted: CancelIn) -> HttpResponse:
    order = _order(request, reference)
    units = {ids[1]: n for ids, n in _lines(order, wanted.lines)}
    try:
        request_cancellation(order.pk, lines=units, reason=wanted.reason, actor=str(caller(request)))
    except CannotCancel as error:
        raise Problem(409, "not_in_this_state", f"It cannot be cancelled: {error}.") from error
    return _told(request, reference)


@router.post(
    "/{reference}/ship",
    response=OneOrderOut,
    auth=Key(Permission.WORK_ORDERS),
    summary="Ship units in one parcel",
)
@whole
def ship(request: HttpRequest, reference: str, wanted: ShipIn) -> HttpResponse:
    order = _order(request, reference)
    if order.held or order.status not in SHIPPABLE:
        raise _not_in_this_state(order)
    units = {ids[0]: n for ids, n in _lines(order, wanted.lines)}
    parcel = Parcel(
        carrier=wanted.carrier.strip().upper(), carrier_name=wanted.carrier_name or wanted.carrier,
        tracking_number=wanted.tracking_number.strip(), tracking_url=wanted.tracking_url,
    )  # fmt: skip
    try:
        recompute_desired(
            ship_by_hand(order.pk, parcel=parcel, lines=units, actor=f"key:{caller(request).prefix}")
        )
    except CannotShip as error:
        raise Problem(409, "not_in_this_state", f"It cannot leave: {error}.") from error
    return _told(request, reference)


@router.post(
    "/{reference}/refund", response=OneOrderOut, auth=Key(Permission.WORK_ORDERS),
    summary="Ask the channel to give money back",
)  # fmt: skip
@whole
def refund(request: HttpRequest, reference: str, wanted: RefundIn) -> HttpResponse:
    order = _order(request, reference)
    named = [UnitsIn.model_construct(line=one.line, quantity=one.quantity) for one in wanted.lines]
    ids = [key for (_, key), _ in _lines(order, named)]
    asked = dict(zip(ids, wanted.lines, strict=True))
    try:
        request_refund(
            order.pk, lines={key: one.quantity for key, one in asked.items()},
            amounts={key: one.amount for key, one in asked.items()},
            shipping={key: one.shipping for key, one in asked.items()},
            reason=wanted.reason, actor=str(caller(request)),
        )  # fmt: skip
    except CannotRefund as error:
        raise Problem(409, "not_in_this_state", f"It cannot be refunded: {error}.") from error
    return _told(request, reference)


@router.post(
    "/{reference}/notes",
    response=OneOrderOut,
    auth=Key(Permission.WORK_ORDERS),
    summary="Write a note for colleagues",
)
@whole
def note(request: HttpRequest, reference: str, wanted: NoteIn) -> HttpResponse:
    try:
        add_note(_order(request, reference).pk, wanted.text, actor=str(caller(request)))
    except EmptyNote as error:
        why = [{"where": ["body", "wanted", "text"], "why": "nothing is written"}]
        raise Problem(422, "invalid", "Some values do not fit.", errors=why) from error
    return _told(request, reference)


@transaction.atomic
def _decide(request: HttpRequest, reference: str, *, accept: bool) -> HttpResponse:
    order = _order(request, reference)
    try:
        decide_order(order.pk, accept=accept, actor=str(caller(request)))
    except CannotDecide as error:
        raise _not_in_this_state(order) from error
    return _told(request, reference)


def _order(request: HttpRequest, reference: str) -> Order:
    """Locked, and as the caller last read it when `If-Match` says so."""
    order: Order = locked(seen_by(request, Order.objects.filter(reference=reference), "channel__key"))
    if request.headers.get("If-Match"):
        require_match(request, read_order(caller(request), reference))
    return order


def _lines(order: Order, wanted: list[UnitsIn]) -> list[tuple[tuple[int, str], int]]:
    """((line id, its external id), units) of each line named; every fault is told at once."""
    known = {n: (pk, ext) for n, pk, ext in order.lines.values_list("line_number", "pk", "external_id")}
    seen: set[int] = set()
    errors = []
    for place, one in enumerate(wanted):
        if one.line not in known or one.line in seen:
            why = "named twice" if one.line in seen else f"{order.reference} has no line {one.line}"
            errors.append({"where": ["body", "wanted", "lines", place, "line"], "why": why})
        seen.add(one.line)
    if errors:
        raise Problem(422, "invalid", "Some values do not fit.", errors=errors)
    return [(known[one.line], one.quantity) for one in wanted]


def _told(request: HttpRequest, reference: str) -> HttpResponse:
    return answer_json(show_order(request, reference))


def _not_in_this_state(order: Order) -> Problem:
    held = f", held ({order.held})" if order.held else ""
    return Problem(
        409, "not_in_this_state", f"{order.reference} is {order.status}{held}: this is not possible."
    )
