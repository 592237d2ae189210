"""buyers who were forgotten here ──account by account──▶ emptied in the ERP, once all their orders are"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.orders.models import Order, OrderContact
from comptoir.sdk.buyers import BuyerAccounts
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_

CURSOR = "forgotten_buyers"
PAGE = 500
START = datetime(2000, 1, 1, tzinfo=UTC)


@flow(label=N_("Forget buyers in the ERP"), every=timedelta(hours=6), role=Role.ERP, needs=(BuyerAccounts,))
def forget_buyers_in_erp(execution: Execution) -> None:
    """An account with an order that is not emptied yet waits: the emptying of its last order brings it back here."""
    target: BuyerAccounts = execution.connection
    while page := _page(execution.cursor(CURSOR)):
        accounts = target.buyer_accounts([contact.order.reference for contact in page])
        for account in accounts.values():
            living = Order.objects.filter(reference__in=account.references, contact__purged_at=None)
            if living.exists():
                execution.count("waiting")
                continue
            target.forget_account(account.number)
            execution.count("forgotten")
        last = page[-1]
        assert last.purged_at is not None
        execution.move_cursor(CURSOR, f"{last.purged_at.isoformat()} {last.pk}")


def _page(cursor: str) -> list[OrderContact]:
    """Those emptied after the cursor's; many may have been emptied at one instant."""
    instant, _, last = cursor.partition(" ")
    at = datetime.fromisoformat(instant) if instant else START
    found = OrderContact.objects.filter(purged_at__gte=at, order__erp_sent_at__isnull=False)
    found = found.exclude(purged_at=at, pk__lte=int(last or 0)).select_related("order")
    return list(found.order_by("purged_at", "pk")[:PAGE])
