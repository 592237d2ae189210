"""What the rooms wrote down of what happened, gathered into one numbered feed.

Nothing is written twice by those who act: the history of orders, the audit, runs, issues and shipments are
there already. One collector at a time copies what is new, so a number once seen is never followed by a smaller
one, and whoever reads on from the last number misses nothing.

Keys are taken before they are committed: a row of a transaction that still runs may have a smaller key than one
that is visible. Rows are therefore taken only once everything older than them has ended (`_SETTLED`), and the
last thousand keys are looked at again each time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.events.models import Collected, Delivery, Event, Webhook

KEPT = timedelta(days=30)
BATCH = 20_000
MARGIN_IDS = 1000
MARGIN = timedelta(minutes=10)

# The oldest transaction that runs and may write here. Those of the server's other databases cannot, and a long one
# among them must not hold the feed up; one that is known to nobody any more counts as ours.
_HORIZON = """(SELECT coalesce(max(age(running.id::xid)), age(pg_snapshot_xmax(pg_current_snapshot())::xid))
               FROM pg_snapshot_xip(pg_current_snapshot()) AS running (id)
               WHERE NOT EXISTS (SELECT FROM pg_stat_activity session WHERE session.backend_xid = running.id::xid
                                                                        AND session.datname <> current_database()))"""
_SETTLED = f"(age(r.xmin) > {_HORIZON} OR {{at}} < %(now)s - interval '1 day')"
# The text of a note is for colleagues: it stays in the hub.
_SOURCES_BY_ID = {
    "order": (
        """SELECT r.at, 'order.' || r.kind, channel.key, 'order', o.reference,
                  CASE WHEN r.kind = 'noted' THEN r.data - 'text' ELSE r.data END
                      || jsonb_build_object('status', o.status, 'external_id', o.external_id, 'actor', r.actor),
                  %(source)s, r.id
           FROM orders_orderevent r JOIN orders_order o ON o.id = r.order_id
           JOIN channels_channel channel ON channel.id = o.channel_id""",
        "r.at",
    ),
    "shipment": (
        """SELECT r.created_at, 'shipment.recorded', channel.key, 'shipment', r.reference,
                  jsonb_build_object('id', r.id, 'order', o.reference, 'carrier', r.carrier,
                                     'tracking_number', r.tracking_number),
                  %(source)s, r.id
           FROM shipping_shipment r JOIN orders_order o ON o.id = r.order_id
           JOIN channels_channel channel ON channel.id = o.channel_id""",
        "r.created_at",
    ),
    "issue": (
        """SELECT r.opened_at, 'issue.opened', r.channel, 'issue', r.id::text,
                  jsonb_build_object('reason', r.reason, 'message', r.message, 'subject_kind', r.subject_kind,
                                     'subject', r.subject, 'flow', r.flow),
                  %(source)s, r.id
           FROM journal_issue r""",
        "r.opened_at",
    ),
    # People, keys and webhooks are the audit's business, not that of whoever reads the feed.
    "change": (
        """SELECT r.at, r.action, CASE WHEN r.subject_kind = 'channel' THEN r.subject ELSE '' END,
                  r.subject_kind, r.subject,
                  jsonb_build_object('before', r.before, 'after', r.after, 'actor', r.actor),
                  %(source)s, r.id
           FROM journal_change r""",
        "r.at",
    ),
}  # fmt: skip
_KINDS = "('product', 'offer', 'channel', 'stock', 'turn', 'flow')"
# The runs of the feed itself would never end being news.
_OURS = "('collect_events', 'send_webhooks')"
_ONLY = {"change": f"AND r.subject_kind IN {_KINDS}", "run": f"AND r.flow NOT IN {_OURS}"}
_SOURCES_BY_INSTANT = {
    "run": (
        """SELECT r.ended_at, 'run.' || r.outcome, r.channel, 'run', r.id::text,
                  jsonb_build_object('flow', r.flow, 'counts', r.counts, 'error', r.error_kind),
                  %(source)s, r.id
           FROM journal_run r""",
        "r.ended_at",
    ),
    "issue_closed": (
        """SELECT r.closed_at, 'issue.closed', r.channel, 'issue', r.id::text,
                  jsonb_build_object('reason', r.reason, 'subject_kind', r.subject_kind, 'subject', r.subject,
                                     'closed_by', r.closed_by, 'resolution', r.resolution),
                  %(source)s, r.id
           FROM journal_issue r""",
        "r.closed_at",
    ),
    "shipment_confirmed": (
        """SELECT r.confirmed_at, 'shipment.confirmed', channel.key, 'shipment', r.reference,
                  jsonb_build_object('id', r.id, 'order', o.reference),
                  %(source)s, r.id
           FROM shipping_shipment r JOIN orders_order o ON o.id = r.order_id
           JOIN channels_channel channel ON channel.id = o.channel_id""",
        "r.confirmed_at",
    ),
}

_FAR = "(SELECT coalesce(max(last_id), 0) FROM events_collected WHERE source = '{}')"
_NEWS = " OR ".join(  # noqa: S608 - names of our own
    f"EXISTS (SELECT FROM {table} r WHERE r.id > {_FAR.format(source)} {_ONLY.get(source, '')})"
    for source, table in (("order", "orders_orderevent"), ("shipment", "shipping_shipment"), ("issue", "journal_issue"),
                          ("change", "journal_change"), ("run", "journal_run"))
) + """ OR EXISTS (SELECT FROM journal_issue WHERE closed_at >
                   (SELECT max(last_at) FROM events_collected WHERE source = 'issue_closed'))"""  # fmt: skip


def collect_events() -> int:
    """Copy what is new, and note for each webhook what it has to be told. The number of new events."""
    places = {place.source: place for place in Collected.objects.all()}
    return sum(
        _drain(_place(places, source), select, at, by_id=by_id)
        for group, by_id in ((_SOURCES_BY_ID, True), (_SOURCES_BY_INSTANT, False))
        for source, (select, at) in group.items()
    )


def _place(places: dict[str, Collected], source: str) -> Collected:
    return places.get(source) or Collected(source=source, last_id=0, last_at=clock.now() - KEPT)


def _drain(place: Collected, select: str, at: str, *, by_id: bool) -> int:
    total = 0
    while True:
        with transaction.atomic():
            taken = _take(place, select, at, by_id=by_id)
            total += taken
        if taken < BATCH:
            return total


def _take(place: Collected, select: str, at: str, *, by_id: bool) -> int:
    now, source = clock.now(), place.source
    values = {"source": source, "now": now, "oldest": now - KEPT, "after": place.last_id - MARGIN_IDS,
              "since": place.last_at - MARGIN, "batch": BATCH}  # fmt: skip
    new = fetch(_statement(source, select, at, by_id=by_id), values)
    if new:
        _address([row[0] for row in new], now)
        place.last_id = max(place.last_id, *(row[1] for row in new))
    # A full batch was cut: what is left of it lies after its last row.
    place.last_at = new[-1][2] if len(new) == BATCH else now
    if new or not by_id:  # of those by their keys the instant is not asked
        place.save()
    return len(new)


def _statement(source: str, select: str, at: str, *, by_id: bool) -> str:
    beyond = (
        f"r.id > %(after)s AND {_SETTLED.format(at=at)}" if by_id else f"{at} > %(since)s"
    ) + f" {_ONLY.get(source, '')}"
    return f"""
INSERT INTO events_event (at, kind, channel, subject_kind, subject, data, source, source_id)
{select}
WHERE {beyond} AND {at} > %(oldest)s
  AND NOT EXISTS (SELECT FROM events_event known WHERE known.source = %(source)s AND known.source_id = r.id)
ORDER BY {"r.id" if by_id else at} LIMIT %(batch)s
ON CONFLICT (source, source_id) DO NOTHING RETURNING id, source_id, at
"""


def _address(event_ids: list[int], now: datetime) -> None:
    """One delivery for each webhook that wants one of these events."""
    webhooks = list(Webhook.objects.all())
    if not webhooks:
        return
    events = list(Event.objects.filter(pk__in=event_ids).order_by("id"))
    wanted = [
        Delivery(webhook=webhook, event=event, due_at=now)
        for webhook in webhooks
        for event in events
        if wants(webhook, event)
    ]
    Delivery.objects.bulk_create(wanted, batch_size=2000, ignore_conflicts=True)


def wants(webhook: Webhook, event: Event) -> bool:
    kind_fits = not webhook.kinds or any(event.kind.startswith(kind) for kind in webhook.kinds)
    return kind_fits and (not webhook.channels or event.channel in webhook.channels)


def forget_events(*, before: datetime) -> int:
    return execute(
        """WITH old AS (SELECT id FROM events_event WHERE at < %(before)s ORDER BY id LIMIT 200000),
                told AS (DELETE FROM events_delivery USING old WHERE event_id = old.id)
           DELETE FROM events_event event USING old WHERE event.id = old.id""",
        {"before": before},
    )


def has_news() -> bool:
    """Cheap enough to ask every few seconds: the newest row of each source against how far we are."""
    return bool(fetch(f"SELECT {_NEWS}")[0][0])
