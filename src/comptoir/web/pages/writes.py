"""The kill switch of a channel: stop what leaves, at once; let it leave again, once what will leave was seen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.offers.kill_switch import stop_writes, what_waits
from comptoir.sdk.connector import Role
from comptoir.web.access import person, require_channel, requires
from comptoir.web.rendering import back, render_dialog

KINDS, VERBS = ("prices", "stock"), ("stop", "resume")


@requires(Permission.CHANGE_OFFERS)
def writes(request: HttpRequest, key: str, kind: str, verb: str) -> HttpResponse:
    require_channel(request, key)
    channel = get_object_or_404(Channel, key=key, role=Role.MARKETPLACE)
    stop = verb == "stop"
    if request.method != "POST":
        context = {"channel": channel, "kind": kind, "stop": stop, "waiting": None if stop else what_waits(channel),
                   "next": request.GET.get("next", "")}  # fmt: skip
        return render_dialog(request, "comptoir/channels/writes.html", context)
    wanted = {"prices": channel.prices_stopped, "stock": channel.stock_stopped} | {kind: stop}
    stop_writes(channel, **wanted, actor=str(person(request)))
    messages.success(request, _words(kind, stop) % {"name": channel.name})
    return back(request, reverse("channel", args=[channel.key]))


def _words(kind: str, stop: bool) -> str:
    if kind == "prices":
        return _("No price leaves for %(name)s any more.") if stop else _("Prices leave for %(name)s again.")
    return (
        _("No quantity leaves for %(name)s any more.") if stop else _("Quantities leave for %(name)s again.")
    )
