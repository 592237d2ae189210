"""« Why this preparation time? »: the rule that won, the days that it goes through, and what the channel was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.inventory.calendar_models import LeadTimeRule
from comptoir.inventory.calendars import read_calendars, without_calendar
from comptoir.inventory.models import Warehouse
from comptoir.inventory.working_days import ClosedDay, WorkingDays
from comptoir.offers.lead_times import tell_days
from comptoir.offers.models import LeadTime, Offer

_WAREHOUSES = """
SELECT DISTINCT w.id FROM inventory_stock stock JOIN inventory_warehouse w ON w.id = stock.warehouse_id AND w.sellable
WHERE stock.on_hand > 0 AND stock.product_id IN (
    SELECT coalesce(part.component_id, article.id) FROM catalog_product article
    LEFT JOIN catalog_kitcomponent part ON part.kit_id = article.id WHERE article.id = %s)
"""

# Of the open submission, else of the last one that was answered: each by an index of its own.
_SENT_AT = """
SELECT s.sent_at FROM offers_submission s JOIN (
    SELECT submission_id FROM offers_submissionitem
    WHERE offer_id = %(offer)s AND outcome <> '' AND lead_time IS NOT NULL
    UNION ALL SELECT %(open)s::bigint
) told ON told.submission_id = s.id ORDER BY s.id DESC LIMIT 1
"""


@dataclass(frozen=True)
class PlaceReason:
    """What one calendar makes of it."""

    warehouse: str
    """Its name; empty: the house."""
    late: bool
    """The cut-off has passed: today does not count any more."""
    taken_on: date
    leaves_on: date
    passed_over: list[ClosedDay]
    told: int


@dataclass(frozen=True)
class LeadTimeReason:
    working_days: int | None
    """None: no rule says anything, and the channel is told nothing."""
    asked: bool
    """Of this very offer, by a person, a file or a program; else `rule` says it."""
    rule: LeadTimeRule | None
    count: str
    """How the channel counts: `Channel.LeadTimeCount`."""
    places: list[PlaceReason]
    """The latest of them counts."""
    told: int | None
    """What these steps give."""
    kept: LeadTime | None
    """What was computed last, sent and confirmed."""
    sent_at: datetime | None

    @property
    def agrees(self) -> bool:
        return self.told == (None if self.kept is None else self.kept.desired)


def explain_lead_time(offer: Offer, *, language: str = "") -> LeadTimeReason:
    """`offer` with its channel and its product."""
    now, count = clock.now(), offer.channel.lead_time_count
    kept = LeadTime.objects.filter(offer=offer).first()
    rule = None
    if kept is not None and kept.rule_id is not None:
        found = LeadTimeRule.objects.select_related("product", "channel")
        rule = found.filter(pk=kept.rule_id).first()
    if kept is None:
        return LeadTimeReason(None, False, None, count, [], None, None, None)
    places = _places(offer, kept.working_days, now, count, language)
    told = max((place.told for place in places), default=kept.working_days)
    return LeadTimeReason(
        kept.working_days, kept.rule_id is None, rule, count, places, told, kept, _sent_at(kept)
    )


def _places(offer: Offer, days: int, now: datetime, count: str, language: str) -> list[PlaceReason]:
    calendars = read_calendars(language)
    if not calendars:
        return []
    house = calendars.get(None) or without_calendar()
    own = {pk for pk in calendars if pk is not None}
    lies = {row[0] for row in fetch(_WAREHOUSES, [offer.product_id])} if own else set()
    names = dict(Warehouse.objects.filter(pk__in=lies & own).values_list("pk", "name"))
    places = [_place(names[pk], calendars[pk], days, now, count) for pk in sorted(names)]
    if not places or lies - own:
        places.insert(0, _place("", house, days, now, count))
    return places


def _place(name: str, calendar: WorkingDays, days: int, now: datetime, count: str) -> PlaceReason:
    leaves = calendar.leaves_on(now, days)
    return PlaceReason(
        name, calendar.is_late(now), calendar.taken_on(now), leaves, calendar.passed_over(now, leaves),
        tell_days(calendar, now, count=count)[days],
    )  # fmt: skip


def _sent_at(kept: LeadTime) -> datetime | None:
    rows = fetch(_SENT_AT, {"offer": kept.offer_id, "open": kept.submission_id})
    return rows[0][0] if rows else None
