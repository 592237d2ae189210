"""Which account each kind of money goes to: the house's own plan, and what a channel has of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.finance.models import AccountMap
from comptoir.journal.audit import record_change
from comptoir.sdk.i18n import N_

RATES = (Decimal("20"), Decimal("10"), Decimal("5.5"), Decimal("2.1"), Decimal("0"))
ROLES: dict[str, tuple[str, str]] = {
    "buyers": ("411000", N_("Buyers of the marketplaces")),
    "sales": ("707000", N_("Sales of goods")),
    "shipping": ("708500", N_("Shipping charged to buyers")),
    "vat_20": ("445711", N_("VAT collected at 20 %")),
    "vat_10": ("445712", N_("VAT collected at 10 %")),
    "vat_5_5": ("445713", N_("VAT collected at 5.5 %")),
    "vat_2_1": ("445714", N_("VAT collected at 2.1 %")),
    "commission": ("622200", N_("Commissions of the marketplaces")),
    "fee": ("622800", N_("Subscriptions and other fees")),
    "vat_paid": ("445660", N_("Deductible VAT on commissions")),
    "vat_reverse_due": ("445200", N_("VAT due by reverse charge")),
    "vat_reverse_paid": ("445662", N_("Deductible VAT of the reverse charge")),
    "bank": ("511000", N_("Payouts of the marketplaces")),
    "unmatched": ("471000", N_("To be sorted")),
}
"""Role → account and label. Numbers of the French general plan, as a start: each is a setting."""
COMMISSION_VAT = {
    "domestic": N_("20 % inside, deductible"),
    "reverse": N_("None inside: reverse charge"),
    "none": N_("No VAT"),
}
MAX_JOURNAL = 6


class BadAccounts(ValueError):  # noqa: N818
    """A number or a code that no books would take; says which."""


@dataclass(frozen=True)
class Plan:
    """What one channel's entries are written with."""

    journal: str
    accounts: Mapping[str, str]
    labels: Mapping[str, str]
    default_vat: Decimal
    commission_vat: str
    since: date


def house_map() -> AccountMap | None:
    return AccountMap.objects.filter(channel=None).first()


def plan_of(channel: Channel) -> Plan | None:
    """The house's plan with the channel's own words before it; None while nobody set it up."""
    house = house_map()
    if house is None or house.since is None:
        return None
    own = AccountMap.objects.filter(channel=channel).first()
    given = {**house.accounts, **(own.accounts if own else {})}
    return Plan(
        journal=own.journal if own and own.journal else house.journal,
        accounts={role: given.get(role) or number for role, (number, _) in ROLES.items()},
        labels=_in_french(),
        default_vat=house.default_vat, since=house.since,
        commission_vat=own.commission_vat if own else house.commission_vat,
    )  # fmt: skip


def _in_french() -> dict[str, str]:
    """Books of a French company are kept in French, whoever looks at them."""
    with translation.override("fr"):
        return {role: gettext(label) for role, (_, label) in ROLES.items()}


def save_map(
    channel: Channel | None, *, journal: str, accounts: Mapping[str, str], commission_vat: str, actor: str,
    since: date | None = None, default_vat: Decimal = RATES[0],
) -> AccountMap:  # fmt: skip
    """Raises BadAccounts. What is written already stays as it was written."""
    kept = {role: number.strip() for role, number in accounts.items() if role in ROLES and number.strip()}
    for number in kept.values():
        if not (number.isascii() and number.isalnum() and 3 <= len(number) <= 13 and number[:3].isdigit()):
            raise BadAccounts(number)
    if not (journal.isascii() and journal.isalnum() and len(journal) <= MAX_JOURNAL) and (
        journal or not channel
    ):
        raise BadAccounts(journal)
    if commission_vat not in COMMISSION_VAT:
        raise BadAccounts(commission_vat)
    values = {
        "journal": journal.upper(), "accounts": kept, "commission_vat": commission_vat, "since": since,
        "default_vat": default_vat, "changed_at": clock.now(),
    }  # fmt: skip
    found, _ = AccountMap.objects.update_or_create(channel=channel, defaults=values)
    record_change(actor=actor, action="accounts.changed", subject_kind="accounts",
                  subject=channel.key if channel else "",
                  after={"journal": found.journal, "accounts": kept, "commission_vat": commission_vat,
                         "since": since.isoformat() if since else ""})  # fmt: skip
    return found
