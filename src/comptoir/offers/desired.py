"""What each offer should show: computed in SQL for sets of products, in the transaction that moved stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute
from comptoir.inventory.availability import AVAILABLE, with_kits

# published = clamp(available − buffer, 0, limit); a paused offer and an inactive product show nothing.
_RECOMPUTE = f"""
WITH sellable AS ({AVAILABLE}),
wanted AS (
    SELECT o.id, CASE
        WHEN o.state = 'paused' OR NOT article.active OR NOT channel.publishes THEN 0
        ELSE least(greatest(sellable.available - channel.stock_buffer, 0),
                   coalesce(channel.stock_limit, 2147483647))
    END AS quantity
    FROM offers_offer o
    JOIN sellable ON sellable.product_id = o.product_id
    JOIN catalog_product article ON article.id = o.product_id
    JOIN channels_channel channel ON channel.id = o.channel_id
    WHERE o.network = 'seller'
    ORDER BY o.id
    FOR NO KEY UPDATE OF o
)
UPDATE offers_offer o SET desired_quantity = wanted.quantity, changed_at = %(now)s
FROM wanted WHERE o.id = wanted.id AND o.desired_quantity <> wanted.quantity
"""  # noqa: S608 - our own text
# After a sale the channel has lowered its own stock, unless our last figure reached it after the sale
# and wrote over that: then nobody knows what it shows, and the figure is sent again.
_NOTE_SALES = """
UPDATE offers_offer o SET
    sent_quantity = CASE WHEN known.sure THEN greatest(0, o.sent_quantity - known.units) END,
    confirmed_quantity = CASE WHEN known.sure THEN greatest(0, o.confirmed_quantity - known.units)
                              ELSE o.confirmed_quantity END
FROM (
    SELECT o.id, sale.units, coalesce(o.quantity_submission_id IS NULL AND o.sent_quantity IS NOT NULL
           AND sale.first_at > o.quantity_confirmed_at, false) AS sure
    FROM offers_offer o
    JOIN unnest(%(skus)s::text[], %(units)s::int[], %(first)s::timestamptz[]) AS sale (sku, units, first_at)
      ON sale.sku = o.sku
    WHERE o.channel_id = %(channel)s AND o.network = 'seller'
    ORDER BY o.id
    FOR NO KEY UPDATE OF o
) known
WHERE o.id = known.id
"""


def recompute_desired(product_ids: Sequence[int]) -> int:
    """Offers whose desired quantity changed."""
    if not product_ids:
        return 0
    return execute(_RECOMPUTE, {"products": with_kits(product_ids), "now": clock.now()})


def recompute_channel(channel: Channel) -> int:
    """After a change of the channel's own rules: every product it offers."""
    products = channel.offers.exclude(product=None).values_list("product_id", flat=True)
    return recompute_desired([pk for pk in products if pk is not None])


def note_sales(channel: Channel, sold: Sequence[tuple[str, int, datetime]]) -> None:
    """The channel sold these units itself: correct what we think that it shows."""
    units: dict[str, int] = {}
    first: dict[str, datetime] = {}
    for sku, quantity, at in sold:
        units[sku] = units.get(sku, 0) + quantity
        first[sku] = min(first.get(sku, at), at)
    if units:
        execute(
            _NOTE_SALES,
            {
                "channel": channel.pk,
                "skus": list(units),
                "units": list(units.values()),
                "first": [first[sku] for sku in units],
            },
        )
