"""Keeping and removing rules of preparation and calendars, and seeing before what offers would tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from comptoir.core.bulk import fetch
from comptoir.inventory.calendar_models import LeadTimeRule
from comptoir.inventory.lead_time_rules import LeadTimeDraft, end_lead_time, write_lead_time
from comptoir.offers.lead_times import Scope, bring_lead_times_in_line

PREVIEWED = 2_000
"""Offers of which a preview is computed."""
SHOWN = 200
_WITHIN = """
SELECT o.id FROM offers_offer o LEFT JOIN catalog_product article ON article.id = o.product_id
WHERE o.network = 'seller' AND ({}) ORDER BY o.id LIMIT %(most)s
"""
_NOW = """
SELECT o.id, o.sku, channel.key, channel.name, l.working_days, l.desired
FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
LEFT JOIN offers_leadtime l ON l.offer_id = o.id WHERE o.id = ANY(%s) ORDER BY o.sku, channel.name, o.id
"""
Sees = Callable[[str], bool]


@dataclass(frozen=True)
class LeadTimeChange:
    sku: str
    channel: str
    channel_name: str
    before: int | None
    """Days told; None: nothing is said."""
    after: int | None


@dataclass(frozen=True)
class LeadTimePreview:
    looked_at: int
    """Offers; the first ones, `PREVIEWED` at the most."""
    changed: int
    changes: list[LeadTimeChange]
    """The first `SHOWN` of them."""


@transaction.atomic
def keep_lead_time(draft: LeadTimeDraft, *, rule_id: int | None = None, actor: str) -> LeadTimeRule:
    """Kept, and what the offers concerned should tell computed again. Raises BadLeadTime, LeadTimeRule.DoesNotExist."""
    before = _copy(rule_id)
    rule = write_lead_time(draft, rule_id=rule_id, actor=actor)
    bring_lead_times_in_line(Scope.rules(rule, before))
    return rule


@transaction.atomic
def remove_lead_time(rule_id: int, *, actor: str) -> None:
    """Raises LeadTimeRule.DoesNotExist."""
    before = _copy(rule_id)
    end_lead_time(rule_id, actor=actor)
    bring_lead_times_in_line(Scope.rules(before))


def preview_lead_time(
    draft: LeadTimeDraft, *, rule_id: int | None = None, sees: Sees = lambda _: True
) -> LeadTimePreview:
    """What `keep_lead_time` would change, by doing it and taking it back. Raises BadLeadTime."""
    return _preview(lambda: (_copy(rule_id), write_lead_time(draft, rule_id=rule_id, actor="preview")), sees)


def preview_lead_time_removal(rule_id: int, *, sees: Sees = lambda _: True) -> LeadTimePreview:
    def remove() -> tuple[LeadTimeRule | None, ...]:
        before = _copy(rule_id)
        end_lead_time(rule_id, actor="preview")
        return (before,)

    return _preview(remove, sees)


def _preview(write: Callable[[], tuple[LeadTimeRule | None, ...]], sees: Sees) -> LeadTimePreview:
    with transaction.atomic():
        scope = Scope.rules(*write())
        found = fetch(_WITHIN.format(scope.condition), {**dict(scope.values), "most": PREVIEWED})
        ids = [row[0] for row in found]
        before = {row[0]: row[-1] for row in fetch(_NOW, [ids])}
        bring_lead_times_in_line(Scope.offers(ids))
        changes = [
            LeadTimeChange(sku, key, name, before[pk], after)
            for pk, sku, key, name, _, after in fetch(_NOW, [ids])
            if after != before[pk] and sees(key)
        ]
        transaction.set_rollback(True)
    return LeadTimePreview(len(ids), len(changes), changes[:SHOWN])


def _copy(rule_id: int | None) -> LeadTimeRule | None:
    """As it stands before it is written."""
    return None if rule_id is None else LeadTimeRule.objects.get(pk=rule_id)
