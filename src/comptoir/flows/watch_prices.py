"""channel ──the other sellers' offers on what we list──▶ pricing, in rotation within the channel's quotas

Each call's answer is kept before the next call: a limit in the middle loses nothing, and the next turn
goes on with what was looked at longest ago.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.pricing.competition import products_to_watch, record_competition
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import PriceWatch

EVERY = timedelta(minutes=15)
FRESH = timedelta(hours=1)
"""A product is not looked at again before that."""
PRODUCTS = 500
"""A turn: 48,000 a day, where the channel's own limits allow it."""
PER_CALL = 20


def has_unwatched(channel: Channel) -> bool:
    return bool(products_to_watch(channel, before=_stale(), limit=1))


@flow(label=N_("Watch competing prices"), every=EVERY, role=Role.MARKETPLACE, needs=(PriceWatch,),
      has_work=has_unwatched)  # fmt: skip
def watch_prices(execution: Execution) -> None:
    source: PriceWatch = execution.connection
    size = int(getattr(source, "watch_batch_size", PER_CALL))
    wanted = products_to_watch(execution.channel, before=_stale(), limit=PRODUCTS)
    for start in range(0, len(wanted), size):
        chunk = wanted[start : start + size]
        pages = source.competing_offers([one.ean for one in chunk])
        offers = [offer for page in pages for offer in page]
        refused = record_competition(execution.channel, chunk, offers, at=execution.now())
        execution.count("products", len(chunk))
        execution.count("offers", len(offers))
        execution.set_aside(refused, kind="competing_offer")


def _stale() -> datetime:
    return clock.now() - FRESH
