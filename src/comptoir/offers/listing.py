"""Putting products on channels, changing what is wanted, and comparing with what the channel shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.offers.desired import recompute_desired
from comptoir.offers.desired_sql import EXPOSED, POSSIBLE
from comptoir.offers.lead_times import Scope, bring_lead_times_in_line
from comptoir.offers.refusals import BelowFloor
from comptoir.offers.rulings import resolve_rulings
from comptoir.offers.sharers import with_sharers
from comptoir.offers.wishes import set_price
from comptoir.sdk.records import ListedOffer

__all__ = ["BelowFloor", "Comparison", "Drift", "compare_with_channel", "list_products", "set_price"]

# The floor of a new offer covers the purchase price and its VAT; the pricing room refines it with fees.
_LIST = """
INSERT INTO offers_offer (channel_id, product_id, sku, network, state, currency, condition, external_id,
    external_product_id, desired_quantity, quantity_error, desired_price, price_error, floor_price, changed_at)
SELECT %(channel)s, article.id, article.sku, 'seller', 'new', article.currency, 'new', '', '', 0, '',
       article.list_price, '', round(cost.price * (1 + coalesce(article.vat_rate, 0) / 100), 2), %(now)s
FROM catalog_product article
LEFT JOIN LATERAL (SELECT price FROM catalog_purchaseprice p WHERE p.product_id = article.id
                   ORDER BY valid_from DESC LIMIT 1) cost ON true
WHERE article.id = ANY(%(products)s) AND article.active
ORDER BY article.id
ON CONFLICT (channel_id, sku, network) DO NOTHING
RETURNING id, desired_quantity, state
"""
# The first decision of an offer is what it began with.
_FIRST = """
INSERT INTO offers_decision (offer_id, at, quantity, kept_back, most, stop, few)
SELECT made.id, %(now)s, made.desired_quantity, stock_buffer, stock_limit, {}, false
FROM made, channels_channel channel WHERE channel.id = %(channel)s
"""
_LIST = f"WITH made AS ({_LIST}) {_FIRST.format(0)}"
_READ = "o.quantity_submission_id IS NULL AND shown.quantity IS NOT NULL"
_READ_PRICE = "o.price_submission_id IS NULL AND shown.price IS NOT NULL"
# Matching by channel, SKU and network. Only an offer that is in no open submission is judged: one that is
# may be between two values. What the channel shows is its own word: it is confirmed. The instant of the first
# confirmation is ours alone, an adopted offer that was never written has none.
_COMPARE = f"""
WITH compared AS (
UPDATE offers_offer o SET
    shown_quantity = shown.quantity, shown_price = shown.price, shown_at = %(now)s,
    external_id = coalesce(nullif(shown.external_id, ''), o.external_id),
    external_product_id = coalesce(nullif(shown.product, ''), o.external_product_id),
    state = CASE WHEN o.state = 'new' THEN 'listed' ELSE o.state END,
    product_id = coalesce(o.product_id, (SELECT article.id FROM catalog_product article WHERE article.sku = o.sku)),
    sent_quantity = CASE WHEN {_READ} THEN shown.quantity ELSE o.sent_quantity END,
    confirmed_quantity = CASE WHEN {_READ} THEN shown.quantity ELSE o.confirmed_quantity END,
    quantity_confirmed_at = CASE WHEN {_READ} AND o.quantity_confirmed_at IS NOT NULL THEN %(now)s
                                 ELSE o.quantity_confirmed_at END,
    sent_price = CASE WHEN {_READ_PRICE} THEN shown.price ELSE o.sent_price END,
    confirmed_price = CASE WHEN {_READ_PRICE} THEN shown.price ELSE o.confirmed_price END,
    passed_price = coalesce(o.passed_price, o.confirmed_price),
    exposed_quantity = CASE WHEN {_READ} THEN {EXPOSED} + greatest(0, shown.quantity - {POSSIBLE}) ELSE {EXPOSED} END,
    possible_quantity = CASE WHEN {_READ} AND o.sent_quantity IS NOT NULL THEN shown.quantity
                             WHEN {_READ} THEN greatest(shown.quantity, {POSSIBLE}) ELSE {POSSIBLE} END,
    exposed_at = CASE WHEN {_READ} THEN %(now)s ELSE o.exposed_at END
FROM unnest(%(skus)s::text[], %(networks)s::text[], %(quantities)s::int[], %(prices)s::numeric[], %(ids)s::text[],
            %(products)s::text[]) AS shown (sku, network, quantity, price, external_id, product),
     offers_offer before
WHERE before.id = o.id AND o.channel_id = %(channel)s AND o.sku = shown.sku AND o.network = shown.network
RETURNING o.id, shown.quantity AS now_shown, before.shown_quantity AS shown_before,
    o.sku, before.state,
    before.quantity_submission_id IS NULL AND before.sent_quantity IS DISTINCT FROM shown.quantity
        AND before.sent_quantity IS NOT NULL AND shown.quantity IS NOT NULL AS quantity_differs,
    before.sent_quantity, shown.quantity,
    before.price_submission_id IS NULL AND before.sent_price IS DISTINCT FROM shown.price
        AND before.sent_price IS NOT NULL AND shown.price IS NOT NULL AS price_differs,
    before.sent_price, shown.price,
    CASE WHEN before.product_id IS NULL THEN o.product_id END AS linked
),
seen AS (
    INSERT INTO offers_sighting (offer_id, at, quantity)
    SELECT id, %(now)s, now_shown FROM compared WHERE now_shown IS DISTINCT FROM shown_before
)
SELECT sku, state, quantity_differs, sent_quantity, quantity, price_differs, sent_price, price, linked FROM compared
"""  # noqa: S608 - our own text
# In the order of their ids, as every writer of offers does.
_LOCK = """
SELECT id FROM offers_offer
WHERE channel_id = %(channel)s AND sku = ANY(%(skus)s) OR product_id = ANY(%(few)s) ORDER BY id FOR NO KEY UPDATE
"""
_FEW = """
SELECT DISTINCT product_id FROM offers_offer
WHERE channel_id = %(channel)s AND sku = ANY(%(skus)s) AND in_escrow AND product_id IS NOT NULL
"""
# An offer that the channel had before us is adopted as it is: its price is wanted because it is there.
_ADOPT = """
INSERT INTO offers_offer (channel_id, product_id, sku, network, state, currency, condition, external_id,
    external_product_id, desired_quantity, sent_quantity, confirmed_quantity, quantity_error, desired_price,
    sent_price, confirmed_price, price_error, shown_quantity, shown_price, shown_at, changed_at)
SELECT %(channel)s, article.id, shown.sku, shown.network, 'listed', %(currency)s, 'new', shown.external_id,
       shown.product, greatest(0, coalesce(shown.quantity, 0)), shown.quantity, shown.quantity, '', shown.price,
       shown.price, shown.price, '', shown.quantity, shown.price, %(now)s, %(now)s
FROM unnest(%(skus)s::text[], %(networks)s::text[], %(quantities)s::int[], %(prices)s::numeric[], %(ids)s::text[],
            %(products)s::text[]) AS shown (sku, network, quantity, price, external_id, product)
LEFT JOIN catalog_product article ON article.sku = shown.sku
-- What neither the channel nor a count tells is not zero: such an offer waits for the first count.
WHERE shown.quantity IS NOT NULL OR shown.network = 'channel'
   OR EXISTS (SELECT FROM inventory_stock s WHERE s.product_id = article.id AND s.counted_at IS NOT NULL)
ON CONFLICT (channel_id, sku, network) DO NOTHING
RETURNING id, product_id, desired_quantity, shown_quantity
"""
_ADOPT = f"""WITH made AS ({_ADOPT}), seen AS (
    INSERT INTO offers_sighting (offer_id, at, quantity) SELECT id, %(now)s, shown_quantity FROM made
), decided AS ({_FIRST.format(4)})
SELECT product_id FROM made"""  # noqa: S608


@dataclass(frozen=True)
class Drift:
    """The channel shows something else than what we last put there: somebody else wrote."""

    sku: str
    what: str
    ours: str
    theirs: str


@dataclass
class Comparison:
    seen: int = 0
    adopted: int = 0
    drifts: list[Drift] = field(default_factory=list)


@transaction.atomic
def list_products(channel: Channel, product_ids: Sequence[int]) -> int:
    """Want these products on that channel, at their list price; the number of offers made."""
    made = execute(_LIST, {"channel": channel.pk, "products": list(product_ids), "now": clock.now()})
    resolve_rulings(product_ids)
    bring_lead_times_in_line(Scope.products(product_ids))
    recompute_desired(product_ids)
    return made


@transaction.atomic
def compare_with_channel(channel: Channel, listed: Sequence[ListedOffer]) -> Comparison:
    """Take one page of what the channel shows. What differs is wanted again at the next publication."""
    newest = {(offer.sku, offer.fulfilled_by): offer for offer in listed if offer.sku}
    values = _columns(channel, list(newest.values()))
    # `sent` becomes what is really there, so that the difference with `desired` is found and closed.
    few = with_sharers([row[0] for row in fetch(_FEW, values)])
    fetch(_LOCK, {**values, "few": few})
    rows = fetch(_COMPARE, values)
    adopted = [row[0] for row in fetch(_ADOPT, values)]
    # An offer may have been adopted before its article was known here.
    linked = [row[-1] for row in rows]
    resolve_rulings([pk for pk in (*adopted, *linked) if pk is not None])
    recompute_desired([pk for pk in (*few, *adopted, *linked) if pk is not None])
    drifts = []
    for (
        sku,
        state,
        quantity_differs,
        our_quantity,
        their_quantity,
        price_differs,
        our_price,
        their_price,
        _,
    ) in rows:
        if quantity_differs and state != "new":
            drifts.append(Drift(sku, "quantity", str(our_quantity), str(their_quantity)))
        if price_differs and state != "new":
            drifts.append(Drift(sku, "price", f"{our_price:f}", f"{their_price:f}"))
    return Comparison(len(listed), len(adopted), drifts)


def _columns(channel: Channel, listed: Sequence[ListedOffer]) -> dict[str, object]:
    return {
        "channel": channel.pk,
        "currency": channel.currency,
        "now": clock.now(),
        "skus": [offer.sku for offer in listed],
        "networks": [offer.fulfilled_by for offer in listed],
        "quantities": [offer.quantity for offer in listed],
        "prices": [offer.price for offer in listed],
        "ids": [offer.external_id for offer in listed],
        "products": [offer.external_product_id for offer in listed],
    }
