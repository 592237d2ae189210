"""The right to erasure: a buyer asks to be forgotten, and what names them is emptied for good.

The order itself stays: its lines, amounts and numbers are the books'. An order that is still to be sent keeps its
address, for it cannot be sent without: it is named, and asked for again once it has left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from comptoir.core import clock
from comptoir.journal.audit import record_change
from comptoir.journal.models import Exchange, Issue
from comptoir.orders.contacts import searched_words
from comptoir.orders.models import Order, OrderContact, RawOrder
from comptoir.sdk.statuses import OrderStatus

ENDED = (
    OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUSED, OrderStatus.CANCELLED, OrderStatus.REFUNDED,
)  # fmt: skip

SHORTEST_WORD = 4
"""A shorter number stands in traces of everything."""


@dataclass(frozen=True)
class Erased:
    orders: int
    payloads: int
    exchanges: int
    issues: int


def orders_of(*, reference: str = "", buyer: str = "") -> tuple[list[Order], list[Order]]:
    """(those that may be erased, those that are still to be sent); by our reference or the buyer's address.

    Orders that were emptied already are neither when asked for by buyer: nothing tells whose they were.
    """
    found: QuerySet[Order] = Order.objects.select_related("channel", "contact").order_by("id")
    orders = list(found.filter(reference=reference) if reference else _of_buyer(found, buyer))
    ended = [one for one in orders if one.status in ENDED]
    return ended, [one for one in orders if one.status not in ENDED]


def _of_buyer(orders: QuerySet[Order], address: str) -> Iterator[Order]:
    hashes = searched_words(address) if "@" in address else None
    found = Q(contact__plain_email__iexact=address)
    for order in orders.filter(found | Q(contact__words__contains=hashes) if hashes else found):
        if order.contact.buyer_email.strip().lower() == address.lower():  # a hash is too short to prove it
            yield order


@transaction.atomic
def erase_buyers(orders: list[Order], *, actor: str) -> Erased:
    """Contacts, original messages, and what traces and issues repeat of them. Nothing brings them back."""
    now, ids = clock.now(), [order.pk for order in orders]
    exchanges = sum(_traces(order).update(request_body="", response_body="") for order in orders)
    issues = sum(_erase_details(order) for order in orders)
    payloads = RawOrder.objects.filter(order__in=ids).exclude(payload=b"").update(payload=b"")
    OrderContact.objects.filter(order__in=ids).update(
        sealed=None,
        words=None,
        ships=None,
        plain_name="",
        plain_email="",
        plain_phone="",
        plain_shipping=None,
        plain_billing=None,
        purged_at=now,
    )
    for order in orders:
        record_change(actor=actor, action="buyer.erased", subject_kind="order", subject=order.reference)
    return Erased(len(orders), payloads, exchanges, issues)


def _traces(order: Order) -> QuerySet[Exchange]:
    """Kept messages, of any side, that speak of the order or of its buyer's address."""
    speaks = Q()
    words = {order.external_id, order.number, order.reference, _email(order)}
    for word in (one for one in words if len(one) >= SHORTEST_WORD):
        speaks |= Q(request_body__icontains=word) | Q(response_body__icontains=word) | Q(url__icontains=word)
    return Exchange.objects.filter(speaks).exclude(request_body="", response_body="")


def _erase_details(order: Order) -> int:
    named = Q(subject=order.external_id, channel=order.channel.key) | Q(subject=order.reference)
    found = list(Issue.objects.filter(named, subject_kind="order", detail__has_key="raw"))
    for issue in found:
        del issue.detail["raw"]
        issue.save(update_fields=["detail"])
    return len(found)


def _email(order: Order) -> str:
    contact = getattr(order, "contact", None)
    return contact.buyer_email if contact is not None else ""
