"""Channels: where we sell, and the ERP; their state, their rules, what they support."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.channels.services import change_settings, pause_channel, read_settings, resume_channel
from comptoir.core.sealing import CannotUnseal
from comptoir.flows.connect import UnknownConnector, check_channel, connector_type
from comptoir.flows.rules import change_rules
from comptoir.offers.kill_switch import stopped_channels
from comptoir.sdk.connector import ConnectorType
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.settings import ConnectorSettings, SettingsError
from comptoir.web.access import person, require_channel, requires, seen_by
from comptoir.web.explanations import explain
from comptoir.web.forms.channels import ConnectorForm, IntervalForm, RulesForm
from comptoir.web.notices import tell_undoable
from comptoir.web.queries.channel_health import read_health, read_summaries
from comptoir.web.queries.channels import flow_names, read_channel
from comptoir.web.rendering import go


@requires(Permission.SEE)
def channels(request: HttpRequest) -> HttpResponse:
    found = seen_by(person(request), Channel.objects.order_by("-role", "name"), "key")
    return render(request, "comptoir/channels/list.html", {"channels": read_summaries(found)})


@requires(Permission.SEE)
def channel(request: HttpRequest, key: str) -> HttpResponse:
    channel = _channel(request, key)
    stopped = stopped_channels(Channel.objects.filter(pk=channel.pk))
    context = {"file": read_channel(channel), "health": read_health(channel), "stopped": stopped}
    return render(request, "comptoir/channels/channel.html", context)


@requires(Permission.MANAGE_CHANNELS)
def rules(request: HttpRequest, key: str) -> HttpResponse:
    channel = _channel(request, key)
    given = request.POST if request.method == "POST" else None
    form = RulesForm(channel, given)
    intervals = IntervalForm(channel, flow_names(channel), given, prefix="every")
    if not (form.is_valid() and intervals.is_valid()):
        context = {"channel": channel, "form": form, "intervals": intervals}
        return render(request, "comptoir/channels/rules.html", context, status=422 if given else 200)
    change_rules(channel, form.cleaned_data, intervals.intervals(), actor=str(person(request)))
    messages.success(request, _("The rules are kept, and what every offer should show is computed again."))
    return _to(request, channel)


@requires(Permission.MANAGE_CHANNELS)
def settings(request: HttpRequest, key: str) -> HttpResponse:
    channel = _channel(request, key)
    connector = get_connector(channel.kind)
    kept = _kept(channel, connector)
    form = ConnectorForm(connector, request.POST or None, kept=kept)
    if not form.is_valid() or form.settings is None:
        context = {"channel": channel, "form": form, "unreadable": kept is None}
        status = 422 if form.is_bound else 200
        return render(request, "comptoir/channels/settings.html", context, status=status)
    change_settings(channel, connector, form.settings, actor=str(person(request)))
    messages.success(request, _("The settings are kept, sealed. Test them now."))
    return _to(request, channel)


@requires(Permission.MANAGE_CHANNELS)
@require_POST
def check(request: HttpRequest, key: str) -> HttpResponse:
    channel = _channel(request, key)
    try:
        check_channel(channel)
        if channel.state == Channel.State.SUSPENDED:
            resume_channel(channel, actor=str(person(request)))
        messages.success(request, _("%(channel)s answers.") % {"channel": channel.name})
    except (ConnectorError, UnknownConnector) as error:
        messages.error(request, explain(error).whole)
    return _to(request, channel)


@requires(Permission.MANAGE_CHANNELS)
@require_POST
def pause(request: HttpRequest, key: str) -> HttpResponse:
    channel = _channel(request, key)
    pause_channel(channel, request.POST.get("reason", "")[:200], actor=str(person(request)))
    words = _("Paused: nothing is read from or written to %(name)s.") % {"name": channel.name}
    tell_undoable(request, words, reverse("channel-resume", args=[channel.key]))
    return _to(request, channel)


@requires(Permission.MANAGE_CHANNELS)
@require_POST
def resume(request: HttpRequest, key: str) -> HttpResponse:
    channel = _channel(request, key)
    paused, why = channel.state == Channel.State.PAUSED, channel.state_reason
    resume_channel(channel, actor=str(person(request)))
    words = _("%(name)s works again.") % {"name": channel.name}
    if paused:
        tell_undoable(request, words, reverse("channel-pause", args=[channel.key]), reason=why)
    else:
        messages.success(request, words)
    return _to(request, channel)


def get_connector(kind: str) -> ConnectorType:
    try:
        return connector_type(kind)
    except UnknownConnector as error:
        raise Http404 from error


def _kept(channel: Channel, connector: ConnectorType) -> ConnectorSettings | None:
    """None when they cannot be read any more: they are then given anew."""
    try:
        return read_settings(channel, connector)
    except (CannotUnseal, SettingsError):
        return None


def _channel(request: HttpRequest, key: str) -> Channel:
    require_channel(request, key)
    return get_object_or_404(Channel, key=key)


def _to(request: HttpRequest, channel: Channel) -> HttpResponse:
    return go(request, reverse("channel", args=[channel.key]))
