"""Alerts begin, go on and end; each beginning and each end is told once by each way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from comptoir.core.bulk import execute, fetch
from comptoir.journal.models import Alert, AlertNotice

RETRY_FIRST = timedelta(minutes=1)
RETRY_LONGEST = timedelta(hours=1)

_BEGIN = """
INSERT INTO journal_alert AS known (rule, subject, message, value, began_at, seen_at)
SELECT * FROM unnest(%(rules)s::text[], %(subjects)s::text[], %(messages)s::text[], %(values)s::float8[]) told,
     (SELECT %(now)s::timestamptz AS began_at, %(now)s::timestamptz AS seen_at) at
ON CONFLICT (rule, subject) WHERE ended_at IS NULL
DO UPDATE SET message = excluded.message, value = excluded.value, seen_at = excluded.seen_at
RETURNING id, began_at = seen_at
"""
_END = (
    "UPDATE journal_alert SET ended_at = %(now)s WHERE ended_at IS NULL AND seen_at <> %(now)s RETURNING id"
)
# An end is told only by a way that was told of the beginning; a beginning not yet told is not told any more.
_TELL = """
INSERT INTO journal_alertnotice (alert_id, ended, way, attempts, next_at, error)
SELECT alert, %(ended)s, way, 0, %(now)s, '' FROM unnest(%(alerts)s::bigint[]) alert, unnest(%(ways)s::text[]) way
WHERE NOT %(ended)s OR EXISTS (SELECT FROM journal_alertnotice n WHERE n.alert_id = alert AND n.way = way.way
                               AND NOT n.ended AND n.sent_at IS NOT NULL)
ON CONFLICT DO NOTHING
"""
_FORGET = "DELETE FROM journal_alertnotice WHERE alert_id = ANY(%s) AND NOT ended AND sent_at IS NULL"


@transaction.atomic
def note_alerts(
    firing: Iterable[tuple[str, str, str, float]], *, ways: Sequence[str], now: datetime
) -> tuple[int, int]:
    """(rule, subject, message, value) of everything that is wrong now: how many alerts began, and ended."""
    told = sorted({(rule, subject[:200], message, value) for rule, subject, message, value in firing})
    began: list[int] = []
    if told:
        names, subjects, messages, values = (list(column) for column in zip(*told, strict=True))
        rows = fetch(
            _BEGIN,
            {"rules": names, "subjects": subjects, "messages": messages, "values": values, "now": now},
        )
        began = [pk for pk, new in rows if new]
    ended = [pk for (pk,) in fetch(_END, {"now": now})]
    execute(_FORGET, [ended])
    execute(_TELL, {"alerts": began, "ended": False, "ways": list(ways), "now": now})
    execute(_TELL, {"alerts": ended, "ended": True, "ways": list(ways), "now": now})
    return len(began), len(ended)


def notices_to_send(way: str, now: datetime, *, limit: int) -> list[AlertNotice]:
    due_at = Q(next_at__lte=now) | Q(alert__began_at__gt=now)  # the clock was put back since
    due = AlertNotice.objects.filter(due_at, way=way, sent_at=None).select_related("alert")
    return list(due.order_by("id")[:limit])


def mark_told(notices: Sequence[AlertNotice], now: datetime) -> None:
    AlertNotice.objects.filter(pk__in=[n.pk for n in notices]).update(sent_at=now, error="")


def put_off(notices: Sequence[AlertNotice], now: datetime, error: str) -> None:
    """Not told yet: again later, and later each time."""
    for notice in notices:
        delay = min(RETRY_FIRST * 2 ** min(notice.attempts, 10), RETRY_LONGEST)
        AlertNotice.objects.filter(pk=notice.pk).update(
            attempts=notice.attempts + 1, next_at=now + delay, error=error[:2000]
        )


def alerts_on() -> list[Alert]:
    return list(Alert.objects.filter(ended_at=None).order_by("began_at", "id"))
