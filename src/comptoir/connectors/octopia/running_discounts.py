"""The discounts that we wrote and that have not ended: a new price must keep above its floor under them too.

No answer of Octopia tells a running discount, so what was written is remembered until its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from comptoir.connectors.octopia.xml_discounts import lowest_price, read_discount
from comptoir.sdk.connector import Cache
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import OfferDraft, PriceUpdate

_KEY = "memory:octopia:discounts"
_A_YEAR_S = 366 * 86_400


class _Running(msgspec.Struct, frozen=True):
    percent: Decimal
    end: datetime


class RunningDiscounts:
    def __init__(self, cache: Cache, clock: Callable[[], datetime]) -> None:
        self._cache = cache
        self._clock = clock

    def check(self, updates: Sequence[PriceUpdate]) -> None:
        """RejectedRecord for the first price that a running discount may take below its floor."""
        running = self._running()
        for update in updates:
            found = running.get(update.sku)
            lowest = update.price if found is None else lowest_price(update.price, found.percent)
            if found is not None and (lowest <= 0 or lowest < update.floor):
                words = (
                    f"Until {found.end:%Y-%m-%d} a discount may make it {lowest:.2f}, below {update.floor}."
                )
                raise RejectedRecord(words, record_id=update.sku, code="floor")

    def remember(self, drafts: Iterable[OfferDraft]) -> None:
        """Before they are written: one too many refuses a price, one too few would sell below the floor."""
        fresh = {
            draft.sku: _Running(discount.percent, discount.end)
            for draft in drafts
            if (discount := read_discount(draft)) and discount.percent is not None
        }
        if fresh:
            running = self._running()
            for sku in fresh.keys() & running.keys():
                # Two of one article: the deeper of them, until both have ended.
                old, new = running[sku], fresh[sku]
                fresh[sku] = _Running(max(old.percent, new.percent), max(old.end, new.end))
            self._cache.set(_KEY, msgspec.json.encode(running | fresh), seconds=_A_YEAR_S)

    def _running(self) -> dict[str, _Running]:
        kept = self._cache.get(_KEY)
        found = msgspec.json.decode(kept, type=dict[str, _Running]) if kept else {}
        return {sku: one for sku, one in found.items() if one.end > self._clock()}
