"""Reading orders: the list with its search and filters, and everything of one order.

Every filter has an index behind it, and nothing is counted over the whole table, so that the list
answers as fast at a million orders as at a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils import timezone

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.folding import fold, word_prefixes
from comptoir.offers.own_deadlines import merchant_day, past_own_deadline
from comptoir.orders.contacts import searched_words
from comptoir.orders.models import ErpState, Order
from comptoir.sdk.statuses import OrderStatus
from comptoir.web.paging import Key

NEWEST_FIRST = Key(("placed_at", "id"), descending=True)
TO_SHIP = (OrderStatus.ACCEPTED, OrderStatus.TO_SHIP, OrderStatus.PARTIALLY_SHIPPED)

_BY_REFERENCES = """
SELECT id FROM orders_order WHERE reference = ANY(%(exact)s)
UNION SELECT id FROM orders_order WHERE channel_id = ANY(%(channels)s) AND external_id = ANY(%(exact)s)
UNION SELECT id FROM orders_order WHERE number <> '' AND (number LIKE %(prefix)s OR number LIKE %(prefix_upper)s)
UNION SELECT order_id FROM orders_orderline WHERE sku LIKE %(prefix)s OR sku LIKE %(prefix_upper)s
UNION SELECT id FROM orders_order
      WHERE erp_document <> '' AND (erp_document LIKE %(prefix)s OR erp_document LIKE %(prefix_upper)s)
UNION SELECT order_id FROM finance_erpdocument WHERE number LIKE %(prefix)s OR number LIKE %(prefix_upper)s
UNION SELECT order_id FROM shipping_shipment
      WHERE tracking_number <> '' AND (tracking_number LIKE %(prefix)s OR tracking_number LIKE %(prefix_upper)s)
"""
_BY_BUYER = """
UNION SELECT order_id FROM orders_ordercontact WHERE words @> %(hashes)s::integer[]
"""
# Those that are still to be sealed; by the index orders_contact_plain_words, its expression to the letter.
_BY_PLAIN_BUYER = """
UNION SELECT order_id FROM orders_ordercontact WHERE buyer_name <> ''
      AND to_tsvector('simple', orders_fold(buyer_name)) @@ to_tsquery('simple', %(words)s)
"""


@dataclass(frozen=True)
class OrderFilters:
    text: str = ""
    channel: str = ""
    status: str = ""
    erp: str = ""
    held: bool = False
    late: bool = False
    since: date | None = None
    until: date | None = None
    """Days of the merchant, both inside."""

    @classmethod
    def read(cls, query: QueryDict) -> OrderFilters:
        """From the address; what it does not know is no filter."""
        status, erp = query.get("status", ""), query.get("erp", "")
        return cls(
            text=query.get("q", "").strip()[:120],
            channel=query.get("channel", ""),
            status=status if status in set(OrderStatus) else "",
            erp=erp if erp in ErpState.values else "",
            held=bool(query.get("held")),
            late=bool(query.get("late")),
            since=read_day(query.get("since", "")),
            until=read_day(query.get("until", "")),
        )


def find_orders(filters: OrderFilters, *, buyers: bool) -> QuerySet[Order]:
    """`buyers`: may the reader see and search the names of buyers?"""
    related = ("channel", "contact") if buyers else ("channel",)
    found = Order.objects.select_related(*related).prefetch_related("lines")
    conditions = {"channel__key": filters.channel, "status": filters.status, "erp_state": filters.erp}
    found = found.filter(**{name: value for name, value in conditions.items() if value})
    if filters.since:
        found = found.filter(placed_at__gte=midnight(filters.since))
    if filters.until:
        found = found.filter(placed_at__lt=midnight(filters.until + timedelta(days=1)))
    if filters.held:
        found = found.exclude(held="")
    if filters.late:
        now = clock.now()
        own = past_own_deadline(merchant_day(now))
        found = found.filter(RawSQL(_LATE, [now, own], output_field=BooleanField()))  # noqa: S611 - our own text
    return found.filter(pk__in=_matching(filters.text, buyers=buyers)) if filters.text else found


def read_day(text: str) -> date | None:
    """2026-11-25; what is no day is no filter."""
    try:
        return date.fromisoformat(text) if 1970 < int(text[:4] or 0) < 2200 else None
    except ValueError:
        return None


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def late(now: datetime) -> Q:
    return Q(status__in=TO_SHIP, ship_by__lt=now)


# By the partial index orders_order_ship_by. Left to itself, PostgreSQL walks through all orders by their date in the
# hope of meeting late ones soon.
_LATE = """(orders_order.id = ANY(ARRAY(
    SELECT id FROM orders_order WHERE status IN ('accepted', 'to_ship', 'partially_shipped')
    AND ship_by < %s) || %s::bigint[]))"""


def _matching(text: str, *, buyers: bool) -> RawSQL:
    values: dict[str, object] = {
        "exact": [text, text.upper()],
        "prefix": _prefix(text),
        "prefix_upper": _prefix(text.upper()),
        "channels": list(Channel.objects.values_list("id", flat=True)),
        "words": word_prefixes(fold(text)),
        "hashes": searched_words(text) if buyers else None,
    }
    statement = _BY_REFERENCES + (_BY_BUYER if values["hashes"] else "")
    statement += _BY_PLAIN_BUYER if buyers and values["words"] else ""
    return RawSQL(*_positional(statement, values))  # noqa: S611 - our own text, values apart


def _prefix(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"


def _positional(statement: str, values: dict[str, object]) -> tuple[str, list[object]]:
    """Named parameters become positional ones: the only ones that a query inside a query can take."""
    found: list[object] = []
    parts = statement.split("%(")
    text = parts[0]
    for part in parts[1:]:
        name, _, rest = part.partition(")s")
        found.append(values[name])
        text += "%s" + rest
    return text, found
