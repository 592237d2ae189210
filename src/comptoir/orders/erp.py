"""Orders on their way to the ERP: what is to be told, in which delivery, and what it answered.

A delivery (`ErpExport`) gets its number and its items in one committed transaction *before* anything is
sent. Whatever happens then, the next attempt sends the same number again, and the other side (or the
connector, by looking) makes nothing twice of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import copy_rows, execute, fetch
from comptoir.journal.audit import record_change
from comptoir.journal.issues import Reason, Trouble, close_issues, open_issues
from comptoir.orders.models import ErpExport, ErpExportItem
from comptoir.sdk.records import Outcome, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState

State = ErpExport.State
FLOW = "export_orders_to_erp"

# Ready: paid and ours to ship, every product known, an address to ship to, nobody holding it.
_READY_ORDERS = """
SELECT o.reference, o.id, NULL::bigint, 0, 0 FROM orders_order o
JOIN orders_ordercontact contact ON contact.order_id = o.id
WHERE o.erp_state = 'waiting' AND o.status IN ('to_ship', 'partially_shipped') AND o.held = ''
  AND (contact.ships OR contact.shipping_address IS NOT NULL)
  AND NOT EXISTS (SELECT FROM orders_orderline line WHERE line.order_id = o.id AND line.product_id IS NULL
                  AND line.fulfilled_by = 'seller')
ORDER BY o.id LIMIT %s FOR NO KEY UPDATE OF o SKIP LOCKED
"""
_READY_CANCELLATIONS = """
SELECT 'C' || line.id || '-' || line.cancelled_quantity, o.id, line.id,
       line.cancelled_quantity - line.erp_cancelled_quantity, 0
FROM orders_orderline line JOIN orders_order o ON o.id = line.order_id
WHERE line.cancelled_quantity > line.erp_cancelled_quantity AND o.erp_state = 'confirmed'
ORDER BY line.id LIMIT %s FOR NO KEY UPDATE OF line SKIP LOCKED
"""
# Given back by us, shown by the channel, or both: one and the same money is told once, whichever way it is
# known first. Its id is the id told last for the line, and these cents: it only grows, whatever was declined or
# refused in between, and what is told again is the same. What was given back is no id: it is reached twice.
_READY_REFUNDS = """
SELECT 'R' || line.id || '-' || told.last + (owed.amount * 100)::bigint, o.id, line.id,
       greatest(line.refunded_quantity, line.given_back_quantity, line.erp_refunded_quantity)
           - line.erp_refunded_quantity,
       owed.amount
FROM orders_orderline line JOIN orders_order o ON o.id = line.order_id
CROSS JOIN LATERAL (
    SELECT greatest(line.refunded_amount, line.given_back_amount) - line.erp_refunded_amount
) AS owed (amount)
CROSS JOIN LATERAL (
    SELECT coalesce(max(split_part(item.key, '-', 2)::bigint), 0) FROM orders_erpexportitem item
    WHERE item.line_id = line.id AND item.key LIKE 'R%%' AND item.outcome <> 'again'
) AS told (last)
WHERE (line.refunded_amount > line.erp_refunded_amount OR line.given_back_amount > line.erp_refunded_amount)
  AND o.erp_state = 'confirmed'
ORDER BY line.id LIMIT %s FOR NO KEY UPDATE OF line SKIP LOCKED
"""
READY = {"orders": _READY_ORDERS, "cancellations": _READY_CANCELLATIONS, "refunds": _READY_REFUNDS}
_TOLD = {
    "orders": """UPDATE orders_order o SET erp_state = 'sent', erp_sent_at = %(now)s
        FROM orders_erpexportitem item WHERE item.export_id = %(export)s AND o.id = item.order_id""",
    "cancellations": """UPDATE orders_orderline line SET erp_cancelled_quantity = erp_cancelled_quantity + item.quantity
        FROM orders_erpexportitem item WHERE item.export_id = %(export)s AND line.id = item.line_id""",
    "refunds": """UPDATE orders_orderline line SET erp_refunded_amount = erp_refunded_amount + item.amount,
            erp_refunded_quantity = erp_refunded_quantity + item.quantity
        FROM orders_erpexportitem item WHERE item.export_id = %(export)s AND line.id = item.line_id""",
}
_UNTOLD = {
    "orders": """UPDATE orders_order o SET erp_state = 'waiting', erp_sent_at = NULL FROM orders_erpexportitem item
        WHERE item.export_id = %(export)s AND item.key = ANY(%(keys)s) AND o.id = item.order_id""",
    "cancellations": """UPDATE orders_orderline line SET erp_cancelled_quantity = erp_cancelled_quantity - item.quantity
        FROM orders_erpexportitem item
        WHERE item.export_id = %(export)s AND item.key = ANY(%(keys)s) AND line.id = item.line_id""",
    "refunds": """UPDATE orders_orderline line SET erp_refunded_amount = erp_refunded_amount - item.amount,
            erp_refunded_quantity = erp_refunded_quantity - item.quantity
        FROM orders_erpexportitem item
        WHERE item.export_id = %(export)s AND item.key = ANY(%(keys)s) AND line.id = item.line_id""",
}
_CONFIRMED = """
UPDATE orders_order o SET erp_state = 'confirmed' FROM orders_erpexportitem item
WHERE item.export_id = %(export)s AND o.id = item.order_id AND item.outcome = 'done'
"""
_REFUSED = """
UPDATE orders_order o SET erp_state = 'rejected' FROM orders_erpexportitem item
WHERE item.export_id = %(export)s AND o.id = item.order_id AND item.outcome = 'rejected'
"""


def has_something_to_tell(channel: Channel) -> bool:
    """Something is ready, or a delivery waits for its receipt or for being sent."""
    if ErpExport.objects.filter(channel=channel, state__in=[State.OPEN, State.SENT]).exists():
        return True
    return any(fetch(f"SELECT EXISTS ({_without_lock(ready)})", [1])[0][0] for ready in READY.values())


def _without_lock(statement: str) -> str:
    return statement[: statement.index("FOR NO KEY UPDATE")]


def open_export(channel: Channel, kind: str) -> ErpExport | None:
    """The delivery that was numbered and never known to have left."""
    return ErpExport.objects.filter(channel=channel, kind=kind, state=State.OPEN).order_by("number").first()


@transaction.atomic
def prepare_export(channel: Channel, kind: str, *, limit: int) -> ErpExport | None:
    """Number a new delivery of what is ready; None when nothing is."""
    ready = fetch(READY[kind], [limit])
    if not ready:
        return None
    last = ErpExport.objects.filter(channel=channel, kind=kind).aggregate(last=Max("number"))["last"] or 0
    export = ErpExport.objects.create(
        channel=channel, kind=kind, number=last + 1, items=len(ready), created_at=clock.now()
    )
    columns = ("export_id", "key", "order_id", "line_id", "quantity", "amount", "outcome", "message")
    copy_rows("orders_erpexportitem", columns, ((export.pk, *row, "", "") for row in ready))
    execute(_TOLD[kind], {"export": export.pk, "now": clock.now()})
    return export


def mark_sent(export: ErpExport, external_id: str) -> None:
    export.state, export.external_id, export.sent_at = State.SENT, external_id, clock.now()
    export.save(update_fields=["state", "external_id", "sent_at"])


@transaction.atomic
def close_export(export: ErpExport, report: SubmissionReport, *, run_id: int | None = None) -> list[Verdict]:
    """Take the ERP's answer, item by item. Returns what it rejected.

    An item that was neither taken nor refused (« try again ») is ready to be told again.
    """
    if report.state is ImportState.PENDING:
        return []
    failed = report.state is ImportState.FAILED
    refused = [v for v in report.verdicts if v.outcome is Outcome.REJECTED]
    again = [v.key for v in report.verdicts if v.outcome in (Outcome.RETRY, Outcome.UNKNOWN)]
    lock_orders_of(export)
    _judge(export, "rejected" if failed else "done", report.message if failed else "")
    for verdict in refused:
        _judge(export, "rejected", verdict.message, keys=[verdict.key])
    _judge(export, "again", "", keys=again)
    take_back(export, keys=again)
    if export.kind == "orders":
        execute(_CONFIRMED, {"export": export.pk})
        execute(_REFUSED, {"export": export.pk})
    export.state = State.FAILED if failed else State.COMPLETE
    export.closed_at, export.message = clock.now(), report.message
    export.save(update_fields=["state", "closed_at", "message"])
    _tell(export, run_id)
    return refused


def _judge(export: ErpExport, outcome: str, message: str, *, keys: Sequence[str] | None = None) -> None:
    found = ErpExportItem.objects.filter(export=export)
    if keys is not None:
        found = found.filter(key__in=keys)
    found.update(outcome=outcome, message=message)


def lock_orders_of(export: ErpExport) -> None:
    """In the order of their ids, as every writer of orders does: an import may hold some of them."""
    fetch(
        """SELECT o.id FROM orders_order o JOIN orders_erpexportitem item ON item.order_id = o.id
           WHERE item.export_id = %s ORDER BY o.id FOR NO KEY UPDATE OF o""",
        [export.pk],
    )


def take_back(export: ErpExport, *, keys: Sequence[str]) -> None:
    """These items were not told after all: what they say is ready again."""
    execute(_UNTOLD[export.kind], {"export": export.pk, "keys": list(keys)})


@transaction.atomic
def refuse_item(export: ErpExport, key: str, message: str, *, run_id: int | None = None) -> bool:
    """An item that cannot even be written: out of the delivery, so that the others leave under its number.

    False when the delivery has no such item.
    """
    lock_orders_of(export)
    item = export.lines.select_related("order__channel").filter(key=key).first()
    if item is None:
        return False
    if export.kind == "orders":
        execute("UPDATE orders_order SET erp_state = 'rejected' WHERE id = %s", [item.order_id])
    open_issues([_refusal(item, message)], run_id=run_id)
    item.delete()
    export.items -= 1
    if export.items:
        export.save(update_fields=["items"])
    else:
        export.delete()
    return True


def _tell(export: ErpExport, run_id: int | None) -> None:
    refused = export.lines.filter(outcome="rejected").select_related("order__channel")
    open_issues([_refusal(item, item.message or export.message) for item in refused], run_id=run_id)
    taken = export.lines.filter(outcome="done").values_list("order__channel__key", "order__external_id")
    for channel, subjects in _by_channel(taken).items():
        close_issues(
            resolution="taken by the ERP", subject_kind="order", subjects=subjects, channel=channel, flow=FLOW
        )
        close_issues(
            resolution="the ERP has it", subject_kind="order", subjects=subjects, channel=channel,
            reason=Reason.MISSING,
        )  # fmt: skip


def _by_channel(named: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for channel, external_id in named:
        found[channel].append(external_id)
    return found


def _refusal(item: ErpExportItem, message: str) -> Trouble:
    """Of the order's own channel: another one may have an order of the same id."""
    kind = item.export.kind
    return Trouble(
        Reason.REJECTED, f"{kind} {item.key}: {message}", channel=item.order.channel.key, flow=FLOW,
        subject_kind="order", subject=item.order.external_id, action="export_again", detail={"kind": kind},
    )  # fmt: skip


@transaction.atomic
def export_again(order_ids: Sequence[int], *, actor: str) -> int:
    """An explicit, audited wish: offer to the ERP again what it rejected of these orders (the order itself,
    cancellations, refunds), under the same references. Returns how many orders that concerns."""
    wanted = fetch(
        "SELECT id, reference, erp_state FROM orders_order WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [list(order_ids)],
    )
    again = {pk: reference for pk, reference, state in wanted if state == "rejected"}
    execute(
        "UPDATE orders_order SET erp_state = 'waiting', erp_status = '', erp_document = '' WHERE id = ANY(%s)",
        [list(again)],
    )
    refused = ErpExportItem.objects.filter(order_id__in=order_ids, outcome="rejected").exclude(
        export__kind="orders"
    )
    for item in refused.select_related("export", "order"):
        take_back(item.export, keys=[item.key])
        again[item.order_id] = item.order.reference
    refused.update(outcome="again")
    for reference in again.values():
        record_change(actor=actor, action="order.export_again", subject_kind="order", subject=reference)
    return len(again)
