"""our order numbers ──▶ the channel's orders, so that both sides speak of an order by one number

Oldest first, by a cursor on our own ids: they only grow within a channel. Writing the same number again
changes nothing, so an unknown outcome is simply written again, and the cursor stays before it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.channels.services import read_cursor
from comptoir.flows.batches import in_batches
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble
from comptoir.orders.models import ErpState, Order
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import ReferenceTarget
from comptoir.sdk.records import OrderReference, Outcome, Verdict

CURSOR = "references"
BATCH = 100
"""One call of the channels that are known."""


def has_unwritten(channel: Channel) -> bool:
    after = int(read_cursor(channel, CURSOR) or 0)
    return Order.objects.filter(channel=channel, pk__gt=after).exists()


@flow(label=N_("Write our order numbers"), every=timedelta(minutes=5), role=Role.MARKETPLACE,
      needs=(ReferenceTarget,), has_work=has_unwritten)  # fmt: skip
def write_references(execution: Execution) -> None:
    after = int(execution.cursor(CURSOR) or 0)
    unwritten = Order.objects.filter(channel=execution.channel, pk__gt=after)
    for orders in in_batches(execution, unwritten, size=BATCH):
        if not _take(execution, orders, after):
            return
        after = orders[-1].pk


def _take(execution: Execution, orders: list[Order], after: int) -> bool:
    """False where one of them has to wait: the cursor stops before it, and what comes after it waits as well."""
    # What had ended before we knew it never gets a document of ours.
    wanted = [order for order in orders if order.erp_state != ErpState.NOT_NEEDED]
    verdicts = _write(execution, wanted)
    last = after
    for order in orders:
        verdict = verdicts.get(order.external_id)
        if order in wanted and (verdict is None or verdict.outcome in (Outcome.RETRY, Outcome.UNKNOWN)):
            break
        last = order.pk
    with transaction.atomic():
        execution.move_cursor(CURSOR, str(last))
        execution.report(_trouble(execution, o, v) for o in wanted if (v := verdicts.get(o.external_id))
                         and o.pk <= last and v.outcome is Outcome.REJECTED)  # fmt: skip
    return last == orders[-1].pk


def _write(execution: Execution, orders: list[Order]) -> dict[str, Verdict]:
    if not orders:
        return {}
    target: ReferenceTarget = execution.connection
    records = [OrderReference(order_id=order.external_id, reference=order.reference) for order in orders]
    verdicts = {verdict.key: verdict for verdict in target.write_references(records)}
    for verdict in verdicts.values():
        execution.count(verdict.outcome.value)
    return verdicts


def _trouble(execution: Execution, order: Order, verdict: Verdict) -> Trouble:
    return Trouble(
        Reason.REJECTED,
        f"The channel does not keep our number {order.reference}: {verdict.code} {verdict.message}".strip(),
        channel=execution.channel.key,
        flow="write_references",
        subject_kind="order",
        subject=order.external_id,
        action="none",
    )
