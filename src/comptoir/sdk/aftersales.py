"""What comes after the sale: messages, incidents, reviews and the channel's own invoices.

Reads give everything that changed since an instant, page by page. They may give a record again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol, runtime_checkable

from comptoir.sdk.records import Record, Verdict


class Message(Record, frozen=True, kw_only=True):
    """One message of a conversation about an order or an offer."""

    external_id: str
    sender: Literal["buyer", "seller", "channel"]
    body: str
    sent_at: datetime
    subject: str = ""
    order_id: str = ""
    offer_id: str = ""
    read: bool = False
    archived: bool = False
    raw: bytes = b""


class MessageReply(Record, frozen=True, kw_only=True):
    message_id: str
    """The message that is answered."""
    body: str


class IncidentLine(Record, frozen=True, kw_only=True):
    line_id: str
    reason: str
    """The channel's own code."""
    open: bool
    refunded_amount: Decimal


class Incident(Record, frozen=True, kw_only=True):
    """A complaint of a buyer about an order."""

    external_id: str
    order_id: str
    open: bool
    opened_at: datetime
    updated_at: datetime
    opened_by: str = ""
    message: str = ""
    waits_for_seller: bool = False
    lines: tuple[IncidentLine, ...] = ()
    raw: bytes = b""


class Review(Record, frozen=True, kw_only=True):
    """What a buyer says of an order, and how many of `best` stars it got."""

    external_id: str
    order_id: str
    rating: int
    best: int
    comment: str
    written_at: datetime
    author: str = ""
    reply: str = ""


class ReviewReply(Record, frozen=True, kw_only=True):
    review_id: str
    body: str


class ChannelInvoice(Record, frozen=True, kw_only=True):
    """What the channel bills and pays for a period. Amounts are tax included."""

    external_id: str
    issued_at: datetime
    currency: str
    paid_amount: Decimal
    """What it transfers to the seller."""
    order_amount: Decimal
    shipping_amount: Decimal
    commission_amount: Decimal
    subscription_amount: Decimal
    tax_amount: Decimal
    url: str = ""
    details_url: str = ""


@runtime_checkable
class MessageSource(Protocol):
    def messages_since(self, since: datetime) -> Iterator[Sequence[Message]]: ...


@runtime_checkable
class MessageTarget(Protocol):
    def reply_to_messages(self, replies: Sequence[MessageReply]) -> Iterator[Verdict]:
        """Keyed by the message that is answered. A reply of unknown outcome may have been sent."""
        ...


@runtime_checkable
class IncidentSource(Protocol):
    def incidents_since(self, since: datetime) -> Iterator[Sequence[Incident]]: ...


@runtime_checkable
class ReviewSource(Protocol):
    def reviews_since(self, since: datetime) -> Iterator[Sequence[Review]]: ...


@runtime_checkable
class ReviewTarget(Protocol):
    def reply_to_reviews(self, replies: Sequence[ReviewReply]) -> Iterator[Verdict]:
        """Keyed by the review; a second reply takes the place of the first."""
        ...


@runtime_checkable
class ChannelInvoiceSource(Protocol):
    def channel_invoices_since(self, since: datetime) -> Iterator[Sequence[ChannelInvoice]]: ...


AFTERSALES_PORTS: tuple[type, ...] = (
    MessageSource,
    MessageTarget,
    IncidentSource,
    ReviewSource,
    ReviewTarget,
    ChannelInvoiceSource,
)
