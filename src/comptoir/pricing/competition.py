"""What the other sellers ask for what we sell: which products to look at next, and what was found.

In rotation: what was looked at longest ago comes first, so any quota gives every product its turn. The
same offer found again only moves `last_seen_at`; a change of price, shipping or buy box is a new row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core.bulk import execute, fetch, stage_rows
from comptoir.pricing.models import CompetingOffer, Watch
from comptoir.sdk import records
from comptoir.sdk.money import ZERO

# The barcode is looked up for the few that are chosen, not for a catalogue.
_NEXT = """
SELECT article.product_id, (SELECT code FROM catalog_barcode b WHERE b.product_id = article.product_id
                            ORDER BY b.id LIMIT 1)
FROM (
    SELECT article.product_id, watch.watched_at FROM (
        SELECT DISTINCT o.product_id FROM offers_offer o
        WHERE o.channel_id = %(channel)s AND o.state = 'listed' AND o.product_id IS NOT NULL
          AND EXISTS (SELECT FROM catalog_barcode b WHERE b.product_id = o.product_id)
    ) article
    LEFT JOIN pricing_watch watch ON watch.channel_id = %(channel)s AND watch.product_id = article.product_id
    WHERE watch.watched_at IS NULL OR watch.watched_at <= %(before)s
    ORDER BY watch.watched_at NULLS FIRST, article.product_id
    LIMIT %(limit)s
) article
ORDER BY article.watched_at NULLS FIRST, article.product_id
"""
_COLUMNS = (
    "product_id", "seller", "condition", "price", "shipping_price", "currency", "is_ours", "has_buy_box",
    "rank", "grade", "evaluations", "lead_time_days", "expected_price",
)  # fmt: skip
_LOCK = "SELECT id FROM pricing_watch WHERE channel_id = %s AND product_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
# `place` tells apart what would otherwise be equal: channels that name no seller show several such offers.
_SAME = """
    PARTITION BY product_id, seller, condition, price, shipping_price, currency, is_ours, has_buy_box
"""
_STILL = f"""
WITH told AS (SELECT *, row_number() OVER ({_SAME} ORDER BY rank) AS place FROM told_competing),
standing AS (
    SELECT offer.*, row_number() OVER ({_SAME.replace("product_id", "offer.product_id")} ORDER BY rank) AS place
    FROM pricing_competingoffer offer
    JOIN pricing_watch watch ON watch.channel_id = offer.channel_id AND watch.product_id = offer.product_id
    WHERE offer.channel_id = %(channel)s AND offer.product_id = ANY(%(products)s)
      AND offer.last_seen_at = watch.watched_at
),
still AS (
    SELECT standing.id, told.* FROM told JOIN standing USING (product_id, seller, condition, price, shipping_price,
                                                              currency, is_ours, place)
    WHERE told.has_buy_box IS NOT DISTINCT FROM standing.has_buy_box
),
kept AS (
    UPDATE pricing_competingoffer offer
    SET last_seen_at = %(now)s, rank = still.rank, grade = still.grade, evaluations = still.evaluations,
        lead_time_days = still.lead_time_days, expected_price = still.expected_price
    FROM still WHERE offer.id = still.id
)
INSERT INTO pricing_competingoffer (channel_id, {", ".join(_COLUMNS)}, first_seen_at, last_seen_at)
SELECT %(channel)s, {", ".join(f"told.{name}" for name in _COLUMNS)}, %(now)s, %(now)s FROM told
WHERE NOT EXISTS (SELECT FROM still WHERE still.product_id = told.product_id AND still.seller = told.seller
    AND still.condition = told.condition AND still.price = told.price AND still.shipping_price = told.shipping_price
    AND still.currency = told.currency AND still.is_ours = told.is_ours
    AND still.has_buy_box IS NOT DISTINCT FROM told.has_buy_box AND still.place = told.place)
"""  # noqa: S608 - names from our own tuple
_WATCHED = """
INSERT INTO pricing_watch AS watch (channel_id, product_id, watched_at, offers)
SELECT %(channel)s, * FROM unnest(%(products)s::bigint[], %(at)s::timestamptz[], %(offers)s::int[])
ON CONFLICT (channel_id, product_id) DO UPDATE SET watched_at = excluded.watched_at, offers = excluded.offers
"""
_LARGEST = Decimal(999_999_999_999)


@dataclass(frozen=True)
class Watched:
    product_id: int
    ean: str


def products_to_watch(channel: Channel, *, before: datetime, limit: int) -> list[Watched]:
    """Listed products with a barcode, looked at before then or never; the longest ago first."""
    return [Watched(*row) for row in fetch(_NEXT, {"channel": channel.pk, "before": before, "limit": limit})]


@transaction.atomic
def record_competition(
    channel: Channel, watched: Sequence[Watched], offers: Iterable[records.CompetingOffer], *, at: datetime
) -> list[records.Rejected]:
    """What was found for these products; offers of others are ignored. Returns what cannot be kept."""
    by_ean = {one.ean: one.product_id for one in watched}
    refused: list[records.Rejected] = []
    rows = list(_rows(offers, by_ean, refused))
    products = [one.product_id for one in watched]
    fetch(_LOCK, [channel.pk, products])
    stage_rows("told_competing", _COLUMNS, rows, like="pricing_competingoffer")
    execute(_STILL, {"channel": channel.pk, "products": products, "now": at})
    found = Counter(row[0] for row in rows)
    execute(_WATCHED, {"channel": channel.pk, "products": products, "at": [at] * len(products),
                       "offers": [found[pk] for pk in products]})  # fmt: skip
    return refused


def _rows(
    offers: Iterable[records.CompetingOffer], by_ean: dict[str, int], refused: list[records.Rejected]
) -> Iterator[tuple[Any, ...]]:
    for offer in offers:
        product = by_ean.get(offer.ean)
        if product is None:
            continue
        expected = ZERO if offer.expected_price is None else offer.expected_price
        if not all(map(_possible, (offer.price, offer.shipping_price, expected))):
            asked = f"{offer.price} + {offer.shipping_price} (expected: {offer.expected_price})"
            words = f"{offer.seller}: the price {asked} is not possible."
            refused.append(records.Rejected(external_id=offer.ean, message=words))
            continue
        yield (
            product, offer.seller[:150], offer.condition[:40], offer.price, offer.shipping_price,
            offer.currency[:3], offer.is_ours, offer.has_buy_box, offer.rank, offer.grade, offer.evaluations,
            offer.lead_time_days, offer.expected_price,
        )  # fmt: skip


def _possible(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount < _LARGEST


def current_offers(channel: Channel, product: Product) -> list[CompetingOffer]:
    """What stood when the product was last looked at, the best rank first."""
    watch = Watch.objects.filter(channel=channel, product=product).first()
    if watch is None:
        return []
    found = CompetingOffer.objects.filter(channel=channel, product=product, last_seen_at=watch.watched_at)
    return list(found.order_by("rank", "price", "id"))


def purge_competition(*, before: datetime) -> int:
    """History past its term; what stands now on a product that is still watched was seen since."""
    return CompetingOffer.objects.filter(last_seen_at__lt=before).delete()[0]
