"""Rules of quantity: kept in versions, never changed, and which one of a kind wins.

Per kind, the most specific one wins:

    1 the product on the channel    2 the product     3 its family on the channel    4 its family
    5 the channel                   6 the channel's own fields (kept back, shown at most)     7 the house

At one level the one that began last wins: a rule for the week of the sales covers the one for the year, and
gives way to it again when it ends. What all kinds together make of a number: `offers.publication`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.inventory.models import QuantityRule
from comptoir.journal.audit import new_change, record_change
from comptoir.journal.models import Change

Kind = QuantityRule.Kind
PERCENTAGES = frozenset({Kind.SHARE, Kind.COVER})
LARGEST = 1_000_000


class BadRule(ValueError):  # noqa: N818
    """`code`: value, scope, validity. What of it cannot be."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class NoSuchRule(LookupError):  # noqa: N818
    """It was removed, or never was."""


@dataclass(frozen=True)
class Draft:
    """A rule as a person wants it. Neither product nor family: every article; no channel: every channel."""

    kind: str
    value: int
    product: Product | None = None
    family: str = ""
    channel: Channel | None = None
    valid_from: datetime | None = None
    """None: from now on; of a rule that changes, from when it began."""
    valid_until: datetime | None = None
    note: str = ""


@transaction.atomic
def write_rule(
    draft: Draft, *, number: int | None = None, actor: str
) -> tuple[QuantityRule, QuantityRule | None]:
    """The version in force from now on, and the one that it takes the place of. Raises BadRule, NoSuchRule."""
    before = None if number is None else _current(number)
    check_draft(draft, before)
    now = clock.now()
    rule = _version(draft, before, now, actor)
    rule.save(force_insert=True)
    if number is None:
        rule.number = rule.pk
        rule.save(update_fields=["number"])
    if before is not None:
        _end(before, now)
    record_change(
        actor=actor, action="rule.kept", subject_kind="rule", subject=str(rule.number),
        before={} if before is None else told(before), after=told(rule),
    )  # fmt: skip
    return rule, before


@dataclass(frozen=True)
class Wanted:
    """One of many: `number` None is a new rule, `draft` None ends the one of that number."""

    number: int | None
    draft: Draft | None


@transaction.atomic
def write_rules(
    wanted: Sequence[Wanted], *, actor: str
) -> list[tuple[QuantityRule | None, QuantityRule | None]]:
    """(the version made, the one that ended) of each, in sets. Raises BadRule, NoSuchRule; nothing is written then."""
    numbers = sorted({one.number for one in wanted if one.number is not None})
    found = QuantityRule.objects.select_for_update(of=("self",)).select_related("product", "channel")
    current = {rule.number: rule for rule in found.filter(number__in=numbers, ended_at=None).order_by("pk")}
    now, made, ended = clock.now(), [], []
    for one in wanted:
        before = None if one.number is None else current.get(one.number)
        if one.number is not None and before is None:
            raise NoSuchRule(one.number)
        rule = None
        if one.draft is not None:
            check_draft(one.draft, before)
            rule = _version(one.draft, before, now, actor)
        made.append(rule)
        ended.append(before)
    QuantityRule.objects.bulk_create([rule for rule in made if rule is not None], batch_size=2_000)
    fresh = [rule for rule in made if rule is not None and rule.number is None]
    for rule in fresh:
        rule.number = rule.pk
    QuantityRule.objects.bulk_update(fresh, ["number"], batch_size=2_000)
    over = [rule for rule in ended if rule is not None]
    QuantityRule.objects.filter(pk__in=[rule.pk for rule in over]).update(ended_at=now, in_force=False)
    Change.objects.bulk_create(
        [_told_change(rule, before, actor) for rule, before in zip(made, ended, strict=True)],
        batch_size=2_000,
    )
    return list(zip(made, ended, strict=True))


def _version(draft: Draft, before: QuantityRule | None, now: datetime, actor: str) -> QuantityRule:
    return QuantityRule(
        number=None if before is None else before.number, version=1 if before is None else before.version + 1,
        kind=draft.kind, value=draft.value, product=draft.product, family=draft.family, channel=draft.channel,
        valid_from=draft.valid_from or (now if before is None else before.valid_from),
        valid_until=draft.valid_until, note=draft.note, created_at=now, created_by=actor,
    )  # fmt: skip


def _told_change(rule: QuantityRule | None, before: QuantityRule | None, actor: str) -> Change:
    named = rule or before
    return new_change(
        actor=actor, action="rule.removed" if rule is None else "rule.kept", subject_kind="rule",
        subject="" if named is None else str(named.number), before={} if before is None else told(before),
        after={} if rule is None else told(rule),
    )  # fmt: skip


@transaction.atomic
def end_rule(number: int, *, actor: str) -> QuantityRule:
    """It counts no more; its versions stay for who asks about the past. Raises NoSuchRule."""
    rule = _current(number)
    _end(rule, clock.now())
    record_change(
        actor=actor, action="rule.removed", subject_kind="rule", subject=str(number), before=told(rule)
    )
    return rule


def _current(number: int) -> QuantityRule:
    rule = QuantityRule.objects.select_for_update().filter(number=number, ended_at=None).first()
    if rule is None:
        raise NoSuchRule(number)
    return rule


def _end(rule: QuantityRule, now: datetime) -> None:
    rule.ended_at, rule.in_force = now, False
    rule.save(update_fields=["ended_at", "in_force"])


def check_draft(draft: Draft, before: QuantityRule | None) -> None:
    """Raises BadRule."""
    if draft.kind not in Kind.values:
        raise BadRule("kind", f"no kind of rule is called {draft.kind}")
    most = LARGEST
    if draft.kind in PERCENTAGES:
        most = 100 if draft.kind == Kind.SHARE else 1000
    if not 0 <= draft.value <= most:
        raise BadRule("value", f"between 0 and {most}")
    if draft.product is not None and draft.family:
        raise BadRule("scope", "a product or a family, not both")
    began = draft.valid_from or (clock.now() if before is None else before.valid_from)
    if draft.valid_until is not None and draft.valid_until <= began:
        raise BadRule("validity", "it would end before it begins")


def current_rules() -> list[QuantityRule]:
    """Those that count now or will; the house's first, then channels, families, products."""
    found = QuantityRule.objects.filter(ended_at=None).select_related("product", "channel")
    by_scope = (F("product__sku").asc(nulls_first=True), "family", F("channel__name").asc(nulls_first=True))
    return list(found.order_by(*by_scope, "kind", "id"))


def told(rule: QuantityRule) -> dict[str, str | int | None]:
    return {
        "kind": rule.kind, "value": rule.value, "version": rule.version,
        "product": None if rule.product is None else rule.product.sku, "family": rule.family,
        "channel": None if rule.channel is None else rule.channel.key,
        "valid_from": rule.valid_from.isoformat(),
        "valid_until": None if rule.valid_until is None else rule.valid_until.isoformat(), "note": rule.note,
    }  # fmt: skip
