"""Which products share the units of an article that is down to its last ones: it and the kits that take it.

An article is *scarce* when it, or a kit of it, is down to the units under which escrow begins. What one of its sharers
may be told then depends on all of them: they are locked, computed and written together. A kit that has another scarce
article inside brings the sharers of that one along; an article that there is plenty of brings nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from comptoir.core.arrays import joined
from comptoir.core.bulk import fetch
from comptoir.offers.escrow import LEAST_ESCROW

# Each arm by its index; of very many products at once, one reading of what kits are made of.
_TOUCHED = """
SELECT kit_id FROM catalog_kitcomponent WHERE component_id = ANY(%(products)s::bigint[])
UNION SELECT kit_id FROM catalog_kitcomponent WHERE kit_id = ANY(%(products)s::bigint[])
"""
_TOUCHED_BY_MANY = """
WITH asked AS MATERIALIZED (SELECT unnest(%(products)s::bigint[]) AS id)
SELECT DISTINCT kit_id FROM catalog_kitcomponent
WHERE component_id IN (SELECT id FROM asked) OR kit_id IN (SELECT id FROM asked)
"""
_COMPOSITION = (
    "SELECT kit_id, component_id, quantity FROM catalog_kitcomponent WHERE kit_id = ANY(%s::bigint[])"
)
_KITS_OF = "SELECT DISTINCT kit_id FROM catalog_kitcomponent WHERE component_id = ANY(%s::bigint[])"
# A kit is down to its last ones because of an article inside: in its units, one less than one more kit takes.
_SCARCE = """
SELECT article.id FROM unnest(%(articles)s::bigint[]) AS article (id)
LEFT JOIN offers_lastunits few ON few.product_id = article.id
CROSS JOIN LATERAL (
    SELECT max(part.quantity * (coalesce(few.escrow_units, %(least)s) + 1)) AS units
    FROM catalog_kitcomponent part LEFT JOIN offers_lastunits few ON few.product_id = part.kit_id
    WHERE part.component_id = article.id
) kits
WHERE greatest(0, coalesce((
    SELECT sum(stock.on_hand - stock.reserved)
    FROM inventory_stock stock JOIN inventory_warehouse w ON w.id = stock.warehouse_id AND w.sellable
    WHERE stock.product_id = article.id), 0)) < greatest(coalesce(few.escrow_units, %(least)s) + 1, kits.units)
"""


MANY = 5_000
Family = list[tuple[int, int]]
"""(product, units of the article in one of it): the article itself, and every kit that takes it."""


@dataclass
class Sharers:
    products: list[int] = field(default_factory=list)
    """Those asked for, the kits that have one of them inside, and who shares scarce articles with these."""
    kits: bool = False
    """Whether there is any kit among them."""
    families: dict[int, Family] = field(default_factory=dict)
    """By the scarce articles that they share."""

    @property
    def in_families(self) -> list[int]:
        return sorted({product for family in self.families.values() for product, _ in family})


def find_sharers(product_ids: Sequence[int]) -> Sharers:
    if not product_ids:
        return Sharers()
    touched = _TOUCHED if len(product_ids) < MANY else _TOUCHED_BY_MANY
    fresh = {row[0] for row in fetch(touched, {"products": joined(product_ids)})}
    if not fresh:
        return Sharers(list(product_ids))
    inside: dict[int, dict[int, int]] = {}
    judged: set[int] = set()
    scarce: set[int] = set()
    while fresh:
        for kit, article, each in fetch(_COMPOSITION, [sorted(fresh)]):
            inside.setdefault(kit, {})[article] = each
        asked = {article for parts in inside.values() for article in parts} - judged
        judged |= asked
        more = {row[0] for row in fetch(_SCARCE, {"articles": sorted(asked), "least": LEAST_ESCROW})}
        scarce |= more
        fresh = {row[0] for row in fetch(_KITS_OF, [sorted(more)])} - inside.keys() if more else set()
    families = {
        article: [
            (article, 1),
            *((kit, parts[article]) for kit, parts in sorted(inside.items()) if article in parts),
        ]
        for article in sorted(scarce)
    }
    return Sharers(sorted({*product_ids, *inside, *scarce}), kits=True, families=families)


def with_sharers(product_ids: Sequence[int]) -> list[int]:
    """What is locked and computed together with these products."""
    return find_sharers(product_ids).products
