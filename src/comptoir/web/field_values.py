"""The values that previews and the audit keep as codes, numbers and texts, as a reader reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext

from comptoir.accounts.roles import PERMISSION_LABELS, Role
from comptoir.catalog.models import FieldOwner
from comptoir.channels.models import Channel, CustomerInvoice
from comptoir.finance.accounts import COMMISSION_VAT, ROLES
from comptoir.finance.models import ErpDocument, PurchaseOrder
from comptoir.flows.alert_rules import RULES
from comptoir.flows.models import TableFile
from comptoir.flows.registry import flows
from comptoir.inventory.calendar_models import WorkCalendar
from comptoir.inventory.models import QuantityRule
from comptoir.offers.models import ActivationRule
from comptoir.sdk.i18n import N_
from comptoir.web.country_names import country_name
from comptoir.web.field_words import FIELDS, field_word
from comptoir.web.formats import format_amount, format_number, is_french

AMOUNTS = frozenset(
    {"price", "floor", "last", "theirs", "list_price", "price_step_amount", "amount", "shipping"}
)
INSTANTS = frozenset({"as_of", "since", "until", "valid_from", "valid_until", "to"})
"""A SKU or a note may look like a day."""
PERCENTS = frozenset({"price_step_up", "price_step_down", "price_drop_tolerance", "vat_rate"})
CODES: dict[str, Mapping[str, Any]] = {
    "role": dict(Role.choices),
    "scopes": {str(one): label for one, label in PERMISSION_LABELS.items()},
    "state": dict(PurchaseOrder.State.choices) | dict(Channel.State.choices),
    "owner": dict(FieldOwner.Owner.choices),
    "action": dict(ActivationRule.Action.choices),
    "in_closure": dict(WorkCalendar.InClosure.choices),
    "foreign_price": dict(Channel.ForeignPrice.choices),
    "lead_time_count": dict(Channel.LeadTimeCount.choices),
    "commission_vat": COMMISSION_VAT,
    "kind": dict(TableFile.Kind.choices) | dict(QuantityRule.Kind.choices) | dict(CustomerInvoice.Kind.choices),
    "decision": dict(ErpDocument.Refunding.choices) | {"refund": N_("To refund")},
    "wins": {"ours": N_("Ours"), "theirs": N_("Theirs")},
    "where": {"page": N_("Page of the order"), "packing_slip": N_("Packing slip"), "api": N_("API"),
              "export": N_("Export")},
    "weekdays": {str(day): name for day, name in WEEKDAYS.items()},
    "channel": {"*": N_("Every channel")},
    "accounts": {role: label for role, (_, label) in ROLES.items()},
    "thresholds": {rule.key: rule.label for rule in RULES},
}  # fmt: skip
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def value_words(name: str, value: object) -> str:
    """ "" for what is not there."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(value_words(name, one) for one in value)
    if isinstance(value, dict):
        return ", ".join(_pair(name, key, one) for key, one in value.items())
    return _number(name, value) or _code(name, str(value)) or _time(name, str(value)) or str(value)


def _pair(name: str, key: str, value: object) -> str:
    """One line of a table that is a value itself: what it names, and how much."""
    if isinstance(value, dict):
        return f"{key} ({value_words(name, value)})"
    if name == "intervals" and key in flows():
        return f"{gettext(flows()[key].label)}{_colon()} {value}"
    if key in CODES.get(name, ()):
        return f"{_code(name, key)}{_colon()} {'–' if value is None else value}"
    words, name = (field_word(key), key) if key in FIELDS else (key, "")
    return f"{words}{_colon()} {value_words(name, value)}"


def _number(name: str, value: object) -> str:
    if name not in AMOUNTS | PERCENTS:
        return ""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return ""
    return format_amount(amount) if name in AMOUNTS else format_number(amount.normalize() + 0)


def _code(name: str, value: str) -> str:
    if name == "country":
        return country_name(value)
    words = CODES.get(name, {}).get(value, "")
    return gettext(words) if type(words) is str and words else str(words)


def _time(name: str, text: str) -> str:
    for shape, read in _TIMES:
        if name in INSTANTS and shape.fullmatch(text):
            try:
                return read(text)
            except ValueError:
                return ""
    return ""


def _instant(text: str) -> str:
    at = datetime.fromisoformat(text)
    return date_format(
        timezone.localtime(at) if at.tzinfo else at, "j N Y H:i" if is_french() else "j M Y, H:i"
    )


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j N Y" if is_french() else "j M Y")


_TIMES: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = ((_INSTANT, _instant), (_DAY, _day))


def _colon() -> str:
    return "\u00a0:" if is_french() else ":"
