"""What each offer should show: computed in SQL for sets of products, in the transaction that moved stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.inventory.availability import AVAILABLE, with_kits

# An offer that the channel had before us, of an article that nobody has counted yet: its stock is not known
# to be zero, it is not known. It keeps what the channel shows until a first count says how many there are.
_COUNTED = (
    "(SELECT FROM inventory_stock s WHERE s.product_id = {} AND (s.counted_at IS NOT NULL OR s.on_hand > 0))"
)
_UNCOUNTED = f"""(o.state = 'listed' AND o.quantity_confirmed_at IS NULL AND o.sent_quantity IS NOT NULL
    AND CASE WHEN article.is_kit THEN EXISTS (SELECT FROM catalog_kitcomponent part WHERE part.kit_id = article.id
                                              AND NOT EXISTS {_COUNTED.format("part.component_id")})
             ELSE NOT EXISTS {_COUNTED.format("article.id")} END)"""
# published = clamp(available − buffer, 0, limit); a paused offer and an inactive product show nothing.
_RECOMPUTE = f"""
WITH sellable AS ({AVAILABLE}),
wanted AS (
    SELECT o.id, CASE
        WHEN o.state = 'paused' OR NOT article.active OR NOT channel.publishes THEN 0
        WHEN {_UNCOUNTED} THEN o.sent_quantity
        ELSE least(greatest(sellable.available - channel.stock_buffer, 0),
                   coalesce(channel.stock_limit, 2147483647))
    END AS quantity
    FROM offers_offer o
    JOIN sellable ON sellable.product_id = o.product_id
    JOIN catalog_product article ON article.id = o.product_id
    JOIN channels_channel channel ON channel.id = o.channel_id
    WHERE o.network = 'seller'
    ORDER BY o.id
)
UPDATE offers_offer o SET desired_quantity = wanted.quantity, changed_at = %(now)s
FROM wanted WHERE o.id = wanted.id AND o.desired_quantity <> wanted.quantity
"""  # noqa: S608 - our own text
_SURE = """(o.quantity_submission_id IS NULL AND o.sent_quantity IS NOT NULL
            AND coalesce(wanted.first_at > o.quantity_confirmed_at, false))"""
# The same after a page of orders, and what the channel itself made of its sales: one new version of each
# offer instead of two. After a sale the channel has lowered its own stock, unless our last figure reached
# it after the sale and wrote over that: then nobody knows what it shows, and the figure is sent again.
_AFTER_SALES = f"""
WITH sellable AS ({AVAILABLE}),
sale AS (SELECT * FROM unnest(%(skus)s::text[], %(units)s::int[], %(first)s::timestamptz[])
         AS sale (sku, units, first_at)),
found AS (
    SELECT o.id FROM offers_offer o WHERE o.product_id = ANY(%(products)s) AND o.network = 'seller'
    UNION
    SELECT o.id FROM sale JOIN offers_offer o ON o.channel_id = %(channel)s AND o.sku = sale.sku
                                             AND o.network = 'seller'
),
wanted AS (
    SELECT o.id, sale.units, sale.first_at, {_UNCOUNTED} AS uncounted, CASE
        WHEN sellable.product_id IS NULL THEN o.desired_quantity
        WHEN o.state = 'paused' OR NOT article.active OR NOT channel.publishes THEN 0
        WHEN {_UNCOUNTED} THEN greatest(0, o.sent_quantity - coalesce(sale.units, 0))
        ELSE least(greatest(sellable.available - channel.stock_buffer, 0),
                   coalesce(channel.stock_limit, 2147483647))
    END AS quantity
    FROM found JOIN offers_offer o ON o.id = found.id
    JOIN channels_channel channel ON channel.id = o.channel_id
    LEFT JOIN sellable ON sellable.product_id = o.product_id
    LEFT JOIN catalog_product article ON article.id = o.product_id
    LEFT JOIN sale ON o.channel_id = %(channel)s AND sale.sku = o.sku
    ORDER BY o.id
)
UPDATE offers_offer o SET
    desired_quantity = wanted.quantity,
    changed_at = CASE WHEN o.desired_quantity <> wanted.quantity THEN %(now)s ELSE o.changed_at END,
    sent_quantity = CASE WHEN wanted.units IS NULL THEN o.sent_quantity
                         WHEN {_SURE} OR wanted.uncounted THEN greatest(0, o.sent_quantity - wanted.units) END,
    confirmed_quantity = CASE WHEN wanted.units IS NOT NULL AND {_SURE}
                              THEN greatest(0, o.confirmed_quantity - wanted.units)
                              ELSE o.confirmed_quantity END
FROM wanted
WHERE o.id = wanted.id AND (wanted.units IS NOT NULL OR o.desired_quantity <> wanted.quantity)
"""  # noqa: S608


def recompute_desired(product_ids: Sequence[int]) -> int:
    """Offers whose desired quantity changed."""
    if not product_ids:
        return 0
    products = with_kits(product_ids)
    _lock_offers(products, None, [])
    return _recompute(products)


def _lock_offers(product_ids: Sequence[int], channel_id: int | None, skus: Sequence[str]) -> None:
    """All that the transaction will write, in the order of their ids, as every writer of offers does.

    Before computing, on purpose: a kit's offers may wait here for a worker that sells another component,
    and the statement that computes then sees what that worker did.
    """
    fetch(
        """SELECT id FROM offers_offer
           WHERE (product_id = ANY(%s) OR (channel_id = %s AND sku = ANY(%s))) AND network = 'seller'
           ORDER BY id FOR NO KEY UPDATE""",
        [list(product_ids), channel_id, list(skus)],
    )


def _recompute(product_ids: Sequence[int]) -> int:
    if not product_ids:
        return 0
    return execute(_RECOMPUTE, {"products": list(product_ids), "now": clock.now()})


def recompute_channel(channel: Channel) -> int:
    """After a change of the channel's own rules: every product it offers."""
    products = channel.offers.exclude(product=None).values_list("product_id", flat=True)
    return recompute_desired([pk for pk in products if pk is not None])


def recompute_after_sales(
    channel: Channel, product_ids: Sequence[int], sold: Sequence[tuple[str, int, datetime]]
) -> int:
    """`recompute_desired`, and the units that the channel sold itself are taken off what we think it shows.

    `sold`: SKU, units and instant of each sale. Returns how many offers were written.
    """
    if not sold:
        return recompute_desired(product_ids)
    units: dict[str, int] = {}
    first: dict[str, datetime] = {}
    for sku, quantity, at in sold:
        units[sku] = units.get(sku, 0) + quantity
        first[sku] = min(first.get(sku, at), at)
    values = {"skus": list(units), "units": list(units.values()), "first": list(first.values())}
    products = with_kits(product_ids) if product_ids else []
    _lock_offers(products, channel.pk, sorted(units))
    return execute(_AFTER_SALES, {**values, "channel": channel.pk, "products": products, "now": clock.now()})
