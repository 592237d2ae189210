"""Orders sold under the price that we offer: a sign of a mistake somewhere, for a person to decide."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from comptoir.core.bulk import fetch

# Several channels give the price of all units under the name of one: the lower of the two readings counts.
_FALLS = """
SELECT DISTINCT ON (o.id) o.id, line.sku, sold.price, o.currency, offer.confirmed_price, offer.currency
FROM orders_order o
JOIN orders_orderline line ON line.order_id = o.id AND line.quantity > 0
JOIN channels_channel channel ON channel.id = o.channel_id
CROSS JOIN LATERAL (SELECT least(line.unit_price, line.amount / line.quantity) AS price) sold
LEFT JOIN offers_offer offer ON offer.channel_id = o.channel_id AND offer.sku = line.sku
     AND offer.network = 'seller' AND offer.confirmed_price IS NOT NULL
WHERE o.id = ANY(%s) AND line.fulfilled_by = 'seller'
  AND (sold.price <= 0 OR offer.currency <> o.currency
       OR sold.price < offer.confirmed_price * (1 - channel.price_drop_tolerance / 100))
ORDER BY o.id, line.line_number
"""


def price_falls(order_ids: Sequence[int]) -> dict[int, str]:
    """Orders with a line sold for nothing, in another currency than its offer's, or further under its price
    than the channel tolerates: which line, and both prices."""
    return {row[0]: _words(*row[1:]) for row in fetch(_FALLS, [list(order_ids)])}


def _words(
    sku: str, sold: Decimal, currency: str, offered: Decimal | None, offer_currency: str | None
) -> str:
    if offered is None or sold <= 0:
        return f"{sku}: {_plain(sold)} {currency}"
    return f"{sku}: {_plain(sold)} {currency} < {_plain(offered)} {offer_currency}"


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
