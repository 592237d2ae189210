"""Keeping and removing rules of quantity, and seeing before what would change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from comptoir.core.bulk import fetch
from comptoir.inventory.models import QuantityRule
from comptoir.inventory.rules import Draft, Wanted, end_rule, write_rule, write_rules
from comptoir.offers.rulings import apply_due_rules, bring_in_line, products_within, products_within_many

Sees = Callable[[str], bool]
PREVIEWED = 2_000
"""Products of which a preview is computed: all of a big house would hold its offers for some seconds."""
SHOWN = 200
_QUANTITIES = """
SELECT o.id, o.sku, channel.key, channel.name, o.desired_quantity
FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
WHERE o.product_id = ANY(%s) AND o.network = 'seller' ORDER BY o.sku, channel.name, o.id
"""


@dataclass(frozen=True)
class QuantityChange:
    sku: str
    channel: str
    """Its key."""
    channel_name: str
    before: int
    after: int


@dataclass(frozen=True)
class RulePreview:
    products: int
    """That the rule may concern."""
    looked_at: int
    """Of these, for how many it was computed: the first ones."""
    changed: int
    changes: list[QuantityChange]
    """The first `SHOWN` of them."""


@transaction.atomic
def keep_rule(draft: Draft, *, number: int | None = None, actor: str) -> QuantityRule:
    """Kept, and what every offer concerned should show computed again. Raises BadRule, NoSuchRule."""
    rule, before = write_rule(draft, number=number, actor=actor)
    bring_in_line(products_within(rule, before))
    apply_due_rules()
    rule.refresh_from_db()
    return rule


@transaction.atomic
def remove_rule(number: int, *, actor: str) -> None:
    """Raises NoSuchRule."""
    bring_in_line(products_within(end_rule(number, actor=actor)))


def preview_rule(draft: Draft, *, number: int | None = None, sees: Sees = lambda _: True) -> RulePreview:
    """What `keep_rule` would change, by doing it and taking it back. Raises BadRule, NoSuchRule.

    `sees`: whether the reader sees the channel of a key; the others' changes are not told.
    """
    return _preview(lambda: write_rule(draft, number=number, actor="preview"), sees)


def preview_removal(number: int, *, sees: Sees = lambda _: True) -> RulePreview:
    """What `remove_rule` would change. Raises NoSuchRule."""
    return _preview(lambda: (end_rule(number, actor="preview"),), sees)


@transaction.atomic
def keep_rules(
    wanted: Sequence[Wanted], *, actor: str
) -> list[tuple[QuantityRule | None, QuantityRule | None]]:
    """Many at once; (the version made, the one that ended) of each. Raises BadRule, NoSuchRule."""
    done = write_rules(wanted, actor=actor)
    bring_in_line(products_within_many(_named(done)))
    apply_due_rules()
    return done


def preview_rules(wanted: Sequence[Wanted], *, sees: Sees = lambda _: True) -> RulePreview:
    """What `keep_rules` would change. Raises BadRule, NoSuchRule."""
    return _preview(lambda: _named(write_rules(wanted, actor="preview")), sees)


def _named(done: Sequence[tuple[QuantityRule | None, QuantityRule | None]]) -> list[QuantityRule]:
    return [rule for pair in done for rule in pair if rule is not None]


def _preview(write: Callable[[], Sequence[QuantityRule | None]], sees: Sees) -> RulePreview:
    with transaction.atomic():
        products = products_within_many([rule for rule in write() if rule is not None])
        some = products[:PREVIEWED]
        before = {row[0]: row[-1] for row in fetch(_QUANTITIES, [some])}
        bring_in_line(some)
        changes = [
            QuantityChange(sku, key, name, before[pk], after)
            for pk, sku, key, name, after in fetch(_QUANTITIES, [some])
            if after != before[pk] and sees(key)
        ]
        transaction.set_rollback(True)
    return RulePreview(len(products), len(some), len(changes), changes[:SHOWN])
