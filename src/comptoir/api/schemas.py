"""What the API gives and takes. Amounts are decimal texts in `currency`; instants are ISO 8601, UTC."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ninja import Schema


class LineOut(Schema):
    line_number: int
    external_id: str
    sku: str
    title: str
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    unit_price: Decimal
    amount: Decimal
    status: str
    external_status: str


class OrderOut(Schema):
    reference: str
    channel: str
    external_id: str
    number: str
    status: str
    external_status: str
    placed_at: datetime
    updated_at: datetime
    ship_by: datetime | None
    currency: str
    total_amount: Decimal
    shipping_amount: Decimal
    discount_amount: Decimal
    tax_amount: Decimal
    held: str
    erp_state: str
    erp_document: str
    lines: list[LineOut]

    @staticmethod
    def resolve_channel(order: object) -> str:
        return str(order.channel.key)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_lines(order: object) -> list[object]:
        return list(order.lines.all())  # type: ignore[attr-defined]


class OrderPageOut(Schema):
    orders: list[OrderOut]
    next_cursor: str | None
    """Give it back as `cursor`; null at the end."""


class FlowOut(Schema):
    name: str
    label: str
    every_seconds: int
    channels: list[str]


class RunIn(Schema):
    channel: str = ""
    """The key of a channel; empty for a flow of the house."""


class QueuedOut(Schema):
    flow: str
    channel: str
    queued: bool
    """False when the same turn waits in the queue already."""
    job: int | None


class RunOut(Schema):
    id: int
    flow: str
    channel: str
    trigger: str
    actor: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    counts: dict[str, int]
    error_kind: str
    error: str


class IssueOut(Schema):
    id: int
    reason: str
    state: str
    channel: str
    flow: str
    subject_kind: str
    subject: str
    message: str
    action: str
    occurrences: int
    opened_at: datetime
    last_seen_at: datetime


class IssuePageOut(Schema):
    issues: list[IssueOut]
    next_cursor: str | None
