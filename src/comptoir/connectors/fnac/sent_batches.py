"""What was sent lately, kept in the channel's cache.

Two needs, both of the hours between a batch and its report: the items that were set aside before
sending must stand in the report, and an offer that is read back to be sent again whole must carry what
is still on its way instead of what Fnac shows until then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from comptoir.sdk.connector import Cache
from comptoir.sdk.records import Record, Verdict

LIST_KEY: Final = "fnac-batches"
KEPT_S: Final = 3 * 24 * 3600
ON_ITS_WAY: Final = timedelta(hours=2)
"""After that long Fnac shows what it took; a batch that takes longer is found by the nightly read."""
SETTLES: Final = timedelta(minutes=10)
"""Once its report is read, a batch is remembered for so long: what Fnac shows may come a little later."""


class Sent(Record, frozen=True, kw_only=True):
    """The price, quantity and days to ship sent for one SKU; None where the batch did not speak of it."""

    price: Decimal | None = None
    quantity: int | None = None
    time_to_ship: str | None = None


class Batch(Record, frozen=True, kw_only=True):
    sent: dict[str, Sent]
    set_aside: tuple[Verdict, ...]


class Listed(Record, frozen=True, kw_only=True):
    batch_id: str
    sent_at: datetime
    finished_at: datetime | None = None


class SentBatches:
    def __init__(self, cache: Cache, clock: Callable[[], datetime]) -> None:
        self._cache = cache
        self._clock = clock

    def remember(self, batch_id: str, sent: Mapping[str, Sent], set_aside: Sequence[Verdict]) -> None:
        self._keep(batch_id, Batch(sent=dict(sent), set_aside=tuple(set_aside)))
        self._keep_list([*self._listed(), Listed(batch_id=batch_id, sent_at=self._clock())])

    def set_aside(self, batch_id: str) -> tuple[Verdict, ...]:
        """The verdicts of the items that were not sent with this batch."""
        batch = self._batch(batch_id)
        return batch.set_aside if batch else ()

    def finish(self, batch_id: str, refused: Sequence[str]) -> None:
        """Its report is read. Of the refused SKUs, what Fnac shows is the truth again."""
        batch = self._batch(batch_id)
        if batch and not batch.sent.keys().isdisjoint(refused):
            left = {sku: sent for sku, sent in batch.sent.items() if sku not in set(refused)}
            self._keep(batch_id, Batch(sent=left, set_aside=batch.set_aside))
        now = self._clock()
        self._keep_list(
            [
                msgspec.structs.replace(one, finished_at=one.finished_at or now)
                if one.batch_id == batch_id
                else one
                for one in self._listed()
            ]
        )

    def on_their_way(self) -> dict[str, Sent]:
        """The last price and quantity sent per SKU in the batches that Fnac may not show yet."""
        latest: dict[str, Sent] = {}
        for listed in self._listed():
            batch = self._batch(listed.batch_id)
            for sku, sent in batch.sent.items() if batch else ():
                latest[sku] = _merged(latest.get(sku), sent)
        return latest

    def _listed(self) -> list[Listed]:
        kept = self._cache.get(LIST_KEY)
        listed = msgspec.json.decode(kept, type=list[Listed]) if kept else []
        return [one for one in listed if self._counts(one)]

    def _counts(self, one: Listed) -> bool:
        now = self._clock()
        settled = one.finished_at is not None and one.finished_at <= now - SETTLES
        return one.sent_at > now - ON_ITS_WAY and not settled

    def _keep_list(self, listed: list[Listed]) -> None:
        self._cache.set(LIST_KEY, msgspec.json.encode(listed), seconds=KEPT_S)

    def _batch(self, batch_id: str) -> Batch | None:
        kept = self._cache.get(f"fnac-batch-{batch_id}")
        return msgspec.json.decode(kept, type=Batch) if kept else None

    def _keep(self, batch_id: str, batch: Batch) -> None:
        self._cache.set(f"fnac-batch-{batch_id}", msgspec.json.encode(batch), seconds=KEPT_S)


def _merged(before: Sent | None, after: Sent) -> Sent:
    if before is None:
        return after
    return Sent(
        price=before.price if after.price is None else after.price,
        quantity=before.quantity if after.quantity is None else after.quantity,
        time_to_ship=before.time_to_ship if after.time_to_ship is None else after.time_to_ship,
    )
