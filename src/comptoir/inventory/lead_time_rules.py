"""Rules of preparation: how many working days an article needs before it leaves. The most specific one wins:

0 what is asked of the very offer     1 the product on the channel     2 the product
3 its family on the channel           4 its family                     5 the channel     6 the house
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.inventory.calendar_models import LONGEST, LeadTimeRule
from comptoir.journal.audit import record_change


class BadLeadTime(ValueError):  # noqa: N818
    """`code`: days, scope, exists. What of the rule cannot be."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class LeadTimeDraft:
    """Neither product nor family: every article; no channel: every channel."""

    days: int
    product: Product | None = None
    family: str = ""
    channel: Channel | None = None


def current_lead_times(only: Sequence[str] = ()) -> QuerySet[LeadTimeRule]:
    """The house's first, then channels, families, products. `only`: the only channels that exist for who asks;
    the rules of all channels concern them too."""
    found = LeadTimeRule.objects.select_related("channel", "product").order_by(
        F("product__sku").asc(nulls_first=True), "family", F("channel__name").asc(nulls_first=True), "id"
    )
    return found.filter(Q(channel__key__in=only) | Q(channel=None)) if only else found


@transaction.atomic
def write_lead_time(draft: LeadTimeDraft, *, rule_id: int | None = None, actor: str) -> LeadTimeRule:
    """A new rule, or other days of one that is there. Raises BadLeadTime, LeadTimeRule.DoesNotExist."""
    if not 0 <= draft.days <= LONGEST:
        raise BadLeadTime("days", f"between 0 and {LONGEST}")
    if draft.product is not None and draft.family:
        raise BadLeadTime("scope", "a product or a family, not both")
    rule = LeadTimeRule() if rule_id is None else LeadTimeRule.objects.select_for_update().get(pk=rule_id)
    before = {} if rule_id is None else told(rule)
    rule.days, rule.product, rule.family, rule.channel = (
        draft.days,
        draft.product,
        draft.family,
        draft.channel,
    )
    rule.created_at, rule.created_by = clock.now(), actor
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise BadLeadTime("exists", "there is a rule of exactly that already") from error
    record_change(
        actor=actor, action="lead_time.kept", subject_kind="lead_time", subject=str(rule.pk), before=before,
        after=told(rule),
    )  # fmt: skip
    return rule


@transaction.atomic
def end_lead_time(rule_id: int, *, actor: str) -> LeadTimeRule:
    """Raises LeadTimeRule.DoesNotExist."""
    rule = LeadTimeRule.objects.select_for_update().get(pk=rule_id)
    record_change(
        actor=actor,
        action="lead_time.removed",
        subject_kind="lead_time",
        subject=str(rule_id),
        before=told(rule),
    )
    rule.delete()
    return rule


def told(rule: LeadTimeRule) -> dict[str, str | int | None]:
    return {
        "days": rule.days, "product": None if rule.product is None else rule.product.sku, "family": rule.family,
        "channel": None if rule.channel is None else rule.channel.key,
    }  # fmt: skip
