"""The preparation time that each offer should tell: its rule's working days, in the days that its channel counts.

Computed in sets, as of an instant: a closure that comes makes it grow, day by day, and it comes back afterwards.
The calendars are walked in Python once for each of them; what that gives is a small table that the offers join.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.inventory.calendar_models import LONGEST, LeadTimeRule
from comptoir.inventory.calendars import read_calendars, without_calendar
from comptoir.inventory.working_days import WorkingDays, calendar_days, weekdays_between
from comptoir.offers.lead_time_models import LeadTimeMoment

HOUSE = 0
"""The place of what goes by the house's calendar; warehouses are called by their ids."""
EVERY = timedelta(hours=6)
"""So often all offers are brought in line, whatever changed."""
MANY = 50_000
Count = Channel.LeadTimeCount
Told = tuple[int, str, int, int]
"""(place, how the channel counts, working days of preparation, days to tell)."""
_HERE = "(rule.channel_id IS NULL OR rule.channel_id = offer.channel_id)"
# Three joins and no OR: each finds its rules by hash, whatever their number. `before` is what stands.
_RESOLVE = f"""
CREATE TEMP TABLE led ON COMMIT DROP AS
WITH rule AS MATERIALIZED (SELECT id, days, product_id, family, channel_id FROM inventory_leadtimerule),
told AS MATERIALIZED (
    SELECT * FROM unnest(%(places)s::bigint[], %(counts)s::text[], %(days)s::int[], %(told)s::int[])
        AS told (place, count, days, told)
),
offer AS MATERIALIZED (
    SELECT o.id, o.product_id, o.channel_id, o.lead_time_days, channel.lead_time_count AS count, article.family
    FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
    LEFT JOIN catalog_product article ON article.id = o.product_id
    WHERE o.network = 'seller' AND {{scope}}
),
fits AS (
    SELECT id AS offer_id, NULL::bigint AS rule_id, lead_time_days AS days, 0 AS rank
    FROM offer WHERE lead_time_days IS NOT NULL
    UNION ALL
    SELECT offer.id, rule.id, days, CASE WHEN rule.channel_id IS NULL THEN 2 ELSE 1 END
    FROM offer JOIN rule ON rule.product_id = offer.product_id AND {_HERE}
    UNION ALL
    SELECT offer.id, rule.id, days, CASE WHEN rule.channel_id IS NULL THEN 4 ELSE 3 END
    FROM offer JOIN rule ON rule.family = offer.family AND rule.family <> '' AND {_HERE}
    UNION ALL
    SELECT offer.id, rule.id, days, 5 FROM offer JOIN rule ON rule.channel_id = offer.channel_id
    WHERE rule.product_id IS NULL AND rule.family = ''
    UNION ALL
    SELECT offer.id, rule.id, days, 6 FROM offer CROSS JOIN rule
    WHERE rule.product_id IS NULL AND rule.family = '' AND rule.channel_id IS NULL
),
won AS (SELECT DISTINCT ON (offer_id) offer_id, rule_id, least(days, {LONGEST}) AS days FROM fits
        ORDER BY offer_id, rank),
{{place}}
wanted AS (
    SELECT offer.id AS offer_id, offer.channel_id, won.days, won.rule_id, {{told}} AS told
    FROM offer LEFT JOIN won ON won.offer_id = offer.id
    LEFT JOIN told house ON house.place = {HOUSE} AND house.count = offer.count AND house.days = won.days
)
SELECT wanted.* FROM wanted LEFT JOIN offers_leadtime before ON before.offer_id = wanted.offer_id
WHERE (wanted.days, wanted.rule_id, wanted.told)
      IS DISTINCT FROM (before.working_days::int, before.rule_id, before.desired::int)
"""  # noqa: S608 - our own text
# The calendars of the places where the article lies, of a kit those of its components: the latest of them counts.
_PLACES = """
place AS MATERIALIZED (
    SELECT DISTINCT made.product_id,
           CASE WHEN stock.warehouse_id = ANY(%(own)s::bigint[]) THEN stock.warehouse_id ELSE 0 END AS place
    FROM (SELECT DISTINCT product_id FROM offer) made
    LEFT JOIN catalog_kitcomponent part ON part.kit_id = made.product_id
    JOIN inventory_stock stock ON stock.product_id = coalesce(part.component_id, made.product_id) AND stock.on_hand > 0
    JOIN inventory_warehouse w ON w.id = stock.warehouse_id AND w.sellable
),
"""
_LATEST = """coalesce((
    SELECT max(there.told) FROM place JOIN told there
        ON there.place = place.place AND there.count = offer.count AND there.days = won.days
    WHERE place.product_id = offer.product_id), house.told)"""
# What is written here is written under the lock of its offer, in the order of ids, as every writer of offers does.
_LOCK = "SELECT count(*) FROM (SELECT id FROM offers_offer WHERE id IN (SELECT offer_id FROM led) ORDER BY id " \
        "FOR NO KEY UPDATE) locked"  # fmt: skip
_WRITE = """
INSERT INTO offers_leadtime (offer_id, channel_id, working_days, rule_id, desired, error, changed_at)
SELECT offer_id, channel_id, days, rule_id, told, '', %(now)s FROM led WHERE told IS NOT NULL ORDER BY offer_id
ON CONFLICT (offer_id) DO UPDATE SET working_days = excluded.working_days, rule_id = excluded.rule_id,
    error = CASE WHEN offers_leadtime.desired = excluded.desired THEN offers_leadtime.error ELSE '' END,
    changed_at = excluded.changed_at, desired = excluded.desired
"""
_END = "DELETE FROM offers_leadtime WHERE offer_id IN (SELECT offer_id FROM led WHERE told IS NULL)"
# What `lead_time_writes` would claim: an offer that is still to be created, or a channel that is stopped, waits.
_DIFFERS = """
SELECT NOT (prices_stopped OR stock_stopped) AND EXISTS (
    SELECT FROM offers_leadtime l JOIN offers_offer o ON o.id = l.offer_id
    WHERE l.channel_id = channel.id AND l.submission_id IS NULL AND l.error = ''
      AND (l.sent IS NULL OR l.sent <> l.desired) AND o.state <> 'new')
FROM channels_channel channel WHERE channel.id = %s
"""
_MOMENT = """
INSERT INTO offers_leadtimemoment (id, digest, applied_at) VALUES (1, %s, %s)
ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, applied_at = excluded.applied_at
"""


@dataclass(frozen=True)
class Scope:
    """Which offers: a condition on `o` (offers_offer) and `article` (catalog_product), and its values."""

    condition: str = "true"
    values: tuple[tuple[str, object], ...] = ()

    @classmethod
    def offers(cls, ids: Sequence[int]) -> Scope:
        return cls("o.id = ANY(%(ids)s)", (("ids", list(ids)),))

    @classmethod
    def products(cls, ids: Sequence[int]) -> Scope:
        return cls("o.product_id = ANY(%(ids)s)", (("ids", list(ids)),))

    @classmethod
    def rules(cls, *rules: LeadTimeRule | None) -> Scope:
        """Whose offers these may concern."""
        parts: list[str] = []
        values: dict[str, object] = {}
        for number, rule in enumerate(filter(None, rules)):
            named = {
                "o.product_id": rule.product_id,
                "article.family": rule.family or None,
                "o.channel_id": rule.channel_id,
            }
            part = [f"{column} = %(v{number}{place})s" for place, (column, value) in enumerate(named.items())
                    if value is not None]  # fmt: skip
            values |= {
                f"v{number}{place}": value for place, value in enumerate(named.values()) if value is not None
            }
            parts.append("(" + (" AND ".join(part) or "true") + ")")
        return cls(" OR ".join(parts) or "false", tuple(values.items()))


def tell_days(days: WorkingDays | None, now: datetime, *, count: str) -> list[int]:
    """For 0, 1, … `LONGEST` working days: what a channel that counts so is told. Without a calendar: as they are."""
    if days is None:
        return list(range(LONGEST + 1))
    today = now.astimezone(days.zone).date()
    between = weekdays_between if count == Count.WEEKDAYS else calendar_days
    return [between(today, last) for last in days.leaving(now, LONGEST)]


def told_table(now: datetime) -> list[Told]:
    """Of every place and way of counting."""
    calendars = read_calendars()
    places: dict[int, WorkingDays | None] = {HOUSE: calendars.pop(None, None)}
    if calendars and places[HOUSE] is None:
        places[HOUSE] = without_calendar()
    places |= {place: found for place, found in calendars.items() if place is not None}
    return [
        (place, str(count), days, told)
        for place, found in sorted(places.items())
        for count in (Count.CALENDAR, Count.WEEKDAYS)
        for days, told in enumerate(tell_days(found, now, count=count))
    ]


@transaction.atomic
def bring_lead_times_in_line(scope: Scope | None = None) -> int:
    """Of these offers, or of every one; how many should be told otherwise than before."""
    now = clock.now()
    table = told_table(now)
    changed = _resolve(table, scope or Scope(), now)
    if scope is None:
        execute(_MOMENT, [digest_of(table), now])
    return changed


def _resolve(table: Sequence[Told], scope: Scope, now: datetime) -> int:
    places, counts, days, told = (list(column) for column in zip(*table, strict=True))
    own = sorted({place for place in places if place != HOUSE})
    statement = (
        _RESOLVE.replace("{scope}", scope.condition)
        .replace("{place}", _PLACES if own else "")
        .replace("{told}", _LATEST if own else "house.told")
    )
    execute("DROP TABLE IF EXISTS pg_temp.led")
    values = {"places": places, "counts": counts, "days": days, "told": told, "own": own}
    found = execute(statement, {**values, **dict(scope.values)})
    if found:
        fetch(_LOCK)
        execute(_END)
        execute(_WRITE, {"now": now})
    execute("DROP TABLE led")
    return found


def are_lead_times_due() -> bool:
    """A day began, a cut-off passed, a calendar changed; or nobody looked for some hours."""
    now = clock.now()
    last = LeadTimeMoment.objects.filter(pk=1).first()
    return last is None or now - last.applied_at >= EVERY or last.digest != digest_of(told_table(now))


def digest_of(table: Iterable[Told]) -> str:
    return sha256(repr(sorted(table)).encode()).hexdigest()


def lead_times_differ(channel: Channel) -> bool:
    """Something of it waits to be told."""
    return bool(fetch(_DIFFERS, [channel.pk])[0][0])


def channels_that_differ() -> list[Channel]:
    return [channel for channel in Channel.objects.order_by("pk") if lead_times_differ(channel)]
