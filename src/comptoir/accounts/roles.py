"""Who may do what: one table, read by every view and endpoint, shown on screen as it is."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.sdk.i18n import N_


class Permission(StrEnum):
    """One kind of action."""

    SEE = "see"
    """Look at orders, stock, offers, flows and channels."""
    SEE_BUYERS = "see_buyers"
    """See buyers' names, addresses and phone numbers."""
    WORK_ORDERS = "work_orders"
    """Accept, refuse, ship, cancel, hold."""
    CHANGE_STOCK = "change_stock"
    CHANGE_OFFERS = "change_offers"
    RUN_FLOWS = "run_flows"
    """Start a flow by hand, retry and close issues."""
    MANAGE_CHANNELS = "manage_channels"
    """Connect, test, suspend, resume."""
    MANAGE_USERS = "manage_users"
    """Invite and change people, make API keys and webhooks, read the audit."""

    @property
    def label(self) -> str:
        """In English; translated where it is shown."""
        return PERMISSION_LABELS[self]


PERMISSION_LABELS = {
    Permission.SEE: N_("See orders, stock, offers, flows and channels"),
    Permission.SEE_BUYERS: N_("See buyers' names and addresses"),
    Permission.WORK_ORDERS: N_("Accept, refuse, ship, cancel, hold and refund orders"),
    Permission.CHANGE_STOCK: N_("Change stock"),
    Permission.CHANGE_OFFERS: N_("Change offers and prices"),
    Permission.RUN_FLOWS: N_("Run flows, retry and close issues"),
    Permission.MANAGE_CHANNELS: N_("Connect and set up channels"),
    Permission.MANAGE_USERS: N_("Manage people, keys, webhooks and the audit"),
}


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    OPERATIONS = "operations", _("Operations")
    MARKETPLACE_MANAGER = "marketplace_manager", _("Marketplace manager")
    BUYER = "buyer", _("Buyer")
    ACCOUNTANT = "accountant", _("Accountant")
    SUPPORT = "support", _("Support")
    READ_ONLY = "read_only", _("Read-only")
    INTEGRATOR = "integrator", _("Integrator")


P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(P),
    Role.OPERATIONS: frozenset({P.SEE, P.SEE_BUYERS, P.WORK_ORDERS, P.CHANGE_STOCK, P.RUN_FLOWS}),
    Role.MARKETPLACE_MANAGER: frozenset({P.SEE, P.WORK_ORDERS, P.CHANGE_OFFERS, P.RUN_FLOWS}),
    Role.BUYER: frozenset({P.SEE, P.CHANGE_STOCK}),
    Role.ACCOUNTANT: frozenset({P.SEE}),
    Role.SUPPORT: frozenset({P.SEE, P.SEE_BUYERS}),
    Role.READ_ONLY: frozenset({P.SEE}),
    Role.INTEGRATOR: frozenset({P.SEE, P.RUN_FLOWS, P.CHANGE_STOCK, P.CHANGE_OFFERS}),
}


HOUSE_WIDE = frozenset({P.CHANGE_STOCK, P.MANAGE_CHANNELS, P.MANAGE_USERS})
"""What concerns every channel at once: nothing for a person who is narrowed to some of them."""


def role_allows(role: str, permission: Permission) -> bool:
    return permission in ROLE_PERMISSIONS.get(Role(role), frozenset())
