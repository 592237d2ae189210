"""Orders sold under the price that we offer: a sign of a mistake somewhere, for a person to decide."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from comptoir.core.bulk import fetch


def price_falls(order_ids: Sequence[int]) -> dict[int, str]:
    """Orders with a line sold further under its offer's price than its channel tolerates, and which line."""
    found = fetch(
        """SELECT DISTINCT ON (o.id) o.id, line.sku, line.unit_price, offer.confirmed_price
           FROM orders_order o
           JOIN orders_orderline line ON line.order_id = o.id
           JOIN channels_channel channel ON channel.id = o.channel_id
           JOIN offers_offer offer ON offer.channel_id = o.channel_id AND offer.sku = line.sku
           WHERE o.id = ANY(%s) AND offer.confirmed_price IS NOT NULL AND line.quantity > 0
             AND line.unit_price < offer.confirmed_price * (1 - channel.price_drop_tolerance / 100)
           ORDER BY o.id, line.line_number""",
        [list(order_ids)],
    )
    return {row[0]: f"{row[1]}: {_plain(row[2])} < {_plain(row[3])}" for row in found}


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
