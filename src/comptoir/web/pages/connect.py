"""Connecting a channel in three steps: choose, give the settings and test them, name it.

Between the test and the name, the settings wait in the session, sealed like those of a channel.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comptoir.accounts.roles import Permission
from comptoir.channels.services import KeyTaken
from comptoir.flows.connect import connector_types, try_settings
from comptoir.sdk.errors import ConnectorError
from comptoir.web.access import person, requires
from comptoir.web.drafts import Draft, forget_draft, keep_draft, read_draft, save_draft
from comptoir.web.explanations import explain
from comptoir.web.forms.channels import ConnectorForm, NameForm
from comptoir.web.instances import known_instances, suggestion
from comptoir.web.pages.channels import get_connector
from comptoir.web.queries.channels import abilities
from comptoir.web.rendering import go


@requires(Permission.MANAGE_CHANNELS)
def choose(request: HttpRequest) -> HttpResponse:
    return render(
        request, "comptoir/channels/choose.html", {"connectors": connector_types().values(), "step": 1}
    )


@requires(Permission.MANAGE_CHANNELS)
def give_settings(request: HttpRequest, kind: str) -> HttpResponse:
    connector = get_connector(kind)
    instances = known_instances(connector)
    chosen = suggestion(instances, request.GET.get("instance", ""))
    form = ConnectorForm(connector, request.POST or None, initial=chosen)
    context = {"connector": connector, "form": form, "instances": instances, "step": 2,
               "abilities": abilities(connector), "instance": request.GET.get("instance", "")}  # fmt: skip
    if form.is_valid() and form.settings is not None:
        try:
            profile = try_settings(connector, form.settings)
        except ConnectorError as error:
            context["failure"] = explain(error)
        else:
            keep_draft(request, Draft.of(kind, form.settings, profile))
            return go(request, reverse("connect-name", args=[kind]))
    return render(
        request, "comptoir/channels/give_settings.html", context, status=422 if form.is_bound else 200
    )


@requires(Permission.MANAGE_CHANNELS)
def give_name(request: HttpRequest, kind: str) -> HttpResponse:
    connector, draft = get_connector(kind), read_draft(request, kind)
    if draft is None:
        return go(request, reverse("connect-settings", args=[kind]))
    form = NameForm(request.POST or None, initial=draft.suggested_name(connector.label))
    if form.is_valid():
        try:
            channel = save_draft(draft, connector, actor=str(person(request)), **form.cleaned_data)
        except KeyTaken:
            form.add_error("key", _("Another channel has this key."))
        else:
            forget_draft(request)
            messages.success(
                request, _("%(name)s is connected. Its first orders come in now.") % {"name": channel}
            )
            return go(request, reverse("channel", args=[channel.key]))
    context = {"connector": connector, "draft": draft, "form": form, "step": 3}
    return render(request, "comptoir/channels/give_name.html", context, status=422 if form.is_bound else 200)
