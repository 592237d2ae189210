"""the ERP's own books of the last days ──▶ compared with ours; each gap is named, and closed when it is gone"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from comptoir.finance.reconciliation import keep_comparison
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.journal.models import Issue
from comptoir.orders.erp_gaps import KINDS, Gap, compare_with_erp
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import BookedOrderSource

NAME = "reconcile_erp"
LOOK_BACK = timedelta(days=35)
FRESH = timedelta(hours=1)
"""What was sent since may be booked while we read."""
STUCK = timedelta(hours=4)
_REASONS = {"missing": Reason.MISSING, "stuck": Reason.MISSING}
_ACTIONS = {"stuck": "retry_flow"}


@flow(
    label=N_("Reconcile with the ERP"), every=timedelta(hours=24), role=Role.ERP, needs=(BookedOrderSource,)
)
def reconcile_erp(execution: Execution) -> None:
    source: BookedOrderSource = execution.connection
    now = execution.now()
    start = now - LOOK_BACK
    # A day more on both sides: the ERP's days are local ones.
    first, last = (start - timedelta(days=1)).date(), (now + timedelta(days=2)).date()
    booked = [order for page in source.booked_orders(first, last) for order in page]
    found = compare_with_erp(booked, start=start, end=now - FRESH, stuck_before=now - STUCK)
    execution.count("compared", found.compared)
    keep_comparison(execution.channel, found, since=start.date())
    for gap in found.gaps:
        execution.count(gap.kind)
    _close_what_is_gone(execution, found.gaps)
    execution.report(_trouble(execution, gap) for gap in found.gaps)


def _trouble(execution: Execution, gap: Gap) -> Trouble:
    amounts = {"here": str(gap.here or ""), "there": str(gap.there or ""), "documents": list(gap.documents)}
    numbers = f" ({', '.join(gap.documents)})" if gap.documents else ""
    sums = f": {gap.here} here, {gap.there} there" if gap.kind == "amount" else ""
    return Trouble(
        _REASONS.get(gap.kind, Reason.DIVERGENCE), f"{gap.reference} is {KINDS[gap.kind]}{numbers}{sums}.",
        channel=execution.channel.key, flow=NAME, subject_kind="erp_order", subject=f"{gap.kind} {gap.reference}",
        action=_ACTIONS.get(gap.kind, "check_erp_order"),
        detail={"kind": gap.kind, "order": gap.external_id, "order_channel": gap.channel, **amounts},
    )  # fmt: skip


def _close_what_is_gone(execution: Execution, gaps: Sequence[Gap]) -> None:
    still = {f"{gap.kind} {gap.reference}" for gap in gaps}
    issues = Issue.objects.filter(
        state="open", flow=NAME, channel=execution.channel.key, subject_kind="erp_order"
    )
    gone = sorted(set(issues.values_list("subject", flat=True)) - still)
    closed = close_issues(
        resolution="hub and ERP agree", subject_kind="erp_order", subjects=gone, flow=NAME,
        channel=execution.channel.key,
    )  # fmt: skip
    execution.count("settled", closed)
