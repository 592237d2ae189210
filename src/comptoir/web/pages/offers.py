"""Offers: what each channel should show, was sent, and confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.offers.explain import explain_quantity
from comptoir.offers.kill_switch import stopped_channels
from comptoir.offers.models import Offer
from comptoir.offers.refusals import PriceRefused
from comptoir.offers.submissions import retry_offers
from comptoir.offers.wishes import set_price
from comptoir.sdk.connector import Role
from comptoir.web.access import person, requires, seen_by
from comptoir.web.forms.stock import PriceForm
from comptoir.web.instants import at_field, read_instant
from comptoir.web.offer_columns import offer_columns
from comptoir.web.paging import page_of
from comptoir.web.queries.offers import BY_SKU, OfferFilters, find_offers
from comptoir.web.rendering import back, go, render_dialog, render_part
from comptoir.web.tables import TooLong, export_table, too_long
from comptoir.web.why import tell_steps


@requires(Permission.SEE)
def offers(request: HttpRequest) -> HttpResponse:
    filters = OfferFilters.read(request.GET)
    channels = seen_by(person(request), Channel.objects.filter(role=Role.MARKETPLACE), "key")
    context = {
        "filters": filters,
        "stopped": stopped_channels(channels),
        "page": page_of(seen_by(person(request), find_offers(filters), "channel__key"), BY_SKU, request),
        "channels": channels,
    }
    return render_part(request, "comptoir/offers/list.html", "comptoir/offers/_rows.html", context)


@requires(Permission.CHANGE_OFFERS)
def change_price(request: HttpRequest, offer_id: int) -> HttpResponse:
    offer = _offer(request, offer_id)
    form = PriceForm(offer, request.POST or None)
    if form.is_valid():
        try:
            set_price(offer, **form.cleaned_data, actor=str(person(request)))
        except PriceRefused as error:
            form.refuse(error.refusal)
        else:
            messages.success(request, _("Noted. The channel is told at the next publication."))
            return go(request, f"{reverse('offers')}?q={offer.sku}")
    status = 422 if form.is_bound else 200
    return render_dialog(request, "comptoir/offers/price.html", {"offer": offer, "form": form}, status=status)


@requires(Permission.CHANGE_OFFERS)
def price_cell(request: HttpRequest, offer_id: int) -> HttpResponse:
    """The price alone, in its place in the grid; the floor stays what it is."""
    offer = _offer(request, offer_id)
    form = PriceForm(offer, request.POST or None)
    del form.fields["floor"]
    if form.is_valid():
        try:
            set_price(offer, form.cleaned_data["price"], actor=str(person(request)))
        except PriceRefused as error:
            form.refuse(error.refusal)
    context = {"offer": offer, "form": form if not (form.is_bound and form.is_valid()) else None}
    if request.GET.get("shown"):
        context["form"] = None
    if not request.headers.get("HX-Request"):
        # Opened or sent before the page was ready to do it itself: a plain form, and a whole page.
        return go(request, reverse("offer-price", args=[offer.pk]) if context["form"] else reverse("offers"))
    return render(request, "comptoir/offers/_price_cell.html", context)


@requires(Permission.SEE)
def why(request: HttpRequest, offer_id: int) -> HttpResponse:
    """`?at=`: any earlier instant, in ISO 8601; without an offset, by the merchant's own clock."""
    offer = _offer(request, offer_id)
    try:
        at = read_instant(request.GET.get("at", ""))
    except ValueError:
        return HttpResponseBadRequest(_("This is no date and time."))
    told = explain_quantity(offer, at, sees=person(request).sees)
    context = {
        "offer": offer,
        "told": told,
        "steps": tell_steps(told, offer.channel.name),
        "at_value": at_field(at),
    }
    return render_dialog(request, "comptoir/offers/why.html", context)


@requires(Permission.SEE)
def export_offers(request: HttpRequest, form: str) -> HttpResponseBase:
    found = seen_by(person(request), find_offers(OfferFilters.read(request.GET)), "channel__key")
    found = found.order_by("sku", "id")
    try:
        return export_table(form, "offers", found, offer_columns())
    except TooLong:
        messages.warning(request, too_long())
        return go(request, f"{reverse('offers')}?{request.GET.urlencode()}")


@requires(Permission.CHANGE_OFFERS)
@require_POST
def retry(request: HttpRequest, offer_id: int) -> HttpResponse:
    offer = _offer(request, offer_id)
    count = retry_offers(offer.channel, [offer.sku])
    if count:
        words = ngettext("%(n)d offer is sent again.", "%(n)d offers are sent again.", count)
        messages.success(request, words % {"n": count})
    else:
        messages.warning(request, _("It is being sent right now: wait for the channel's answer."))
    return back(request, reverse("offers"))


def _offer(request: HttpRequest, offer_id: int) -> Offer:
    found = seen_by(person(request), Offer.objects.select_related("channel", "product"), "channel__key")
    return get_object_or_404(found, pk=offer_id)
