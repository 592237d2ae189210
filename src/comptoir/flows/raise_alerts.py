"""what lasts too long ──▶ alerts that begin and end ──e-mail, signed webhook──▶ whoever must know

Told once when it begins and once when it is over, by each way that is set up. A message that cannot be sent
is sent later: at least once. A webhook carries the same `webhook-id` each time, so that its reader can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.conf import settings

from comptoir.core import clock
from comptoir.flows.alert_choices import chosen
from comptoir.flows.alert_rules import what_fires
from comptoir.flows.alert_ways import CannotTell, tell_by_email, tell_by_webhook
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.alerts import alerts_on, mark_told, note_alerts, notices_to_send, put_off
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.journal.models import AlertNotice
from comptoir.sdk.i18n import N_

AT_ONCE = 50
TOLD_AFTER_ATTEMPTS = 5

Tell = Callable[[Sequence[AlertNotice]], None]


def ways() -> dict[str, Tell]:
    """By which ways this installation tells."""
    found: dict[str, Tell] = {}
    if chosen().emails:
        found["email"] = tell_by_email
    if settings.ALERT_WEBHOOK:
        found["webhook"] = tell_by_webhook
    return found


def _anything_to_tell() -> bool:
    now = clock.now()
    told = any(notices_to_send(way, now, limit=1) for way in ways())
    return told or bool(alerts_on()) or any(True for _ in what_fires(now))


@flow(label=N_("Raise alerts"), every=timedelta(minutes=1), has_work=lambda _: _anything_to_tell())
def raise_alerts(execution: Execution) -> None:
    now, known = execution.now(), ways()
    firing = [(one.rule, one.subject, one.message, one.value) for one in what_fires(now)]
    began, ended = note_alerts(firing, ways=list(known), now=now)
    execution.count("alerts_began", began)
    execution.count("alerts_ended", ended)
    for way, tell in known.items():
        _tell(execution, way, tell)


def _tell(execution: Execution, way: str, tell: Tell) -> None:
    notices = notices_to_send(way, execution.now(), limit=AT_ONCE)
    if not notices:
        return
    try:
        tell(notices)
    except CannotTell as error:
        put_off(notices, execution.now(), str(error))
        execution.count("alerts_not_told", len(notices))
        if max(notice.attempts for notice in notices) + 1 >= TOLD_AFTER_ATTEMPTS:
            execution.report([_trouble(way, str(error))])
        return
    mark_told(notices, execution.now())
    execution.count("alerts_told", len(notices))
    close_issues(resolution="alerts are told again", subject_kind="alerts", subjects=[way])


def _trouble(way: str, why: str) -> Trouble:
    return Trouble(
        Reason.CONFIGURATION, f"Alerts cannot be told by {way}: {why}", flow="raise_alerts",
        subject_kind="alerts", subject=way, action="retry_flow",
    )  # fmt: skip
