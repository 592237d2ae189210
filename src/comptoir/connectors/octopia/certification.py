"""Looks on a real account at everything that this connector assumes. Nothing is written there.

Each check names its subject, how sure we were (the grades of the README) and what the account shows:
confirmed, differs, or unseen where the account has nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from comptoir.connectors.octopia.certified_fields import missing_fields, unknown_fields
from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.conversations import DiscussionPayload
from comptoir.connectors.octopia.listing import OfferPayload
from comptoir.connectors.octopia.order_payloads import OrderPayload
from comptoir.connectors.octopia.order_reading import instant
from comptoir.connectors.octopia.orders import parse_order
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.connectors.octopia.settlements import parse_operation
from comptoir.connectors.octopia.statuses import ORDER_STATUSES
from comptoir.sdk.certification import Check, Finding
from comptoir.sdk.errors import ConnectorError, RejectedRecord
from comptoir.sdk.statuses import OrderStatus

_SAMPLE_DAYS = timedelta(days=60)
_SIZE = "100"
# Described, and of no use to us: seeing them is no news.
_UNUSED = frozenset(
    """
    cancellationDetails createdAt deliveryOffers salesChannelAcceptanceStatus isBestOffer offerCompetition
    salesChannelFeedback.offerQuality salesChannelFeedback.productInformation
    salesChannelFeedback.sellerInformation typologyCode subTypologyCode messages.attachments
    totalPrice.commission lines.totalPrice.commission lines.parcels.status
    """.split()
)
# Told for some offers only.
_OPTIONAL = frozenset({"comments"})
Row = dict[str, Any]


class Certifier:
    def __init__(
        self, client: OctopiaClient, settings: OctopiaSettings, clock: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._settings = settings
        self._clock = clock

    def run(self) -> Iterator[Check]:
        """One refused call is a finding of its own and stops none of the others."""
        for look in (
            self._seller,
            self._lists,
            self._orders,
            self._reasons,
            self._offers,
            self._operations,
            self._discussions,
        ):
            try:
                yield from look()
            except ConnectorError as error:
                yield Check(
                    subject=look.__name__.strip("_"),
                    evidence="",
                    finding=Finding.DIFFERS,
                    detail=error.message,
                )

    def _seller(self) -> Iterator[Check]:
        seller = self._object("/sellers")
        yield check("the seller's id is told", "D1", "sellerId" in seller, str(sorted(seller)))
        flag = isinstance(seller.get("automaticOrderAcceptance"), bool)
        yield check("automaticOrderAcceptance is the name of that flag", "A", flag, str(sorted(seller)))
        channels = [row.get("salesChannelId") for row in self._rows("/sellers/subscriptions", {})]
        found = self._settings.sales_channel_id in channels
        yield check("the sales channel is subscribed", "D1", found, str(channels))

    def _lists(self) -> Iterator[Check]:
        carriers = self._get("/carriers", {})
        yield check("carriers are a bare list", "M", isinstance(carriers, list), type(carriers).__name__)
        modes = self._get("/sellers/delivery-modes", {})
        whole = isinstance(modes, dict) and {"count", "items"} <= modes.keys()
        yield check("delivery modes are {count, items}", "M", whole, type(modes).__name__)

    def _orders(self) -> Iterator[Check]:
        rows = self._rows("/orders", self._order_query(self._clock() - _SAMPLE_DAYS))
        yield from self._fields("orders", "M", rows, OrderPayload)
        if not rows:
            return
        dates = [str(row.get("updatedAt")) for row in rows]
        yield check("sort=asc:updatedAt is honoured", "D2", dates == sorted(dates), f"{len(rows)} orders")
        yield from self._boundary(rows[-1])
        states = {str(row.get("status")) for row in rows}
        yield check("every state is known", "M", states <= set(ORDER_STATUSES), str(sorted(states)))
        lines = [line for row in rows for line in row.get("lines") or []]
        placed = [line for line in lines if (line.get("offer") or {}).get("offerId")]
        yield check("lines[].offer.offerId", "D2", bool(placed), f"{len(placed)} of {len(lines)} lines")
        yield from _amounts(rows)

    def _boundary(self, last: Row) -> Iterator[Check]:
        """Asked for from its own instant, an order must still come."""
        moment = datetime.fromisoformat(str(last["updatedAt"]))
        again = self._rows("/orders", self._order_query(moment))
        found = any(row.get("orderId") == last.get("orderId") for row in again)
        yield check("updatedAtMin includes its own instant", "A", found, instant(moment))

    def _order_query(self, since: datetime) -> dict[str, str]:
        asked = {"updatedAtMin": instant(since), "sort": "asc:updatedAt", "pageIndex": "1", "pageSize": _SIZE}
        return {**asked, "salesChannelId": self._settings.sales_channel_id}

    def _reasons(self) -> Iterator[Check]:
        asked = {
            "salesChannel": self._settings.sales_channel_id,
            "userType": "Seller",
            "orderStatus": "InPreparation",
        }
        rows = self._rows("/cancellation-reasons", asked)
        yield from _all_have("reasons have a code and a label", "A", rows, "code", "label")

    def _offers(self) -> Iterator[Check]:
        asked = {"salesChannelId": self._settings.sales_channel_id, "limit": _SIZE}
        rows = self._rows("/offers", {**asked, "expand": "salesChannelFeedback"})
        yield from self._fields("offers", "D1", rows, OfferPayload)
        forms = {type(row.get("integrationPrice")).__name__ for row in rows}
        yield seen("integrationPrice is an object", "A", rows, forms <= {"dict"}, str(sorted(forms)))
        feedback = [row.get("salesChannelFeedback") or {} for row in rows]
        rivals = [one for told in feedback for one in told.get("competingOffers") or []]
        yield from _all_have(
            "competing offers have price and shippingCost", "A", rivals, "price", "shippingCost"
        )

    def _operations(self) -> Iterator[Check]:
        rows = self._rows("/operations", {"pageIndex": "1", "pageSize": _SIZE})
        refused = [words for row in rows if (words := self._unreadable(row))]
        detail = refused[0] if refused else f"{len(rows)} operations"
        yield seen("an amount is found in each operation", "A", rows, not refused, detail)

    def _unreadable(self, row: Row) -> str:
        try:
            parse_operation(msgspec.Raw(msgspec.json.encode(row)), self._settings.currency)
        except RejectedRecord as error:
            return f"{error.message} {sorted(row)}"
        return ""

    def _discussions(self) -> Iterator[Check]:
        since = instant(self._clock() - _SAMPLE_DAYS)
        rows = self._rows("/discussions", {"updatedAtMin": since, "pageIndex": "1", "pageSize": _SIZE})
        yield from self._fields("discussions", "D1", rows, DiscussionPayload)

    def _fields(
        self, name: str, evidence: str, rows: list[Row], kind: type[msgspec.Struct]
    ) -> Iterator[Check]:
        missing = [name for name in missing_fields(kind, rows) if name not in _OPTIONAL]
        yield seen(f"{name}: the fields are there", evidence, rows, not missing, ", ".join(missing))
        fresh = [path for path in unknown_fields(kind, rows) if path not in _UNUSED]
        yield seen(f"{name}: no field is new", evidence, rows, not fresh, ", ".join(fresh))

    def _object(self, path: str) -> Row:
        found = self._get(path, {})
        return found if isinstance(found, dict) else {}

    def _rows(self, path: str, asked: dict[str, str]) -> list[Row]:
        found = self._get(path, asked)
        items = found if isinstance(found, list) else found.get("items", [])
        return [row for row in items if isinstance(row, dict)]

    def _get(self, path: str, asked: dict[str, str]) -> Any:
        return self._client.get("certify", path, asked).json(object)


def check(subject: str, evidence: str, holds: bool, detail: str) -> Check:
    finding = Finding.CONFIRMED if holds else Finding.DIFFERS
    return Check(subject=subject, evidence=evidence, finding=finding, detail=detail)


def seen(subject: str, evidence: str, rows: list[Row], holds: bool, detail: str) -> Check:
    if not rows:
        return Check(subject=subject, evidence=evidence, finding=Finding.UNSEEN, detail="nothing there")
    return check(subject, evidence, holds, detail)


def _all_have(subject: str, evidence: str, rows: list[Row], *names: str) -> Iterator[Check]:
    lacking = [name for name in names if not all(name in row for row in rows)]
    yield seen(subject, evidence, rows, not lacking, f"lacking: {', '.join(lacking)}" if lacking else "")


def _amounts(rows: list[Row]) -> Iterator[Check]:
    """Only an order with several units of an article tells the two readings of a line's price apart."""
    telling = [row for row in rows if any((line.get("quantity") or 1) > 1 for line in row.get("lines") or [])]
    orders = [parse_order(msgspec.json.encode(row), timedelta()) for row in telling]
    odd = [order.external_id for order in orders if order.warnings]
    yield seen("lines add up to the order's total", "A", telling, not odd, ", ".join(odd[:5]))
    live = [order for order in orders if order.status is not OrderStatus.CANCELLED]
    per_unit = [
        order.external_id
        for order in live
        if any(line.amount != line.unit_price and _told(order.raw, line.amount) for line in order.lines)
    ]
    detail = f"{len(per_unit)} of {len(live)} orders of several units"
    yield seen("a line's sellingPrice is for its quantity", "A", telling, len(per_unit) == len(live), detail)


def _told(raw: bytes, amount: object) -> bool:
    """Is this very amount one of the lines' own selling prices?"""
    payload = msgspec.json.decode(raw, type=OrderPayload, strict=False)
    return any(line.total_price and line.total_price.selling_price == amount for line in payload.known_lines)
