"""The sidebar, declared once: its entries, their icons, their keys."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from comptoir.accounts.models import User
from comptoir.accounts.roles import Permission
from comptoir.sdk.i18n import N_


@dataclass(frozen=True)
class Entry:
    name: str
    """Of its address in `urls`."""
    label: str
    icon: str
    """A symbol of `icons.svg`."""
    key: str
    """Typed after `g`."""
    permission: Permission = Permission.SEE


ENTRIES = (
    Entry("home", N_("Today"), "home", "t"),
    Entry("orders", N_("Orders"), "shopping-bag", "o"),
    Entry("stock", N_("Stock"), "packages", "s"),
    Entry("offers", N_("Offers"), "tag", "f"),
    Entry("erp", N_("ERP"), "calculator", "r"),
    Entry("flows", N_("Flows"), "activity", "w"),
    Entry("issues", N_("Issues"), "alert-triangle", "i"),
    Entry("channels", N_("Channels"), "building-store", "c"),
    Entry("settings", N_("Settings"), "settings", "e", Permission.MANAGE_USERS),
    Entry("audit", N_("Audit"), "history", "u", Permission.MANAGE_USERS),
)


@dataclass(frozen=True)
class Link:
    url: str
    label: str
    icon: str
    key: str
    current: bool


def links(request: HttpRequest) -> list[Link]:
    """What this person may open; the entry with the longest matching address is the current one."""
    if not isinstance(request.user, User):
        return []
    allowed = [(entry, reverse(entry.name)) for entry in ENTRIES if request.user.may(entry.permission)]
    here = max((url for _, url in allowed if _contains(url, request.path)), key=len, default="")
    return [Link(url, gettext(e.label), e.icon, e.key, current=url == here) for e, url in allowed]


def _contains(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
