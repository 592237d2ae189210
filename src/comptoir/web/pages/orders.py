"""Orders: the list, its export, and one order."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.flows.connect import contacts_kept_days
from comptoir.offers.own_deadlines import OPEN, own_deadlines
from comptoir.orders.looks import note_export, note_looks
from comptoir.orders.models import ErpState, Order
from comptoir.orders.privacy import kept_days, kept_until
from comptoir.sdk.connector import Role
from comptoir.sdk.statuses import OrderStatus
from comptoir.web.access import person, requires, seen_by
from comptoir.web.history import tell
from comptoir.web.order_actions import allowed_actions
from comptoir.web.order_columns import OwnDeadlines, order_columns
from comptoir.web.paging import page_of
from comptoir.web.queries.one_order import read_order
from comptoir.web.queries.orders import NEWEST_FIRST, OrderFilters, find_orders
from comptoir.web.rendering import go, render_part
from comptoir.web.selections import chosen_orders
from comptoir.web.tables import TooLong, export_table, too_long


@requires(Permission.SEE)
def orders(request: HttpRequest) -> HttpResponse:
    filters = OrderFilters.read(request.GET)
    user = person(request)
    found = seen_by(user, find_orders(filters, buyers=user.may(Permission.SEE_BUYERS)), "channel__key")
    page = page_of(found, NEWEST_FIRST, request)
    context = {
        "filters": filters,
        "page": page,
        "own": own_deadlines(page.rows),
        "channels": seen_by(user, Channel.objects.filter(role=Role.MARKETPLACE), "key"),
        "statuses": list(OrderStatus),
        "erp_states": ErpState.choices,
    }
    return render_part(request, "comptoir/orders/list.html", "comptoir/orders/_rows.html", context)


@requires(Permission.SEE)
def export_orders(request: HttpRequest, form: str) -> HttpResponseBase:
    """Everything that the filters of the list show, page after page; or what is ticked."""
    user = person(request)
    buyers, own = user.may(Permission.SEE_BUYERS), OwnDeadlines()
    found = find_orders(OrderFilters.read(request.GET), buyers=buyers).order_by("-placed_at", "-id")
    found = seen_by(user, found, "channel__key")
    if request.method == "POST":
        ticked = [order.pk for order in chosen_orders(request, user).orders]
        found = found.filter(pk__in=ticked)
    try:
        answer = export_table(form, "orders", found, order_columns(own, buyers=buyers), own.before)
    except TooLong:
        messages.warning(request, too_long())
        return go(request, f"{reverse('orders')}?{request.GET.urlencode()}")
    if buyers:
        note_export(actor=str(user), query=request.GET.urlencode())
    return answer


@requires(Permission.SEE)
def order(request: HttpRequest, reference: str) -> HttpResponse:
    try:
        file = read_order(reference, channels=person(request).narrowed_to)
    except Order.DoesNotExist as error:
        raise Http404 from error
    contact = getattr(file.order, "contact", None)
    if contact is not None and contact.purged_at is None and person(request).may(Permission.SEE_BUYERS):
        note_looks([file.order.reference], actor=str(person(request)), where="page")
    kept = kept_days(file.order.channel, contacts_kept_days())
    context = {
        "kept_until": kept_until(file.order, file.events, kept),
        "file": file,
        "order": file.order,
        "own": own_deadlines([file.order]),
        "open": OPEN,
        "history": [tell(event) for event in file.events],
        "actions": allowed_actions(file.order, file.lines, person(request)),
    }
    return render(request, "comptoir/orders/order.html", context)
