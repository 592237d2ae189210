"""What the rules of quantity make of each offer: resolved in sets when a rule changes, begins or ends.

Each offer then names one row of `offers_ruling`; there are as many of these as different answers, so that
computing a million quantities joins one small table. Which rule wins is said in `inventory.rules`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.inventory.models import QuantityRule
from comptoir.offers.desired import recompute_desired
from comptoir.offers.publication import COVER_UNITS

_IN_FORCE = "ended_at IS NULL AND valid_from <= %(now)s AND (valid_until IS NULL OR valid_until > %(now)s)"
_HERE = "(rule.channel_id IS NULL OR rule.channel_id = offer.channel_id)"
# Three joins and no OR: each finds its rules by hash, whatever their number.
_RESOLVE = f"""
CREATE TEMP TABLE resolved ON COMMIT DROP AS
WITH rule AS MATERIALIZED (
    SELECT id, kind, value, product_id, family, channel_id, valid_from FROM inventory_quantityrule WHERE {_IN_FORCE}
),
offer AS MATERIALIZED (
    SELECT o.id, o.product_id, o.channel_id, channel.stock_pool, article.family, pace.cycle_s, o.daily_sales,
           channel.stock_buffer > 0 AS keeps_back, channel.stock_limit IS NOT NULL AS limits
    FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
    JOIN catalog_product article ON article.id = o.product_id
    LEFT JOIN offers_channelpace pace ON pace.channel_id = o.channel_id
    WHERE o.network = 'seller' AND {{scope}}
),
fits AS (
    SELECT offer.id AS offer_id, rule.id, kind, value, valid_from, CASE WHEN rule.channel_id IS NULL THEN 2 ELSE 1 END
        AS rank FROM offer JOIN rule ON rule.product_id = offer.product_id AND {_HERE}
    UNION ALL
    SELECT offer.id, rule.id, kind, value, valid_from, CASE WHEN rule.channel_id IS NULL THEN 4 ELSE 3 END
    FROM offer JOIN rule ON rule.family = offer.family AND rule.family <> '' AND {_HERE}
    UNION ALL
    SELECT offer.id, rule.id, kind, value, valid_from, 5 FROM offer JOIN rule ON rule.channel_id = offer.channel_id
    WHERE rule.product_id IS NULL AND rule.family = ''
    UNION ALL
    SELECT offer.id, rule.id, kind, value, valid_from, 7 FROM offer CROSS JOIN rule
    WHERE rule.product_id IS NULL AND rule.family = '' AND rule.channel_id IS NULL
      AND NOT (rule.kind = 'buffer' AND offer.keeps_back OR rule.kind = 'limit' AND offer.limits)
),
won AS (
    SELECT DISTINCT ON (offer_id, kind) offer_id, id, kind, value, valid_from FROM fits
    ORDER BY offer_id, kind, rank, valid_from DESC, id DESC
),
sold AS (
    SELECT product_id, stock_pool, sum(coalesce(daily_sales, 0)) AS daily FROM offer GROUP BY 1, 2
),
elsewhere AS (
    SELECT product_id, stock_pool, sum(daily) OVER (PARTITION BY product_id) - daily AS daily FROM sold
),
told AS (
    SELECT offer_id, max(value) FILTER (WHERE kind = 'buffer') AS buffer,
           max(value) FILTER (WHERE kind = 'cover') AS cover, max(value) FILTER (WHERE kind = 'share') AS share,
           max(value) FILTER (WHERE kind = 'envelope') AS envelope,
           max(valid_from) FILTER (WHERE kind = 'envelope') AS envelope_from,
           max(value) FILTER (WHERE kind = 'limit') AS most, max(value) FILTER (WHERE kind = 'minimum') AS minimum,
           max(value) FILTER (WHERE kind = 'always') AS always,
           array_agg(id ORDER BY id) FILTER (WHERE kind <> 'always') AS rules,
           max(id) FILTER (WHERE kind = 'always') AS always_rule
    FROM won GROUP BY 1
),
-- Channels of one pool show one figure: what is promised on one is shown on all of them.
pooled AS (
    SELECT offer.id AS offer_id, told.buffer, told.share, told.envelope, told.envelope_from, told.most, told.minimum,
           CASE WHEN told.cover IS NOT NULL THEN {COVER_UNITS} END AS cover,
           max(told.always) OVER pool AS always,
           coalesce(told.rules, '{{}}')
               || array_remove(ARRAY[max(told.always_rule) OVER pool], NULL) AS rules
    FROM offer LEFT JOIN told ON told.offer_id = offer.id
    LEFT JOIN elsewhere ON elsewhere.product_id = offer.product_id AND elsewhere.stock_pool = offer.stock_pool
    WINDOW pool AS (PARTITION BY offer.product_id, offer.stock_pool)
)
SELECT *, CASE WHEN rules <> '{{}}' THEN md5(ROW(buffer, cover, share, envelope, envelope_from AT TIME ZONE 'UTC',
                                                     most, minimum, always, rules)::text) END AS digest
FROM pooled
"""  # noqa: S608 - our own text
_KEEP = """
INSERT INTO offers_ruling (digest, buffer, cover, share, envelope, envelope_from, most, minimum, always, rules)
SELECT DISTINCT ON (digest) digest, buffer, cover, share, envelope, envelope_from, most, minimum, always,
       to_jsonb(rules)
FROM resolved WHERE digest IS NOT NULL
  AND NOT EXISTS (SELECT FROM offers_ruling known WHERE known.digest = resolved.digest) ORDER BY digest
ON CONFLICT (digest) DO NOTHING
"""
# In the order of ids, as every writer of offers does. A ruling that changes no number is told all the same.
_APPLY = """
WITH differs AS (
    SELECT o.id, ruling.id AS ruling_id FROM offers_offer o JOIN resolved ON resolved.offer_id = o.id
    LEFT JOIN offers_ruling ruling ON ruling.digest = resolved.digest
    WHERE o.ruling_id IS DISTINCT FROM ruling.id ORDER BY o.id FOR NO KEY UPDATE OF o
),
applied AS (
    UPDATE offers_offer o SET ruling_id = differs.ruling_id FROM differs WHERE differs.id = o.id
    RETURNING o.id, o.channel_id, o.product_id, o.desired_quantity, o.in_escrow, o.ruling_id, o.sent_quantity, o.stop
),
noted AS (
    INSERT INTO offers_decision (offer_id, at, quantity, kept_back, most, stop, few, ruling_id, sent)
    SELECT applied.id, %(now)s, desired_quantity, channel.stock_buffer, channel.stock_limit, stop, in_escrow,
           ruling_id, sent_quantity
    FROM applied JOIN channels_channel channel ON channel.id = applied.channel_id
)
SELECT DISTINCT product_id FROM applied ORDER BY product_id
"""
# Other fields of the channel that change no number are told all the same.
_NOTE_FIELDS = """
INSERT INTO offers_decision (offer_id, at, quantity, kept_back, most, stop, few, ruling_id, sent)
SELECT o.id, %(now)s, o.desired_quantity, channel.stock_buffer, channel.stock_limit, o.stop, o.in_escrow, o.ruling_id,
       o.sent_quantity
FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
CROSS JOIN LATERAL (SELECT kept_back, most FROM offers_decision d WHERE d.offer_id = o.id
                    ORDER BY d.at DESC, d.id DESC LIMIT 1) decided
WHERE o.channel_id = %(channel)s AND o.network = 'seller'
  AND (decided.kept_back, decided.most) IS DISTINCT FROM (channel.stock_buffer, channel.stock_limit)
ORDER BY o.id
"""
FEW = 20
_EVER = "SELECT EXISTS (SELECT FROM offers_ruling) OR EXISTS (SELECT FROM inventory_quantityrule)"
_WITHIN = """
SELECT DISTINCT o.product_id FROM offers_offer o JOIN catalog_product article ON article.id = o.product_id
WHERE o.network = 'seller' AND {} ORDER BY 1
"""
_DUE = f"""
SELECT id FROM inventory_quantityrule WHERE ended_at IS NULL AND in_force <> ({_IN_FORCE})
"""  # noqa: S608 - our own text
_NOTE = f"""
UPDATE inventory_quantityrule SET in_force = NOT in_force WHERE ended_at IS NULL AND in_force <> ({_IN_FORCE})
"""  # noqa: S608


@transaction.atomic
def resolve_rulings(product_ids: Sequence[int] | None = None) -> list[int]:
    """The products of which an offer is ruled otherwise than before; their quantities are still to compute.

    None: of every offer. A house that never had a rule pays nothing.
    """
    if (product_ids is not None and not product_ids) or not fetch(_EVER)[0][0]:
        return []
    now = clock.now()
    scope = "true" if product_ids is None else "o.product_id = ANY(%(products)s)"
    execute("DROP TABLE IF EXISTS pg_temp.resolved")
    execute(_RESOLVE.replace("{scope}", scope), {"now": now, "products": list(product_ids or ())})
    execute(_KEEP)
    products = [row[0] for row in fetch(_APPLY, {"now": now})]
    execute("DROP TABLE resolved")
    return products


@transaction.atomic
def bring_in_line(product_ids: Sequence[int] | None = None) -> int:
    """Rules and quantities of these products' offers; the number of quantities that changed."""
    return recompute_desired(resolve_rulings(product_ids))


def recompute_channel(channel: Channel) -> int:
    """After a change of the channel's own rules: every product it offers."""
    products = channel.offers.exclude(product=None).values_list("product_id", flat=True)
    offered = [pk for pk in products if pk is not None]
    resolve_rulings(offered)
    changed = recompute_desired(offered)
    execute(_NOTE_FIELDS, {"channel": channel.pk, "now": clock.now()})
    return changed


def products_within(*rules: QuantityRule | None) -> list[int]:
    """Whose offers these rules may concern."""
    found: set[int] = set()
    for rule in filter(None, rules):
        where, values = [], {}
        if rule.product_id is not None:
            where.append("o.product_id = %(product)s")
        if rule.family:
            where.append("article.family = %(family)s")
        if rule.channel_id is not None:
            where.append("o.channel_id = %(channel)s")
        values = {"product": rule.product_id, "family": rule.family, "channel": rule.channel_id}
        found |= {row[0] for row in fetch(_WITHIN.format(" AND ".join(where) or "true"), values)}
    return sorted(found)


def products_within_many(rules: Sequence[QuantityRule]) -> list[int]:
    """`products_within` of a file of rules, in three questions; a rule of an article on one channel names it on all."""
    if len(rules) < FEW:
        return products_within(*rules)
    products = [rule.product_id for rule in rules if rule.product_id is not None]
    families = sorted({rule.family for rule in rules if rule.family})
    rest = [rule for rule in rules if rule.product_id is None and not rule.family]
    if any(rule.channel_id is None for rule in rest):
        return [row[0] for row in fetch(_WITHIN.format("true"))]
    found: set[int] = set(products)
    for condition, values in (
        ("article.family = ANY(%s)", families),
        ("o.channel_id = ANY(%s)", [rule.channel_id for rule in rest]),
    ):
        if values:
            found |= {row[0] for row in fetch(_WITHIN.format(condition), [values])}
    return sorted(found)


def has_due_rules() -> bool:
    """A rule began or ended since the offers were last brought in line."""
    return bool(fetch(f"SELECT EXISTS ({_DUE})", {"now": clock.now()})[0][0])


@transaction.atomic
def apply_due_rules() -> int:
    """The quantities that changed because a rule began or ended by the clock."""
    due = [row[0] for row in fetch(_DUE, {"now": clock.now()})]
    rules = list(QuantityRule.objects.select_for_update().filter(pk__in=due).order_by("pk"))
    changed = bring_in_line(products_within(*rules))
    execute(_NOTE, {"now": clock.now()})
    return changed
