"""Who may sign in, who was invited, and what each role may do."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.invitations import (
    InvitationIsOver,
    LastAdministrator,
    accept_invitation,
    change_person,
    find_invitation,
    invite,
    revoke_invitation,
)
from comptoir.accounts.models import Invitation, User
from comptoir.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from comptoir.accounts.services import EmailTaken
from comptoir.core import clock
from comptoir.web.access import person, public, requires
from comptoir.web.forms.people import InviteForm, JoinForm, PersonForm
from comptoir.web.rendering import go
from comptoir.web.sign_in_rules import people_with_second_factor


@requires(Permission.MANAGE_USERS)
def people(request: HttpRequest) -> HttpResponse:
    invitations = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=clock.now())
    context = {
        "people": User.objects.order_by("email"),
        "protected": people_with_second_factor(),
        "invitations": invitations.order_by("email"),
    }
    return render(request, "comptoir/people/list.html", context)


@requires(Permission.MANAGE_USERS)
def invite_person(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        try:
            invitation, secret = invite(**given, actor=person(request))
        except EmailTaken:
            form.add_error("email", _("Somebody already signs in with this address."))
        else:
            link = request.build_absolute_uri(reverse("invitation", args=[secret]))
            return render(request, "comptoir/people/invited.html", {"invitation": invitation, "link": link})
    context = {
        "form": form,
        "title": _("Invite a person"),
        "submit": _("Make the link"),
        "back": reverse("people"),
    }
    return render(request, "comptoir/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE_USERS)
def change(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    now = {"role": user.role, "is_active": user.is_active, "channels": user.channels}
    form = PersonForm(request.POST or None, initial=now)
    if form.is_valid():
        try:
            given = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
            change_person(user, **given, actor=str(person(request)))
            messages.success(request, _("Kept."))
            return go(request, reverse("people"))
        except LastAdministrator:
            form.add_error("role", _("Nobody would be left who may manage people."))
    context = {"form": form, "title": str(user), "submit": _("Keep"), "back": reverse("people")}
    return render(request, "comptoir/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE_USERS)
@require_POST
def take_back(request: HttpRequest, invitation_id: int) -> HttpResponse:
    revoke_invitation(get_object_or_404(Invitation, pk=invitation_id), actor=str(person(request)))
    messages.success(request, _("Taken back: the link opens nothing any more."))
    return go(request, reverse("people"))


@requires(Permission.MANAGE_USERS)
def roles(request: HttpRequest) -> HttpResponse:
    """Straight from the table that every view asks."""
    rows = [
        (_(permission.label), [permission in ROLE_PERMISSIONS[role] for role in Role])
        for permission in Permission
    ]
    return render(request, "comptoir/people/roles.html", {"roles": list(Role), "rows": rows})


@public
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of an invitation."""
    try:
        invitation = find_invitation(secret)
        form = JoinForm(request.POST or None, initial={"name": invitation.name})
        if form.is_valid():
            accept_invitation(secret, **form.cleaned_data, language=get_language() or "fr")
            messages.success(request, _("Welcome. Sign in with your address and this password."))
            return go(request, reverse("sign-in"))
    except (InvitationIsOver, EmailTaken):
        return render(request, "comptoir/people/over.html", status=410)
    except ValidationError as error:
        form.add_error("password", error)
    context = {"form": form, "invitation": invitation}
    return render(request, "comptoir/people/join.html", context, status=422 if form.is_bound else 200)
