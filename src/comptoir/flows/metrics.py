"""What a monitor reads at /metrics: asked of the database at that moment, so that every process tells the same.

All are gauges: what goes down as well as up, or is counted over the last hour. Each is one set query by an
index; on a hub of a million orders the whole page takes some tens of milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

import comptoir
from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.offers.own_deadlines import LATE, late_values

RECENT = 20_000
"""How many of the newest submissions and exchanges are looked at for « in the last hour »."""


@dataclass(frozen=True)
class Gauge:
    """`query` gives the labels, then the value. `%(now)s` is the hub's clock; `late_values` are there as well."""

    name: str
    help: str
    labels: Sequence[str]
    query: str


GAUGES: Sequence[Gauge] = (
    Gauge("orders_placed_last_hour", "Orders that buyers placed in the last hour.", ("channel",), """
        SELECT c.key, count(o.id) FROM channels_channel c
        LEFT JOIN orders_order o ON o.channel_id = c.id AND o.placed_at > %(now)s - interval '1 hour'
        WHERE c.role = 'marketplace' GROUP BY 1"""),
    Gauge("orders_open", "Orders that are not ended, by their status.", ("channel", "status"), """
        SELECT c.key, o.status, count(*) FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id
        WHERE o.status IN ('pending', 'to_accept', 'accepted', 'to_ship', 'partially_shipped', 'unknown')
        GROUP BY 1, 2"""),
    Gauge("orders_late", "Orders whose shipping deadline has passed: their channel's, else our own.", ("channel",), f"""
        SELECT c.key, count(*) FROM ({LATE}) late JOIN channels_channel c ON c.id = late.channel_id GROUP BY 1"""),  # noqa: S608
    Gauge("orders_held", "Orders that wait for a person.", ("channel",), """
        SELECT c.key, count(*) FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id
        WHERE o.held <> '' GROUP BY 1"""),
    Gauge("orders_to_erp", "Orders on their way to the ERP.", ("state",), """
        SELECT erp_state, count(*) FROM orders_order WHERE erp_state IN ('waiting', 'sent') GROUP BY 1"""),
    Gauge("last_order_age_seconds", "Since the last order of the channel was placed.", ("channel",), """
        SELECT c.key, extract(epoch FROM %(now)s - last.placed_at) FROM channels_channel c
        CROSS JOIN LATERAL (SELECT placed_at FROM orders_order o WHERE o.channel_id = c.id
                            ORDER BY o.placed_at DESC, o.id DESC LIMIT 1) last
        WHERE c.role = 'marketplace'"""),
    Gauge("channel_active", "1: active. 0: paused or suspended.", ("channel", "state"), """
        SELECT key, state, (state = 'active')::int FROM channels_channel"""),
    Gauge("flow_lag_seconds", "Since the flow last succeeded there.", ("channel", "flow"), """
        SELECT channel, flow, extract(epoch FROM %(now)s - succeeded_at) FROM flows_turn
        WHERE succeeded_at IS NOT NULL AND NOT paused"""),
    Gauge("flow_failures", "Failures of the flow in a row.", ("channel", "flow"), """
        SELECT channel, flow, failures FROM flows_turn"""),
    Gauge("runs_last_hour", "Runs of the last hour, by how they ended.", ("flow", "channel", "outcome"), """
        SELECT flow, channel, outcome, count(*) FROM journal_run
        WHERE started_at > %(now)s - interval '1 hour' GROUP BY 1, 2, 3"""),
    Gauge("run_seconds_last_hour", "Mean duration of the runs of the last hour.", ("flow",), """
        SELECT flow, extract(epoch FROM avg(ended_at - started_at)) FROM journal_run
        WHERE started_at > %(now)s - interval '1 hour' AND ended_at IS NOT NULL GROUP BY 1"""),
    Gauge("throttle_waits_last_hour", "Runs of the last hour that a rate limit stopped.", ("flow", "channel"), """
        SELECT flow, channel, count(*) FROM journal_run
        WHERE started_at > %(now)s - interval '1 hour' AND outcome = 'waiting' GROUP BY 1, 2"""),
    Gauge("throttle_closed_seconds", "Until a channel lets us call again, after it said too many.", ("bucket",), """
        SELECT key, extract(epoch FROM closed_until - %(now)s) FROM core_tokenbucket WHERE closed_until > %(now)s"""),
    Gauge("jobs", "Jobs that wait or are being done.", ("queue", "status"), """
        SELECT queue_name, status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
        GROUP BY 1, 2"""),
    Gauge("queue_age_seconds", "How long the oldest job has been waiting.", ("queue",), """
        SELECT job.queue_name, extract(epoch FROM now() - min(event.at)) FROM procrastinate_jobs job
        JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
        WHERE job.status = 'todo' GROUP BY 1"""),
    Gauge("worker_heartbeat_age_seconds", "Since the worker last beat.", ("worker",), """
        SELECT id::text, extract(epoch FROM now() - last_heartbeat) FROM procrastinate_workers"""),
    Gauge("submissions_last_hour", "Bulk writes of the last hour, by kind and state.", ("channel", "kind", "state"), """
        SELECT c.key, s.kind, s.state, count(*) FROM
            (SELECT * FROM offers_submission ORDER BY id DESC LIMIT %(recent)s) s
        JOIN channels_channel c ON c.id = s.channel_id WHERE s.created_at > %(now)s - interval '1 hour'
        GROUP BY 1, 2, 3"""),
    Gauge("submissions_open", "Bulk writes whose report is awaited.", ("channel", "kind"), """
        SELECT c.key, s.kind, count(*) FROM offers_submission s JOIN channels_channel c ON c.id = s.channel_id
        WHERE s.state IN ('prepared', 'sent') GROUP BY 1, 2"""),
    Gauge("requests_failed_last_hour", "Requests to the channel that failed in the last hour.", ("channel",), """
        SELECT e.channel, count(*) FROM (SELECT * FROM journal_exchange ORDER BY id DESC LIMIT %(recent)s) e
        WHERE e.started_at > %(now)s - interval '1 hour' AND (e.error <> '' OR e.status >= 400) GROUP BY 1"""),
    Gauge("issues_open", "Issues that wait for a person.", ("channel", "reason"), """
        SELECT channel, reason, count(*) FROM journal_issue WHERE state = 'open' GROUP BY 1, 2"""),
    Gauge("issues_opened_last_hour", "Issues opened in the last hour, or seen again.", ("channel", "reason"), """
        SELECT channel, reason, count(*) FROM journal_issue
        WHERE state IN ('open', 'closed') AND last_seen_at > %(now)s - interval '1 hour' GROUP BY 1, 2"""),
    Gauge("alerts_firing", "Alerts that are on.", ("rule", "subject"), """
        SELECT rule, subject, 1 FROM journal_alert WHERE ended_at IS NULL"""),
)  # fmt: skip


class _FromTheDatabase(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _family("info", "Which Comptoir this is.", ("version",), [(comptoir.__version__, 1)])
        values = late_values(clock.now()) | {"recent": RECENT}
        for gauge in GAUGES:
            yield _family(gauge.name, gauge.help, gauge.labels, fetch(gauge.query, values))


def _family(
    name: str, help_text: str, labels: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"comptoir_{name}", help_text, labels=labels)
    for row in rows:
        family.add_metric([str(label) for label in row[:-1]], float(str(row[-1])))
    return family


def metrics_page() -> bytes:
    """In Prometheus' text form, version 0.0.4."""
    registry = CollectorRegistry()
    registry.register(_FromTheDatabase())
    return generate_latest(registry)
