"""What became of the changes that were sent.

A feed is judged by its report, message by message. A PATCH that was ACCEPTED is judged by the listing
itself, read back twenty at a time: `ACCEPTED` only means that Amazon will try.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from comptoir.connectors.amazon.client import AmazonClient, Params
from comptoir.connectors.amazon.feeds import Feed, read_feed, read_report
from comptoir.connectors.amazon.listing_reports import (
    ListingItem,
    feed_verdicts,
    parse_feed_report,
    rejection,
)
from comptoir.connectors.amazon.payload import Payload
from comptoir.connectors.amazon.sent import SentItem, SentMemory
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.records import Outcome, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState

# Users see a PATCH take effect within minutes; after this, it is sent again.
PATIENCE = timedelta(minutes=15)
_LOOK_AGAIN_S = 30.0
_PAGE = 20
_NOT_ALL = "not all of it took effect: it is sent again"
_FORGOTTEN = "what was sent is no longer known here: it is sent again"


class _Search(Payload, frozen=True, kw_only=True):
    items: list[ListingItem]


class SubmissionLooker:
    def __init__(self, settings: AmazonSettings, context: Context, client: AmazonClient) -> None:
        self._settings = settings
        self._context = context
        self._client = client
        self._memory = SentMemory(context.cache)

    def read(self, external_id: str) -> SubmissionReport:
        way, _, name = external_id.partition("-")
        return self._feed(external_id, name) if way == "feed" else self._patches(external_id)

    def _feed(self, external_id: str, feed_id: str) -> SubmissionReport:
        feed = read_feed(self._client, feed_id)
        if not feed.is_final:
            return SubmissionReport(state=ImportState.PENDING, retry_after_s=_LOOK_AGAIN_S)
        if self._memory.open_feed() == feed_id:
            self._memory.set_open_feed("")
        if feed.processing_status != "DONE":
            return SubmissionReport(state=ImportState.FAILED, message=self._why(feed))
        sent = self._memory.find(external_id)
        report = parse_feed_report(read_report(self._client, feed) or b"{}")
        verdicts = feed_verdicts(report, [item.sku for item in sent.items] if sent else [])
        return SubmissionReport(
            state=ImportState.COMPLETE, verdicts=(*(sent.verdicts if sent else ()), *verdicts)
        )

    def _why(self, feed: Feed) -> str:
        """Amazon's own words for a feed that failed whole, where it has any."""
        words = read_report(self._client, feed)[:2000].decode("utf-8", "replace")
        return f"{feed.processing_status} {words}".strip()

    def _patches(self, external_id: str) -> SubmissionReport:
        sent = self._memory.find(external_id)
        if sent is None:
            return SubmissionReport(state=ImportState.FAILED, message=_FORGOTTEN)
        shown = {item.sku: item for page in self._listings(sent.items) for item in page}
        judged = [self._judge(item, shown.get(item.sku), sent.at) for item in sent.items]
        waiting = any(verdict.outcome is Outcome.UNKNOWN for verdict in judged)
        if waiting and self._context.clock() - sent.at < PATIENCE:
            return SubmissionReport(state=ImportState.PENDING, retry_after_s=_LOOK_AGAIN_S)
        if waiting:
            # The values are absolute: sending all of them again is right, and needs no bookkeeping.
            return SubmissionReport(state=ImportState.FAILED, message=_NOT_ALL)
        return SubmissionReport(state=ImportState.COMPLETE, verdicts=(*sent.verdicts, *judged))

    def _listings(self, items: Sequence[SentItem]) -> Iterator[list[ListingItem]]:
        for start in range(0, len(items), _PAGE):
            params: Params = {
                "marketplaceIds": [self._settings.marketplace.id],
                "identifiersType": "SKU",
                "identifiers": [item.sku for item in items[start : start + _PAGE]],
                "includedData": ["summaries", "issues", "offers", "fulfillmentAvailability"],
                "issueLocale": self._settings.marketplace.locale,
                "pageSize": _PAGE,
            }
            path = f"/listings/2021-08-01/items/{self._settings.seller_id}"
            yield self._client.get("searchListingsItems", path, params).json(_Search).items

    def _judge(self, sent: SentItem, shown: ListingItem | None, at: datetime) -> Verdict:
        """UNKNOWN: the listing does not show it yet."""
        if self._took_effect(sent, shown, at):
            return Verdict(key=sent.sku, outcome=Outcome.DONE)
        errors = [i for i in (shown.issues if shown else None) or () if i.is_error and i.concerns_us]
        if errors:
            return rejection(sent.sku, errors)
        return Verdict(key=sent.sku, outcome=Outcome.UNKNOWN, message="not yet shown by Amazon")

    def _took_effect(self, sent: SentItem, shown: ListingItem | None, at: datetime) -> bool:
        if shown is None or sent.deleted:
            return shown is None and sent.deleted
        place = self._settings.marketplace.id
        if sent.price is not None and shown.price(place) != sent.price:
            return False
        if sent.quantity is None or shown.quantity() == sent.quantity:
            return True
        # A buyer may already have taken some of what we sent: then the listing is younger than our call.
        summary = shown.summary(place)
        updated = summary.last_updated_date if summary else None
        quantity = shown.quantity()
        return bool(updated and updated >= at and quantity is not None and quantity < sent.quantity)
