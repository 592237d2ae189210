"""What Amazon says of a listing that we changed: feed reports, submissions, issues. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from comptoir.connectors.amazon.payload import Money, Payload
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import Outcome, Verdict

# An issue on anything else (an image, a missing description) does not concern our change.
_OUR_ATTRIBUTES = ("fulfillment_availability", "purchasable_offer", "condition_type", "merchant_s")


class Issue(Payload, frozen=True, kw_only=True):
    code: str | None = None
    message: str | None = None
    severity: str | None = None
    message_id: int | None = None
    sku: str | None = None
    attribute_names: list[str] | None = None
    attribute_name: str | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == "ERROR"

    @property
    def names(self) -> tuple[str, ...]:
        return (*(self.attribute_names or ()), *([self.attribute_name] if self.attribute_name else ()))

    @property
    def concerns_us(self) -> bool:
        return not self.names or any(name.startswith(_OUR_ATTRIBUTES) for name in self.names)


class Submitted(Payload, frozen=True, kw_only=True):
    """The answer to PUT, PATCH and DELETE."""

    status: str | None = None
    submission_id: str | None = None
    issues: list[Issue] | None = None


class Summary(Payload, frozen=True, kw_only=True):
    marketplace_id: str | None = None
    asin: str | None = None
    status: list[str] | None = None
    last_updated_date: datetime | None = None


class ShownOffer(Payload, frozen=True, kw_only=True):
    marketplace_id: str | None = None
    offer_type: str | None = None
    price: Money | None = None


class Availability(Payload, frozen=True, kw_only=True):
    fulfillment_channel_code: str | None = None
    quantity: int | None = None


class ListingItem(Payload, frozen=True, kw_only=True):
    sku: str
    summaries: list[Summary] | None = None
    issues: list[Issue] | None = None
    offers: list[ShownOffer] | None = None
    fulfillment_availability: list[Availability] | None = None

    def summary(self, place: str) -> Summary | None:
        return next((s for s in self.summaries or () if s.marketplace_id == place), None)

    def quantity(self) -> int | None:
        shown = self.fulfillment_availability or ()
        return next((a.quantity for a in shown if a.fulfillment_channel_code == "DEFAULT"), None)

    def price(self, place: str) -> Decimal | None:
        for offer in self.offers or ():
            if offer.marketplace_id == place and offer.offer_type in (None, "B2C") and offer.price:
                return offer.price.amount
        return None


class FeedReport(Payload, frozen=True, kw_only=True):
    issues: list[Issue] | None = None
    items: list[ListingItem] | None = None


def parse_feed_report(content: bytes) -> FeedReport:
    try:
        return msgspec.json.decode(content, type=FeedReport, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnexpectedAnswer(f"the feed's report cannot be read: {error}") from error


def feed_verdicts(report: FeedReport, skus: Sequence[str]) -> tuple[Verdict, ...]:
    """REJECTED for what the report refuses; `skus` in the order of their message numbers, from 1."""
    found: dict[str, list[Issue]] = {}
    for issue in report.issues or ():
        if issue.is_error and (sku := _sku_of(issue, skus)):
            found.setdefault(sku, []).append(issue)
    for item in report.items or ():
        errors = [issue for issue in item.issues or () if issue.is_error and issue.concerns_us]
        if errors:
            found.setdefault(item.sku, []).extend(errors)
    return tuple(rejection(sku, issues) for sku, issues in found.items())


def rejection(sku: str, issues: Iterable[Issue]) -> Verdict:
    issues = list(issues)
    words = dict.fromkeys(issue.message or issue.code or "" for issue in issues)
    code = next((issue.code for issue in issues if issue.code), "")
    return Verdict(key=sku, outcome=Outcome.REJECTED, code=code, message=" ".join(words))


def _sku_of(issue: Issue, skus: Sequence[str]) -> str:
    if issue.message_id is not None and 1 <= issue.message_id <= len(skus):
        return skus[issue.message_id - 1]
    return issue.sku or ""
