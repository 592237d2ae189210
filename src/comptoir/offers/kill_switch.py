"""The kill switch of a channel: a person stops what leaves for it, at once, and lets it leave again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from comptoir.channels.models import Channel
from comptoir.core.bulk import fetch
from comptoir.journal.audit import record_change
from comptoir.journal.models import Change
from comptoir.offers.price_guard import STEP_HOLDS

SHOWN = 20
_PRICES = f"""
FROM (SELECT *, desired_price >= floor_price AND desired_price > 0 AND foreign_price IS NULL AND {STEP_HOLDS} AS goes
      FROM offers_offer
      WHERE channel_id = %(channel)s AND state <> 'new' AND desired_price IS NOT NULL
        AND desired_price IS DISTINCT FROM sent_price AND price_submission_id IS NULL
        AND id IN (SELECT offer_id FROM offers_waiting WHERE channel_id = %(channel)s AND kind = 'price')) waiting
"""  # noqa: S608 - our own text
_QUANTITIES = """
FROM offers_offer WHERE channel_id = %(channel)s AND state <> 'new' AND network = 'seller'
 AND desired_quantity IS DISTINCT FROM sent_quantity AND quantity_submission_id IS NULL
 AND id IN (SELECT offer_id FROM offers_waiting WHERE channel_id = %(channel)s AND kind = 'quantity')
"""
_NEW = """
SELECT count(*) FROM offers_offer WHERE channel_id = %(channel)s AND state = 'new' AND quantity_error = ''
 AND desired_price >= floor_price AND desired_price > 0 AND NOT barred
"""


@dataclass(frozen=True)
class Stopped:
    channel: Channel
    by: str
    at: datetime | None


@dataclass(frozen=True)
class WaitingPrice:
    sku: str
    currency: str
    sent: Decimal | None
    desired: Decimal


@dataclass(frozen=True)
class WaitingQuantity:
    sku: str
    sent: int | None
    desired: int


@dataclass(frozen=True)
class Waiting:
    """What would leave at the next publication, were nothing stopped."""

    prices: int
    held_back: int
    """Prices that would not leave all the same: under their floor, or too far."""
    quantities: int
    new_offers: int
    first_prices: list[WaitingPrice]
    """Those that move the most."""
    first_quantities: list[WaitingQuantity]


@transaction.atomic
def stop_writes(channel: Channel, *, prices: bool, stock: bool, actor: str) -> None:
    """What shall not leave from now on; False lets it leave. Whole offers need both.

    What was claimed before is on its way. Differences stay differences: they are closed once it may leave
    again. Stopping the stock stops what protects from overselling: the other channels still count with all
    that this one may sell.
    """
    known = Channel.objects.select_for_update().get(pk=channel.pk)
    before = {"prices_stopped": known.prices_stopped, "stock_stopped": known.stock_stopped}
    after = {"prices_stopped": prices, "stock_stopped": stock}
    if before != after:
        Channel.objects.filter(pk=channel.pk).update(**after)
        record_change(
            actor=actor, action="channel.kill_switch", subject_kind="channel", subject=channel.key,
            before=before, after=after,
        )  # fmt: skip
    channel.prices_stopped, channel.stock_stopped = prices, stock


def stopped_channels(among: QuerySet[Channel]) -> list[Stopped]:
    """Channels for which a person stopped something, with who and when."""
    found = list(among.filter(Q(prices_stopped=True) | Q(stock_stopped=True)))
    said = Change.objects.filter(
        action="channel.kill_switch", subject_kind="channel", subject__in=[channel.key for channel in found]
    ).order_by("subject", "-id")
    last = {change.subject: change for change in said.distinct("subject")}
    return [
        Stopped(channel, last[channel.key].actor, last[channel.key].at)
        if channel.key in last
        else Stopped(channel, "", None)
        for channel in found
    ]


def what_waits(channel: Channel) -> Waiting:
    values = {"channel": channel.pk, "shown": SHOWN}
    prices, going = fetch(f"SELECT count(*), count(*) FILTER (WHERE goes) {_PRICES}", values)[0]
    first = fetch(
        f"""SELECT sku, currency, sent_price, desired_price {_PRICES} WHERE goes
            ORDER BY abs(desired_price / nullif(sent_price, 0) - 1) DESC NULLS FIRST, id LIMIT %(shown)s""",
        values,
    )
    quantities = fetch(f"SELECT count(*) {_QUANTITIES}", values)[0][0]
    rows = fetch(
        f"SELECT sku, sent_quantity, desired_quantity {_QUANTITIES} ORDER BY id LIMIT %(shown)s", values
    )
    return Waiting(
        prices=going, held_back=prices - going, quantities=quantities, new_offers=fetch(_NEW, values)[0][0],
        first_prices=[WaitingPrice(*row) for row in first], first_quantities=[WaitingQuantity(*row) for row in rows],
    )  # fmt: skip
