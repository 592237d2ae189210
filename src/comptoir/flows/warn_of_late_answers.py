"""orders that wait for our answer since too long ──▶ an Issue each with its countdown, closed when answered"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from django.db.models import QuerySet

from comptoir.channels.models import Channel
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.journal.models import Issue
from comptoir.orders.waiting import Waiting, has_waiting, late_answers
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OrderAcceptor

FLOW = "warn_of_late_answers"
AT_ONCE = 500


def has_work(channel: Channel) -> bool:
    return has_waiting(channel) or _open(channel).exists()


@flow(label=N_("Warn of late answers"), every=timedelta(minutes=15), role=Role.MARKETPLACE, needs=(OrderAcceptor,),
      connects=False, has_work=has_work)  # fmt: skip
def warn_of_late_answers(execution: Execution) -> None:
    late, names = late_answers(execution.channel), set[str]()
    # After a day away there are thousands of them.
    while some := list(islice(late, AT_ONCE)):
        execution.report(_trouble(execution, one) for one in some)
        names.update(one.order.external_id for one in some)
    execution.count("late", len(names))
    told = _open(execution.channel).values_list("subject", flat=True)
    settled = [subject for subject in told if subject not in names]
    close_issues(
        resolution="the order waits for no answer any more", subject_kind="order", subjects=settled,
        channel=execution.channel.key, flow=FLOW,
    )  # fmt: skip


def _open(channel: Channel) -> QuerySet[Issue]:
    return Issue.objects.filter(state=Issue.State.OPEN, channel=channel.key, flow=FLOW)


def _trouble(execution: Execution, one: Waiting) -> Trouble:
    words = f"The channel waits for our answer since {_length(one.since)}"
    if one.answered:
        words += "; it was decided here, and the channel does not show it"
    if one.deadline is not None:
        left = one.deadline - execution.now()
        words += (
            f". {_length(left)} left: the channel decides by itself on {one.deadline:%d/%m at %H:%M} UTC"
            if left > timedelta(0)
            else f". Its time was up on {one.deadline:%d/%m at %H:%M} UTC"
        )
    return Trouble(
        Reason.TO_DECIDE, words + ".", channel=execution.channel.key, flow=FLOW, subject_kind="order",
        subject=one.order.external_id, action="decide_order",
        detail={"deadline": one.deadline.isoformat() if one.deadline else "", "reference": one.order.reference},
    )  # fmt: skip


def _length(duration: timedelta) -> str:
    minutes = int(duration.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d}"
