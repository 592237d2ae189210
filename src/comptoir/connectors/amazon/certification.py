"""Looks on a real account at what this connector only assumes. Nothing is written there.

One refused call is a finding of its own and stops none of the others. Grades: D, documented by Amazon and
never seen by us; A, an assumption of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from comptoir.connectors.amazon.client import AmazonClient, Params
from comptoir.connectors.amazon.marketplaces import BY_ID
from comptoir.connectors.amazon.order_cursor import OrderCursor
from comptoir.connectors.amazon.order_sweep import OrderSweep
from comptoir.connectors.amazon.payload import Payload
from comptoir.connectors.amazon.profile import ask_participations, secret_warnings
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.connectors.amazon.tokens import NOTIFICATIONS_SCOPE
from comptoir.sdk.certification import Check, Finding
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.records import Order, Rejected
from comptoir.sdk.statuses import OrderStatus

_SAMPLE = timedelta(days=7)


class _Listing(Payload, frozen=True, kw_only=True):
    sku: str
    fulfillment_availability: list[dict[str, object]] | None = None


class _Listings(Payload, frozen=True, kw_only=True):
    items: list[_Listing]


class Certifier:
    def __init__(self, client: AmazonClient, settings: AmazonSettings, context: Context) -> None:
        self._client = client
        self._settings = settings
        self._context = context

    def run(self) -> Iterator[Check]:
        looks: Sequence[tuple[str, Callable[[], Iterator[Check]]]] = (
            ("marketplaces of the account", self._places),
            ("orders", self._orders),
            ("listings", self._listings),
            ("scope of the notifications", self._notifications),
        )
        for subject, look in looks:
            try:
                yield from look()
            except ConnectorError as error:
                words = f"{error.code} {error.message}".strip()
                yield Check(subject=subject, evidence="D", finding=Finding.DIFFERS, detail=words)

    def _places(self) -> Iterator[Check]:
        found = ask_participations(self._client, self._context)
        unknown = [one.marketplace.id for one in found if one.marketplace.id not in BY_ID]
        yield _check("every marketplace is known here", "D", not unknown, ", ".join(unknown))
        money = [
            f"{one.marketplace.id} {one.marketplace.default_currency_code}"
            for one in found
            if (place := BY_ID.get(one.marketplace.id))
            and one.marketplace.default_currency_code not in ("", place.currency)
        ]
        yield _check("their currencies are those we know", "D", not money, ", ".join(money))
        warnings = secret_warnings(self._settings.secret_date, _today(self._context.clock()))
        yield _check("the client secret has more than 60 days", "D", not warnings, " ".join(warnings))

    def _orders(self) -> Iterator[Check]:
        now = self._context.clock()
        sweep = OrderSweep(self._client, timedelta(minutes=self._settings.overlap_minutes))
        start = OrderCursor(after=now - _SAMPLE, places=(self._settings.marketplace.id,))
        page = next(sweep.pages(start, now))  # the first page alone: the quota is a sweep each three minutes
        orders, refused = page.orders, page.rejected
        yield _seen("every order can be read", "D", (*orders, *refused), [_why(one) for one in refused])
        strange = [o.external_status for o in orders if o.status is OrderStatus.UNKNOWN]
        yield _seen("every status is known", "D", orders, strange)
        wrong = [o.external_id for o in orders if o.warnings or not _adds_up(o)]
        yield _seen("proceeds.breakdowns add up to the total", "A", orders, wrong)
        ready = [o for o in orders if o.status is OrderStatus.TO_SHIP and o.lines[0].fulfilled_by == "seller"]
        bare = [o.external_id for o in ready if o.shipping_address is None]
        yield _seen("addresses are given (role Direct-to-Consumer Delivery)", "D", ready, bare)

    def _listings(self) -> Iterator[Check]:
        params: Params = {
            "marketplaceIds": [self._settings.marketplace.id],
            "includedData": ["fulfillmentAvailability"],
            "pageSize": 20,
        }
        path = f"/listings/2021-08-01/items/{self._settings.seller_id}"
        items = self._client.get("searchListingsItems", path, params).json(_Listings).items
        bare = [item.sku for item in items if item.fulfillment_availability is None]
        yield _seen("listings tell their quantity", "D", items, bare)

    def _notifications(self) -> Iterator[Check]:
        self._client.get("getDestinations", "/notifications/v1/destinations", scope=NOTIFICATIONS_SCOPE)
        yield _check("the application may ask for notifications", "D", True)


def _adds_up(order: Order) -> bool:
    lines = sum(line.amount + line.shipping_amount - line.discount_amount for line in order.lines)
    return abs(lines + order.tax_amount - order.total_amount) <= 0.01


def _why(refused: Rejected) -> str:
    return f"{refused.external_id}: {refused.message}"


def _today(now: datetime) -> date:
    return now.date()


def _check(subject: str, evidence: str, holds: bool, detail: str = "") -> Check:
    finding = Finding.CONFIRMED if holds else Finding.DIFFERS
    return Check(subject=subject, evidence=evidence, finding=finding, detail="" if holds else detail)


def _seen(subject: str, evidence: str, sample: Sequence[object], wrong: Sequence[str]) -> Check:
    if not sample:
        return Check(subject=subject, evidence=evidence, finding=Finding.UNSEEN)
    return _check(f"{subject} ({len(sample)} seen)", evidence, not wrong, ", ".join(wrong[:10]))
