"""What each offer should show: computed in SQL for sets of products, in the transaction that moved stock.

Above the last units every pool shows the plain number, what the rules of quantity leave of what is available
(`publication`); at or below them the pools share what there is (`escrow`). One statement does both, notes
what the channel's own sales did to what it shows, and keeps each decision for who asks later (`explain`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.arrays import joined
from comptoir.core.bulk import execute, fetch, planned_once
from comptoir.inventory.availability import AVAILABLE
from comptoir.offers.escrow import LEAST_ESCROW
from comptoir.offers.kit_budgets import BUDGETED, HELD, Held, budgets_of
from comptoir.offers.last_units import SHARED
from comptoir.offers.publication import ENVELOPE_LEFT, PUBLISHED, UNCUT
from comptoir.offers.sharers import Sharers, find_sharers

# An offer that the channel had before us, of an article that nobody has counted yet: its stock is not known
# to be zero, it is not known. It keeps what the channel shows until a first count says how many there are.
_COUNTED = (
    "(SELECT FROM inventory_stock s WHERE s.product_id = {} AND (s.counted_at IS NOT NULL OR s.on_hand > 0))"
)
_UNCOUNTED = f"""(o.state = 'listed' AND o.quantity_confirmed_at IS NULL AND o.sent_quantity IS NOT NULL
    AND CASE WHEN article.is_kit THEN EXISTS (SELECT FROM catalog_kitcomponent part WHERE part.kit_id = article.id
                                              AND NOT EXISTS {_COUNTED.format("part.component_id")})
             ELSE NOT EXISTS {_COUNTED.format("article.id")} END)"""
FEW = 500
"""Products of one statement under which its plan is kept: planning takes longer than computing some dozens of them."""
MANY = 5_000
"""Products at once for which the server may take more memory."""
NONE = "{}"
"""An empty array of ids."""
MOST = 25_000
"""Products of one statement: what it sorts fits its memory, and ten times as many products take ten times as long."""
# What we think an offer shows where its exposure was never noted: the greatest value that we know of.
KNOWN = (
    "greatest(coalesce(o.sent_quantity, 0), coalesce(o.confirmed_quantity, 0), coalesce(o.shown_quantity, 0))"
)
EXPOSED = f"coalesce(o.exposed_quantity, {KNOWN})"
POSSIBLE = f"coalesce(o.possible_quantity, {KNOWN})"
# No write of it is under way, and the channel's orders were read since the last one ended.
SETTLED = "(o.quantity_submission_id IS NULL AND coalesce(o.exposed_at < channel.orders_read_at, o.exposed_at IS NULL))"
# After a sale the channel has lowered its own stock, unless our last figure reached it after the sale and
# wrote over that: then nobody knows what it shows, and the figure is sent again. For the last units the
# two clocks are not trusted to the minute.
_SURE = """(o.quantity_submission_id IS NULL AND o.sent_quantity IS NOT NULL AND coalesce(sale.first_at
    > o.quantity_confirmed_at + CASE WHEN o.in_escrow THEN interval '2 minutes' ELSE interval '0' END, false))"""
# The offers of last units, product by product whatever the server thinks of their number.
_OFFERS_OF_FEW = """
FROM scarce
CROSS JOIN LATERAL (SELECT scarce.product_id, scarce.there AS available) sellable
CROSS JOIN LATERAL (SELECT scarce.product_id AS id, scarce.is_kit, scarce.active) article
CROSS JOIN LATERAL (
    SELECT * FROM offers_offer WHERE product_id = scarce.product_id AND network = 'seller' OFFSET 0
) o
"""
_WITH_CHANNEL = """
JOIN channels_channel channel ON channel.id = o.channel_id
LEFT JOIN offers_ruling ruling ON ruling.id = o.ruling_id
"""
_NO_SALES = f"""
FROM offers_offer o JOIN sellable ON sellable.product_id = o.product_id
CROSS JOIN LATERAL (SELECT sellable.product_id AS id, sellable.is_kit, sellable.active) article
{_WITH_CHANNEL}
WHERE o.network = 'seller'
"""
_SENT = "o.sent_quantity AS sent"
_MAY_SHOW = f"{EXPOSED} AS exposed, {POSSIBLE} AS possible"
# The channels of one pool show one quantity: what sold on one is gone on all of them.
_SENT_AFTER = f"""
    CASE WHEN sale.units IS NULL THEN o.sent_quantity
         WHEN {_SURE} OR {_UNCOUNTED} THEN greatest(0, o.sent_quantity - sale.units) END AS sent
"""
_MAY_SHOW_AFTER = f"""
    CASE WHEN sale.units IS NOT NULL AND o.channel_id = %(channel)s
         THEN greatest(0, {EXPOSED} - sale.units) ELSE {EXPOSED} END AS exposed,
    CASE WHEN sale.units IS NOT NULL AND {_SURE}
         THEN greatest(0, {POSSIBLE} - sale.units) ELSE {POSSIBLE} END AS possible
"""
_SOLD = f"""
    {_MAY_SHOW_AFTER}, sale.units IS NOT NULL AS sold,
    CASE WHEN sale.units IS NOT NULL AND {_SURE} THEN greatest(0, o.confirmed_quantity - sale.units)
         ELSE o.confirmed_quantity END AS confirmed
"""
_SALE = "LEFT JOIN sale ON sale.sku = o.sku AND o.channel_id = ANY(%(members)s)"
_SALES = f"""
FROM offers_offer o
LEFT JOIN sellable ON sellable.product_id = o.product_id
LEFT JOIN catalog_product article ON article.id = o.product_id
{_WITH_CHANNEL}
{_SALE}
WHERE o.id = ANY(%(offers)s::bigint[])
"""
# What the rules leave to each offer, and to its pool. A paused offer and an inactive product show nothing.
# `OFFSET 0`: each column is computed once, however often it is named.
_PLAIN = """
    SELECT *, coalesce(min(own) FILTER (WHERE own > 0) OVER (PARTITION BY product_id, pool), 0) AS plain FROM (
        SELECT *, CASE stop WHEN 0 THEN {published} WHEN 4 THEN sent ELSE 0 END AS own FROM (
            SELECT o.id, o.product_id, channel.stock_pool AS pool, o.in_escrow, {sent},
                   channel.state = 'active' AND NOT channel.stock_stopped AS active, {stop} AS stop,
                   sellable.available::int AS available, {uncut} AS uncut, ruling.minimum, ruling.always, {columns}
            {offers}
            OFFSET 0
        ) seen OFFSET 0
    ) offer
"""
# « Always available » promises units that are not there: nothing can be shared out of them.
_OF_FEW = f"""channel.escrow AND ruling.always IS NULL AND ({_UNCOUNTED}) IS NOT TRUE AS escrow,
    o.quantity_submission_id IS NOT NULL AS busy, {SETTLED} AS settled, o.daily_sales,
    o.quantity_error <> '' OR (o.state = 'new' AND (o.desired_price < o.floor_price) IS NOT FALSE) AS stuck"""
_OF_ALL = f"""o.desired_quantity AS before, sellable.product_id IS NULL AS unknown, o.stop AS stopped,
    channel.stock_buffer AS kept_back, channel.stock_limit AS most, {ENVELOPE_LEFT} AS envelope_left, o.ruling_id,
    o.changed_at"""
# Of the last units, nothing is kept for an offer that cannot be created or that the channel refuses, nor more than it
# has for a channel that is not active. Few products are down to them: their offers are read apart, with all that
# sharing asks for, and the many with no more than they need.
_STATEMENT = """
WITH {sale} sellable AS ({available}),
scarce AS (
    SELECT sellable.product_id, sellable.available::int AS available, coalesce(few.in_flight, 1) AS in_flight,
           sellable.available AS there, sellable.is_kit, sellable.active
    FROM sellable LEFT JOIN offers_lastunits few ON few.product_id = sellable.product_id
    WHERE sellable.available <= coalesce(few.escrow_units, {least})
),
base AS (
    SELECT id, product_id, pool, escrow, in_escrow, settled, exposed, possible, coalesce(daily_sales, 0) AS daily_sales,
           CASE WHEN stuck THEN 0 WHEN active THEN plain ELSE least(plain, coalesce(sent, 0)) END AS plain,
           busy OR NOT active AS busy, {fuzzy} AS fuzzy,
           CASE WHEN {fuzzy} THEN NULL ELSE sent END AS sent
    FROM ({plain_of_few}) few
), {shared},
kept AS (
    SELECT base.id, base.fuzzy, shared.quantity, shared.at_stake FROM base JOIN shared USING (product_id, pool)
    WHERE base.escrow
),
wanted AS (
    SELECT plain.*, coalesce(kept.fuzzy, false) AS fuzzy, kept.at_stake,
           CASE WHEN plain.unknown THEN plain.before
                WHEN plain.active THEN coalesce(kept.quantity, plain.plain)
                -- Nothing can be sent there now; the day that it can, no more than there is.
                ELSE least(kept.quantity, plain.plain) END AS quantity,
           CASE WHEN plain.unknown THEN plain.in_escrow ELSE kept.id IS NOT NULL END AS few
    FROM ({plain}) plain LEFT JOIN kept ON kept.id = plain.id
    OFFSET 0
),
-- All of them are locked: what they are here is what they are when they are written.
decided AS (
    SELECT id, quantity, available, kept_back, most, envelope_left, stop, few, at_stake, ruling_id,
           CASE WHEN NOT fuzzy THEN sent END AS sent,
           CASE WHEN before <> quantity THEN %(now)s ELSE changed_at END AS changed_at{of_sales}
    FROM wanted WHERE before <> quantity OR in_escrow <> few OR stopped <> stop OR fuzzy{or_sold}
    ORDER BY id
),
written AS (
    UPDATE offers_offer o SET desired_quantity = decided.quantity, in_escrow = decided.few, stop = decided.stop,
        changed_at = decided.changed_at, sent_quantity = decided.sent{after}
    FROM decided WHERE o.id = decided.id{near}
)
INSERT INTO offers_decision (offer_id, at, quantity, available, kept_back, most, envelope_left, stop, few, at_stake,
                             ruling_id, sent)
SELECT id, %(now)s, quantity, available, kept_back, most, envelope_left, stop, few, at_stake, ruling_id, sent
FROM decided
"""
# `publication.Stop`. What was never counted and is promised all the same needs no count.
_STOP = f"""CASE WHEN o.state = 'paused' THEN 1 WHEN NOT article.active THEN 2 WHEN NOT channel.publishes THEN 3
                WHEN ruling.always IS NULL AND {_UNCOUNTED} THEN 4 ELSE 0 END"""
# Settled, and the channel may still show more than we think: what we think is forgotten, and written again.
_FUZZY = "(settled AND active AND NOT stuck AND sent IS NOT NULL AND least(exposed, possible) > sent)"


# Said twice, or the server reads all offers there are to write one in ten of them.
_NEAR = " AND o.id = ANY(ARRAY(SELECT id FROM decided))"


def _statement(
    *, offers: str, sent: str, may_show: str, with_sale: str = "", sale: str = "", sold: str = "", of_sales: str = "",
    after: str = "", near: str = _NEAR,
) -> str:  # fmt: skip
    def plain(offers: str, columns: str) -> str:
        return _PLAIN.format(
            offers=offers, sent=sent, columns=columns, stop=_STOP, uncut=UNCUT, published=PUBLISHED
        )

    of_few = _OFFERS_OF_FEW + _WITH_CHANNEL + with_sale
    return _STATEMENT.format(
        sale=sale, available=AVAILABLE, least=LEAST_ESCROW, fuzzy=_FUZZY, shared=SHARED.strip(), near=near,
        plain=plain(offers, _OF_ALL + sold), plain_of_few=plain(of_few, f"{_OF_FEW}, {may_show}"),
        or_sold=" OR sold" if sold else "", of_sales=of_sales, after=after,
    )  # fmt: skip


_RECOMPUTE = _statement(offers=_NO_SALES, sent=_SENT, may_show=_MAY_SHOW)
_RECOMPUTE_MOST = _statement(offers=_NO_SALES, sent=_SENT, may_show=_MAY_SHOW, near="")
_AFTER_SALES = _statement(
    sale="""sale AS (SELECT * FROM unnest(%(skus)s::text[], %(units)s::int[], %(first)s::timestamptz[])
         AS sale (sku, units, first_at)),""",
    offers=_SALES, with_sale=_SALE, sent=_SENT_AFTER, may_show=_MAY_SHOW_AFTER, sold=f", {_SOLD}",
    near=" AND o.id = ANY(%(offers)s::bigint[])",
    of_sales=", confirmed, exposed, possible, sold",
    after=""", confirmed_quantity = decided.confirmed,
    exposed_quantity = CASE WHEN decided.sold THEN decided.exposed ELSE o.exposed_quantity END,
    possible_quantity = CASE WHEN decided.sold THEN decided.possible ELSE o.possible_quantity END""",
)  # fmt: skip


def recompute_desired(product_ids: Sequence[int]) -> int:
    """Offers whose desired quantity changed."""
    if not product_ids:
        return 0
    sharers = find_sharers(product_ids)
    products = sharers.products
    if len(products) >= MANY:
        execute("SET LOCAL work_mem = '128MB'")  # until the transaction ends: nothing is sorted on disk
    if sharers.kits:
        return _write_with_kits(sharers, _RECOMPUTE if len(products) < MOST else _RECOMPUTE_MOST, {})
    _lock_offers(products, [], [])
    now = clock.now()
    if len(products) < FEW:
        with planned_once():
            return execute(_RECOMPUTE, {"products": products, "now": now})
    parts = (joined(products[first : first + MOST]) for first in range(0, len(products), MOST))
    return sum(execute(_RECOMPUTE, {"products": part, "now": now}) for part in parts)


# Never both conditions in one OR, which looks each row up in the whole list of products.
_LOCK = """SELECT count(*) FROM (SELECT id FROM offers_offer WHERE product_id = ANY(%s) AND network = 'seller'
                                 ORDER BY id FOR NO KEY UPDATE) locked"""
_LOCK_SALES = """SELECT array_agg(id)::text FROM (SELECT id FROM offers_offer WHERE id = ANY(ARRAY(
    SELECT id FROM offers_offer WHERE product_id = ANY(%s) AND network = 'seller'
    UNION SELECT id FROM offers_offer WHERE channel_id = ANY(%s) AND sku = ANY(%s) AND network = 'seller'))
    ORDER BY id FOR NO KEY UPDATE) locked"""


def _lock_offers(product_ids: Sequence[int], channel_ids: Sequence[int], skus: Sequence[str]) -> str:
    """All that the transaction will write, in the order of their ids, as every writer of offers does. Their ids after
    sales, as the array that their statement asks for; without sales they are only counted, being many at times.

    Before computing, on purpose: a kit's offers may wait here for a worker that sells another component,
    and the statement that computes then sees what that worker did.
    """
    products = joined(product_ids)
    if skus:
        return fetch(_LOCK_SALES, [products, list(channel_ids), list(skus)])[0][0] or NONE
    fetch(_LOCK, [products])
    return NONE


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
    members = pool_members(channel)
    # A sale that reserves nothing (ended before we saw it) changes what its channel shows all the same.
    theirs = fetch(
        "SELECT DISTINCT product_id FROM offers_offer WHERE channel_id = %s AND sku = ANY(%s) AND in_escrow",
        [channel.pk, sorted(units)],
    )
    touched = {*product_ids, *(row[0] for row in theirs if row[0] is not None)}
    values |= {"channel": channel.pk, "members": members}
    sharers = find_sharers(sorted(touched))
    if sharers.kits:
        return _write_with_kits(sharers, _AFTER_SALES, values)
    offers = _lock_offers(sharers.products, members, sorted(units))
    return execute(
        _AFTER_SALES, {**values, "products": sharers.products, "offers": offers, "now": clock.now()}
    )


@transaction.atomic
def _write_with_kits(sharers: Sharers, statement: str, values: dict[str, Any]) -> int:
    """Articles and the kits that take them: what each may have of the last units is divided first (`kit_sharing`)."""
    sharers, offers = _lock_sharers(sharers, values.get("members", []), values.get("skus", []))
    values = {**values, "products": sharers.products, "offers": offers, "now": clock.now(),
              "shared": sharers.in_families, "budgeted": [], "budgets": []}  # fmt: skip
    if sharers.families:
        # Only who shares is read first, however many are written.
        asked = {**values, "products": sharers.in_families}
        held = [Held(*row) for row in fetch(HELD.of(statement), asked)]
        budgets = budgets_of(sharers.families, held)
        values |= {"budgeted": list(budgets), "budgets": list(budgets.values())}
    return execute(BUDGETED.of(statement), values)


def _lock_sharers(sharers: Sharers, channel_ids: Sequence[int], skus: Sequence[str]) -> tuple[Sharers, str]:
    """Their offers locked (`_lock_offers`). An article that became scarce while this waited brings more: what is locked
    is given back, and all of it locked anew in its order."""
    while True:
        point = transaction.savepoint()
        offers = _lock_offers(sharers.products, channel_ids, sorted(skus))
        now = find_sharers(sharers.products)
        if set(now.products) <= set(sharers.products):
            transaction.savepoint_commit(point)
            return now, offers
        transaction.savepoint_rollback(point)
        sharers = now


def pool_members(channel: Channel) -> list[int]:
    return list(
        Channel.objects.filter(stock_pool=channel.stock_pool).order_by("id").values_list("id", flat=True)
    )
