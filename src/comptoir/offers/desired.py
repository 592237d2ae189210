"""What each offer should show: computed in SQL for sets of products, in the transaction that moved stock.

Above the last units every pool shows the plain number, what the rules of quantity leave of what is available
(`publication`); at or below them the pools share what there is (`escrow`). One statement does both (`desired_sql`),
notes what the channel's own sales did to what it shows, and keeps each decision for who asks later (`explain`).
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
from comptoir.offers.desired_sql import AFTER_SALES, RECOMPUTE, RECOMPUTE_MOST
from comptoir.offers.kit_budgets import BUDGETED, HELD, Held, budgets_of
from comptoir.offers.sharers import Sharers, find_sharers

FEW = 500
"""Products of one statement under which its plan is kept: planning takes longer than computing some dozens of them."""
MANY = 5_000
"""Products at once for which the server may take more memory."""
NONE = "{}"
"""An empty array of ids."""
MOST = 25_000
"""Products of one statement: what it sorts fits its memory, and ten times as many products take ten times as long."""


def recompute_desired(product_ids: Sequence[int]) -> int:
    """Offers whose desired quantity changed."""
    if not product_ids:
        return 0
    sharers = find_sharers(product_ids)
    products = sharers.products
    if len(products) >= MANY:
        execute("SET LOCAL work_mem = '128MB'")  # until the transaction ends: nothing is sorted on disk
    if sharers.kits:
        return _write_with_kits(sharers, RECOMPUTE if len(products) < MOST else RECOMPUTE_MOST, {})
    _lock_offers(products, [], [])
    now = clock.now()
    if len(products) < FEW:
        with planned_once():
            return execute(RECOMPUTE, {"products": products, "now": now})
    parts = (joined(products[first : first + MOST]) for first in range(0, len(products), MOST))
    return sum(execute(RECOMPUTE, {"products": part, "now": now}) for part in parts)


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
        return _write_with_kits(sharers, AFTER_SALES, values)
    offers = _lock_offers(sharers.products, members, sorted(units))
    return execute(
        AFTER_SALES, {**values, "products": sharers.products, "offers": offers, "now": clock.now()}
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
