"""messages_query, incidents_query, client_order_comments_query, shop_invoices_query → records.

All four page alike. They have no count that can be trusted everywhere (a recorded answer about messages
lacks those that its schema requires), so that a read starts well before the instant that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar

from lxml import etree

from comptoir.connectors.fnac import xml
from comptoir.connectors.fnac.client import FnacClient
from comptoir.connectors.fnac.fields import amount, child, children, instant, integer, text, truth
from comptoir.connectors.fnac.orders import CURRENCY
from comptoir.sdk.aftersales import ChannelInvoice, Incident, IncidentLine, Message, Review
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.money import ZERO

PER_PAGE: Final = 100
OVERLAP: Final = timedelta(hours=1)
BEST_RATING: Final = 5
_SENDERS: Final[dict[str, Literal["buyer", "seller", "channel"]]] = {"CLIENT": "buyer", "SELLER": "seller"}

T = TypeVar("T")
Parse = Callable[[Mapping[str, Any], bytes], T]


def read_since(
    client: FnacClient, service: str, item: str, date: str, since: datetime, parse: Parse[T]
) -> Iterator[list[T]]:
    """Every page of a query by date. `date`: the type of date, "" where the service has one only."""
    number, pages = 1, 1
    while number <= pages:
        request = _query(service, date, since, number)
        reply = client.read(request, items=item)
        pages = _pages(reply.content, number)
        elements = [node for node in reply.root if xml.local_name(node) == item]
        yield [parse(xml.to_dict(node), xml.raw(node)) for node in elements]
        number += 1


def _query(service: str, date: str, since: datetime, number: int) -> etree._Element:
    request = xml.document(service, {"results_count": str(PER_PAGE)})
    xml.add(request, "paging", str(number))
    node = xml.add(request, "date", attributes={"type": date} if date else None)
    xml.add(node, "min", (since - OVERLAP).replace(microsecond=0).isoformat())
    return request


def _pages(content: Mapping[str, Any], number: int) -> int:
    try:
        return integer(content, "total_paging") or number
    except RejectedRecord as error:
        raise UnexpectedAnswer(error.message) from error


def _required(node: Mapping[str, Any], name: str) -> datetime:
    found = instant(node, name)
    if found is None:
        raise UnexpectedAnswer(f"{name} is missing.")
    return found


def parse_message(node: Mapping[str, Any], raw: bytes) -> Message:
    about, referer = text(child(node, "message_referer"), "@type"), text(node, "message_referer")
    return Message(
        external_id=text(node, "message_id"),
        sender=_SENDERS.get(text(child(node, "message_from"), "@type"), "channel"),
        subject=text(node, "message_subject"),
        body=text(node, "message_description"),
        order_id=referer if about == "ORDER" else "",
        offer_id=referer if about == "OFFER" else "",
        sent_at=_required(node, "created_at"),
        read=text(node, "@state") == "READ",
        archived=text(node, "@archived") == "TRUE",
        raw=raw,
    )


def parse_incident(node: Mapping[str, Any], raw: bytes) -> Incident:
    header = child(node, "header")
    details = children(child(node, "order_details_incident"), "order_detail_incident")
    return Incident(
        external_id=text(node, "@id"),
        order_id=text(header, "order_id"),
        open=text(header, "status") != "CLOSED",
        opened_by=text(header, "opened_by"),
        message=text(header, "message"),
        waits_for_seller=truth(header, "waiting_for_seller_answer") or False,
        opened_at=_required(header, "created_at"),
        updated_at=instant(header, "updated_at") or _required(header, "created_at"),
        lines=tuple(_incident_line(detail) for detail in details),
        raw=raw,
    )


def _incident_line(node: Mapping[str, Any]) -> IncidentLine:
    refunds = children(child(node, "refunds"), "refund")
    parts = [amount(one, name) or ZERO for one in refunds for name in ("product_amount", "shipping_amount")]
    return IncidentLine(
        line_id=text(node, "order_detail_id"),
        reason=text(node, "type"),
        open=text(node, "status") != "CLOSED",
        refunded_amount=sum(parts, ZERO),
    )


def parse_review(node: Mapping[str, Any], raw: bytes) -> Review:
    return Review(
        external_id=text(node, "client_order_comment_id"),
        order_id=text(node, "order_fnac_id"),
        rating=integer(node, "rate") or 0,
        best=BEST_RATING,
        comment=text(node, "comment"),
        author=text(node, "client_name"),
        reply=text(node, "reply"),
        written_at=_required(node, "created_at"),
    )


def parse_invoice(node: Mapping[str, Any], raw: bytes) -> ChannelInvoice:
    def money(name: str) -> Decimal:
        return amount(node, name) or ZERO

    return ChannelInvoice(
        external_id=text(node, "invoice_id"),
        issued_at=_required(node, "created_at"),
        currency=CURRENCY,
        paid_amount=money("transfer_amount"),
        order_amount=money("order_amount"),
        shipping_amount=money("shipping_amount"),
        commission_amount=money("fee_tax_inc_amount"),
        subscription_amount=money("subscription_tax_inc_amount"),
        tax_amount=money("tva"),
        url=text(node, "url"),
        details_url=text(node, "report_url"),
    )
