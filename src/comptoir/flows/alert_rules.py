"""When somebody must be told: each rule is one set query, a threshold and a sentence. Data, not code.

COMPTOIR_ALERT_THRESHOLDS changes thresholds: {"lag": 3600, "silence": null} (null: this rule is off); so does the
screen of alerts, over it (`flows/alert_choices.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from comptoir.core.bulk import fetch
from comptoir.flows.alert_choices import chosen
from comptoir.flows.registry import flows
from comptoir.offers.own_deadlines import LATE, late_values
from comptoir.sdk.i18n import N_


@dataclass(frozen=True)
class AlertRule:
    """`query` gives (subject, value) for `%(threshold)s` at `%(now)s`, with `late_values` beside; `says` has
    {subject}, {value}, {limit}."""

    key: str
    label: str
    threshold: float
    says: str
    query: str


@dataclass(frozen=True)
class Firing:
    rule: str
    subject: str
    value: float
    message: str


RULES: Sequence[AlertRule] = (
    AlertRule("lag", N_("Late flow"), 1800,
        N_("{subject} has not succeeded for {value} (more than {limit})."), """
        SELECT turn.flow || ' ' || turn.channel, extract(epoch FROM %(now)s - coalesce(turn.succeeded_at, turn.due_at))
        FROM flows_turn turn LEFT JOIN channels_channel channel ON channel.key = turn.channel
        WHERE NOT turn.paused AND (turn.channel = '' OR channel.state = 'active')
          AND (turn.due_at < %(now)s - make_interval(secs => %(threshold)s)
               OR turn.failures >= 3
                  AND coalesce(turn.succeeded_at, turn.due_at) < %(now)s - make_interval(secs => %(threshold)s))"""),
    AlertRule("suspended", N_("Suspended channel"), 0,
        N_("{subject} has been suspended for {value}: its settings need a person."), """
        SELECT key, extract(epoch FROM %(now)s - state_changed_at) FROM channels_channel
        WHERE state = 'suspended' AND state_changed_at <= %(now)s - make_interval(secs => %(threshold)s)"""),
    # Silence is judged against the channel's own habit: the same hour of the seven days before.
    AlertRule("silence", N_("Silent channel"), 3,
        N_("{subject} has had no order for an hour, where {value} come on other days (at least {limit})."), """
        SELECT key, usual FROM (
            SELECT c.key, (SELECT count(*) FROM orders_order o WHERE o.channel_id = c.id AND EXISTS (
                SELECT FROM generate_series(1, 7) back
                WHERE o.placed_at > %(now)s - back * interval '1 day' - interval '1 hour'
                AND o.placed_at <= %(now)s - back * interval '1 day')
                AND o.placed_at > %(now)s - interval '8 days') / 7.0 AS usual,
              EXISTS (SELECT FROM orders_order o WHERE o.channel_id = c.id
                      AND o.placed_at > %(now)s - interval '1 hour') AS spoke
            FROM channels_channel c WHERE c.role = 'marketplace' AND c.state = 'active') habit
        WHERE NOT spoke AND usual >= %(threshold)s"""),
    AlertRule("issues", N_("Many issues"), 20,
        N_("{subject}: {value} issues within an hour (at least {limit})."), """
        SELECT coalesce(nullif(channel, ''), 'comptoir'), count(*) FROM journal_issue
        WHERE state = 'open' AND opened_at > %(now)s - interval '1 hour'
        GROUP BY 1 HAVING count(*) >= %(threshold)s"""),
    AlertRule("late_orders", N_("Late shipments"), 1,
        N_("{subject}: {value} orders have passed their shipping deadline."), f"""
        SELECT c.key, count(*) FROM ({LATE}) late JOIN channels_channel c ON c.id = late.channel_id
        GROUP BY 1 HAVING count(*) >= %(threshold)s"""),  # noqa: S608
    AlertRule("key_expiry", N_("Key about to expire"), 14 * 86400,
        N_("The key of {subject} ends in {value}."), """
        SELECT key, extract(epoch FROM (profile ->> 'key_expires_at')::timestamptz - %(now)s) FROM channels_channel
        WHERE coalesce(profile ->> 'key_expires_at', '') <> ''
          AND (profile ->> 'key_expires_at')::timestamptz < %(now)s + make_interval(secs => %(threshold)s)"""),
    AlertRule("queue", N_("Jobs that wait"), 600,
        N_("The oldest job of {subject} has waited for {value} (more than {limit}): is a worker alive?"), """
        SELECT job.queue_name, extract(epoch FROM now() - min(event.at)) FROM procrastinate_jobs job
        JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
        WHERE job.status = 'todo' GROUP BY 1 HAVING now() - min(event.at) > make_interval(secs => %(threshold)s)"""),
)  # fmt: skip
IN_SECONDS = {"lag", "suspended", "key_expiry", "queue"}


def rules() -> list[AlertRule]:
    """With the thresholds of this installation."""
    wanted = chosen().thresholds
    limits = [(rule, wanted.get(rule.key, rule.threshold)) for rule in RULES]
    return [replace(rule, threshold=float(limit)) for rule, limit in limits if limit is not None]


def what_fires(now: datetime) -> Iterator[Firing]:
    """In the language of the installation."""
    with translation.override(settings.LANGUAGE_CODE):
        values = late_values(now)
        yield from [one for rule in rules() for one in _of_rule(rule, values)]


def _of_rule(rule: AlertRule, values: dict[str, Any]) -> Iterator[Firing]:
    for subject, value in fetch(rule.query, values | {"threshold": rule.threshold}):
        amount = float(value)
        words = {"value": _in_words(rule, amount), "limit": _in_words(rule, rule.threshold)}
        says = gettext(rule.says).format(subject=_named(rule, subject.strip()), **words)
        yield Firing(rule.key, subject.strip(), amount, says)


def _named(rule: AlertRule, subject: str) -> str:
    """A flow by the words that screens have for it: « Import orders (maison) »."""
    name, _, channel = subject.partition(" ")
    if rule.key != "lag" or name not in flows():
        return subject
    label = gettext(flows()[name].label)
    return f"{label} ({channel})" if channel else label


def _in_words(rule: AlertRule, amount: float) -> str:
    if rule.key not in IN_SECONDS:
        return f"{amount:.0f}"
    if abs(amount) < 7200:
        return f"{amount / 60:.0f} min"
    if abs(amount) < 172_800:
        return f"{amount / 3600:.0f} h"
    return gettext("{n} days").format(n=f"{amount / 86400:.0f}")
