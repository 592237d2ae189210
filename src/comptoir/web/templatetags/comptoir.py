"""Filters and tags of the back-office's templates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from comptoir.accounts.models import User
from comptoir.core import clock
from comptoir.flows.connect import connector_types
from comptoir.flows.registry import flows
from comptoir.flows.remedies import remedy_of
from comptoir.offers.models import Offer
from comptoir.offers.on_sale import TEXTS, why_not_on_sale
from comptoir.sdk.i18n import N_
from comptoir.sdk.statuses import OrderStatus
from comptoir.web.country_names import country_name
from comptoir.web.counts import COUNTS
from comptoir.web.formats import (
    format_distance,
    format_duration,
    format_money,
    format_number,
    format_took,
    is_french,
)
from comptoir.web.forms.base import class_of
from comptoir.web.history import erp_status_words
from comptoir.web.known_words import tell, tell_fault
from comptoir.web.notices import Undo, read_undo
from comptoir.web.queries.exchanges import readable
from comptoir.web.tones import TONES
from comptoir.web.user_agents import browser_name

register = template.Library()

SOON = timedelta(hours=6)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Decoration: the words beside it, or the button's label, say what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("comptoir/icons.svg"),
        name,
    )


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    return "–" if amount is None else format_money(amount, currency)


@register.filter
def number(value: Decimal | int | None) -> str:
    """A count, or a percentage without the noughts at its end."""
    if isinstance(value, Decimal):
        value = value.normalize()
    return "–" if value is None else format_number(value)


@register.filter
def translated(text: str) -> str:
    """A text that the sdk marked with `N_`."""
    return gettext(text) if text else ""


@register.simple_tag
def badge(value: str, label: str = "") -> SafeString:
    """A status with its tone; `label` where the value itself is no status of orders."""
    tone = TONES.get(value, "waiting")
    words = label or (gettext(OrderStatus(value).label) if value in set(OrderStatus) else value)
    return format_html('<span class="status status-{}">{}</span>', tone, words)


@register.filter
def undo(extra_tags: str | None) -> Undo | None:
    """What a message lets undo (`notices.tell_undoable`)."""
    return read_undo(extra_tags)


@register.filter
def moment(instant: datetime | None) -> SafeString | str:
    """The day and the time in the merchant's zone; the whole instant on hover."""
    if instant is None:
        return "–"
    local = timezone.localtime(instant)
    this_year = local.year == timezone.localtime(clock.now()).year
    shape = ("j N H:i" if is_french() else "j M, H:i") if this_year else "d/m/Y H:i"
    return _time(local, date_format(local, shape))


@register.filter
def instant(at: datetime) -> str:
    """For an address: to the microsecond, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@register.filter
def ago(instant: datetime | None) -> SafeString | str:
    if instant is None:
        return "–"
    return _time(timezone.localtime(instant), format_distance(instant, clock.now()))


@register.filter
def ahead(instant: datetime) -> SafeString | str:
    """When something planned comes; what is overdue comes as soon as a worker is free."""
    soon = instant - clock.now() < timedelta(seconds=1)
    return gettext("as soon as possible") if soon else ago(instant)


@register.filter
def countdown(instant: datetime | None) -> SafeString | str:
    """How long is left, in the tone of its urgency."""
    if instant is None:
        return format_html('<span class="muted none">–</span>')
    left = instant - clock.now()
    if left < timedelta(0):
        tone, words = "alert", gettext("late by %(duration)s") % {"duration": format_duration(left)}
    else:
        tone, words = ("action" if left < SOON else "calm"), format_duration(left)
    return format_html(
        '<span class="countdown countdown-{}">{}</span>', tone, _time(timezone.localtime(instant), words)
    )


@register.filter
def day(on: date | None) -> str:
    """26 nov. 2026 in French, 26 Nov 2026 in English."""
    return "–" if on is None else date_format(on, "j N Y" if is_french() else "j M Y")


@register.filter
def weekday(on: date | None) -> str:
    """jeu. 26 nov. 2026 in French, Thu 26 Nov 2026 in English."""
    return "–" if on is None else f"{date_format(on, 'D')}{'.' if is_french() else ''} {day(on)}"


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The field in the looks of the house; forms of others (django-allauth's) come without."""
    widget = field.field.widget
    return field.as_widget(attrs=None if "class" in widget.attrs else {"class": class_of(widget)})


@register.filter
def told(text: str) -> str:
    """A sentence that the hub wrote down, in the reader's language."""
    return tell(text)


@register.filter
def fault(text: str) -> str:
    """The words of a failure, after what they mean."""
    return tell_fault(text)


@register.filter
def erp_status(status: str) -> str:
    """What the ERP said of an order."""
    return erp_status_words(status)


@register.filter
def country(code: str) -> str:
    return country_name(code)


@register.filter
def browser(user_agent: str) -> str:
    return browser_name(user_agent) or gettext("Unknown")


@register.filter
def duration_between(end: datetime | None, start: datetime | None) -> str:
    return "–" if end is None or start is None else format_took(end - start)


@register.filter
def span(duration: timedelta) -> str:
    return format_took(duration)


@register.filter
def pretty(body: str) -> str:
    """JSON with indents; anything else as it is."""
    return readable(body)


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)


@register.filter
def advice(action: str) -> str:
    """What an issue recommends."""
    return gettext(remedy_of(action).advice)


def can_retry(action: str) -> bool:
    return remedy_of(action).retry is not None


@register.filter
def can_retry_all(action: str) -> bool:
    """What a person decides one by one is not tried by the dozen."""
    return can_retry(action) and not remedy_of(action).button


@register.filter
def retry_words(action: str) -> str:
    return gettext(remedy_of(action).button or N_("Try again"))


@register.filter
def not_on_sale(offer: Offer) -> list[str]:
    """Why it is not on sale, one sentence for each reason."""
    return [gettext(TEXTS[reason.code]) % reason.detail for reason in why_not_on_sale(offer)]


@register.filter
def other_words(action: str) -> str:
    """The other answer's button; "" where there is none."""
    words = remedy_of(action).other_button
    return gettext(words) if words else ""


@register.filter
def may_retry(user: User, action: str) -> bool:
    return can_retry(action) and user.may(remedy_of(action).needs)


# Runs that a person makes, which no schedule knows.
BY_HAND = {"reimport_orders": N_("Orders read again"), "read_again": N_("A reading made again")}


@register.filter
def flow_label(name: str) -> str:
    flow = flows().get(name)
    return gettext(flow.label if flow else BY_HAND.get(name, name))


@register.filter
def connector_label(kind: str) -> str:
    """« Mirakl », « ERP by files »; its key where it is not installed any more."""
    known = connector_types().get(kind)
    return gettext(known.label) if known else kind


@register.filter
def count_label(name: str) -> str:
    """What a run counted, in words; a count that has none yet shows its name."""
    return gettext(COUNTS[name]) if name in COUNTS else name.replace("_", " ")


def _time(local: datetime, words: str) -> SafeString:
    whole = date_format(local, "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), whole, words)
