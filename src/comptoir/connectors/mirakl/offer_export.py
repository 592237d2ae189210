"""The same for large shops: OF52 prepares files, OF53 says when they are there, OF54 gives them.

One full export a day is allowed. An export that takes long is found again under its number, which is
kept in the channel's cache, so that a reading that was given up does not cost the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.listing import Offer, parse_offer
from comptoir.sdk.connector import Cache
from comptoir.sdk.errors import RejectedRecord, TransientError, UnexpectedAnswer
from comptoir.sdk.records import ListedOffer

FROM_OFFERS = 5_000
"""Below this, fifty calls of OF21 are quicker than an export."""
EXPORT: dict[str, object] = {
    "export_type": "application/json",
    "include_inactive_offers": True,
    "items_per_chunk": 10_000,
}
_KEY = "mirakl:OF52"
_KEPT_S = 3_600
_WAIT_S = 12.0
"""OF53 may be asked every 10 seconds."""
_LOOKS = 25


class _Started(msgspec.Struct):
    tracking_id: str | None = None


class _Failure(msgspec.Struct):
    code: str | int | None = None
    detail: str | None = None


class _Export(msgspec.Struct):
    status: str
    urls: list[str] | None = None
    error: _Failure | None = None


class OfferExport:
    def __init__(self, client: MiraklClient, cache: Cache, sleep: Callable[[float], None]) -> None:
        self._client = client
        self._cache = cache
        self._sleep = sleep

    def start(self) -> str | None:
        """The number of the export; None where the marketplace has no such export, or had one today."""
        kept = self._cache.get(_KEY)
        if kept:
            return kept.decode()
        try:
            number = self._client.send("OF52", EXPORT).json(_Started).tracking_id
        except (RejectedRecord, TransientError):
            # Not offered here, or its daily turn is used: OF21 serves the same offers, more slowly.
            return None
        if not number:
            raise UnexpectedAnswer("OF52: the answer names no export.")
        self._cache.set(_KEY, number.encode(), seconds=_KEPT_S)
        return number

    def read(
        self, number: str, operator_centers: frozenset[str], now: datetime
    ) -> Iterator[Sequence[ListedOffer]]:
        for url in self._wait_for(number):
            offers = self._client.fetch("OF54", url).json(list[Offer])
            yield [parse_offer(offer, operator_centers, now) for offer in offers if not offer.deleted]
        self._cache.set(_KEY, b"", seconds=1)

    def _wait_for(self, number: str) -> Sequence[str]:
        for look in range(_LOOKS):
            if look:
                self._sleep(_WAIT_S)
            export = self._client.get("OF53", throttled=False, tracking_id=number).json(_Export)
            if export.status == "COMPLETED":
                return export.urls or ()
            if export.status == "FAILED":
                self._cache.set(_KEY, b"", seconds=1)
                failure = export.error or _Failure()
                raise TransientError(
                    f"OF53: the export failed: {failure.detail}", code=str(failure.code or "")
                )
            if export.status != "PENDING":
                raise UnexpectedAnswer(f"OF53: the export is {export.status!r}, which is not known.")
        raise TransientError("OF53: the export is not ready yet.", retry_after=timedelta(minutes=5))
