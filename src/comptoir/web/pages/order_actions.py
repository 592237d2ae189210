"""What a person does with an order. Each is a form in a dialog or a button; each is one call."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.core.locks import Busy
from comptoir.flows.reimport import reimport_orders
from comptoir.journal.models import Run
from comptoir.offers.desired import recompute_desired
from comptoir.orders.decisions import (
    CannotCancel,
    CannotDecide,
    decide_order,
    hold_order,
    request_cancellation,
)
from comptoir.orders.erp import export_again
from comptoir.orders.models import Order
from comptoir.orders.notes import add_note
from comptoir.orders.refunds import CannotRefund, request_refund
from comptoir.shipping.models import Carrier
from comptoir.shipping.services import CannotShip, ship_by_hand
from comptoir.web.access import person, requires, seen_by
from comptoir.web.forms.orders import CancelForm, HoldForm, NoteForm, RefundForm, ShipForm, units_left
from comptoir.web.notices import tell_undoable
from comptoir.web.rendering import go, render_dialog


@requires(Permission.WORK_ORDERS)
@require_POST
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    order, accept = _order(request, reference), request.POST.get("accept") == "1"
    try:
        decide_order(order.pk, accept=accept, actor=str(person(request)))
        messages.success(request, _("Noted. The channel is told at its next turn, within a minute."))
    except CannotDecide:
        messages.error(request, _("This order does not wait for an answer any more."))
    return _to(request, order)


@requires(Permission.WORK_ORDERS)
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    return _dialog(request, "refuse", _order(request, reference))


@requires(Permission.WORK_ORDERS)
def note(request: HttpRequest, reference: str) -> HttpResponse:
    order, form = _order(request, reference), NoteForm(request.POST or None)
    if not form.is_valid():
        return _dialog(request, "note", order, form=form)
    add_note(order.pk, form.cleaned_data["text"], actor=str(person(request)))
    messages.success(request, _("Written down."))
    return _to(request, order)


@requires(Permission.WORK_ORDERS)
def hold(request: HttpRequest, reference: str) -> HttpResponse:
    order, form = _order(request, reference), HoldForm(request.POST or None)
    if not form.is_valid():
        return _dialog(request, "hold", order, form=form)
    hold_order(order.pk, reason=form.cleaned_data["reason"], actor=str(person(request)))
    words = _("On hold: nothing more is done with it until it is released.")
    tell_undoable(request, words, reverse("order-release", args=[order.reference]))
    return _to(request, order)


@requires(Permission.WORK_ORDERS)
@require_POST
def release(request: HttpRequest, reference: str) -> HttpResponse:
    order = _order(request, reference)
    hold_order(order.pk, reason="", actor=str(person(request)))
    if order.held:
        tell_undoable(
            request, _("Released."), reverse("order-hold", args=[order.reference]), reason=order.held
        )
    return _to(request, order)


@requires(Permission.WORK_ORDERS)
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    order = _order(request, reference)
    form = CancelForm(order, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _dialog(request, "cancel", order, form=form)
    try:
        request_cancellation(order.pk, lines=form.units(), reason=form.cleaned_data["reason"],
                             actor=str(person(request)))  # fmt: skip
        messages.success(request, _("The channel is asked to cancel it, within a minute."))
    except CannotCancel:
        messages.error(request, _("Nothing of this order can be cancelled any more."))
    return _to(request, order)


@requires(Permission.WORK_ORDERS)
def refund(request: HttpRequest, reference: str) -> HttpResponse:
    order = _order(request, reference)
    form = RefundForm(order, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _dialog(request, "refund", order, form=form)
    try:
        request_refund(order.pk, lines=form.units(), amounts=form.amounts(), reason=form.cleaned_data["reason"],
                       actor=str(person(request)))  # fmt: skip
        messages.success(request, _("The channel is asked to give the money back, within a minute."))
    except CannotRefund as error:
        messages.error(request, _("Nothing was given back: %(why)s") % {"why": error})
    return _to(request, order)


@requires(Permission.WORK_ORDERS)
def ship(request: HttpRequest, reference: str) -> HttpResponse:
    order = _order(request, reference)
    lines = [line for line in order.lines.filter(fulfilled_by="seller") if units_left(line)]
    form = ShipForm(lines, request.POST or None)
    if not form.is_valid():
        return _dialog(request, "ship", order, form=form, carriers=Carrier.objects.order_by("code"))
    try:
        with transaction.atomic():
            recompute_desired(_ship(order, form, actor=str(person(request))))
        messages.success(request, _("Shipped. The channel is told at its next turn, within a minute."))
    except CannotShip as error:
        messages.error(request, _("It was not shipped: %(why)s") % {"why": error})
    return _to(request, order)


@requires(Permission.RUN_FLOWS)
@require_POST
def read_again(request: HttpRequest, reference: str) -> HttpResponse:
    order = _order(request, reference)
    try:
        run = reimport_orders(order.channel, [order.external_id], actor=str(person(request)))
        _tell(request, run)
    except Busy:
        messages.warning(request, _("The channel's orders are being read right now: try again in a moment."))
    return _to(request, order)


@requires(Permission.RUN_FLOWS)
@require_POST
def send_again(request: HttpRequest, reference: str) -> HttpResponse:
    order = _order(request, reference)
    if export_again([order.pk], actor=str(person(request))):
        messages.success(request, _("It goes with the next delivery to the ERP, under the same reference."))
    else:
        messages.error(request, _("The ERP has not rejected this order: there is nothing to send again."))
    return _to(request, order)


def _ship(order: Order, form: ShipForm, *, actor: str) -> list[int]:
    return ship_by_hand(order.pk, parcel=form.parcel(), lines=form.units(), actor=actor)


def _order(request: HttpRequest, reference: str) -> Order:
    found = seen_by(person(request), Order.objects.select_related("channel"), "channel__key")
    return get_object_or_404(found, reference=reference)


def _to(request: HttpRequest, order: Order) -> HttpResponse:
    return go(request, reverse("order", args=[order.reference]))


def _dialog(request: HttpRequest, name: str, order: Order, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render_dialog(request, f"comptoir/orders/{name}.html", {"order": order, **context}, status=status)


def _tell(request: HttpRequest, run: Run) -> None:
    if run.outcome == Run.Outcome.FAILED:
        messages.error(request, _("The channel did not give it: %(why)s") % {"why": run.error})
    else:
        messages.success(request, _("Read again from the channel."))
