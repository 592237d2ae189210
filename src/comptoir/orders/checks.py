"""Is this order believable? What is not is kept whole, held, and named in an Issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from comptoir.channels.models import Channel
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.sdk.money import CENT
from comptoir.sdk.records import Order
from comptoir.sdk.statuses import OrderStatus

WRONG_TOTAL = "wrong_total"
WARNINGS = "import_orders"
"""The flow of the Issues about what a connector found odd in an order."""


def total_gap(order: Order) -> Decimal:
    """What is missing between the total and its parts.

    total = Σ lines + shipping − discounts + tax that comes on top. Amounts of lines are the channel's own:
    several APIs give the price of all units under the name of one, so nothing is multiplied here.
    """
    parts = sum((line.amount for line in order.lines), Decimal(0))
    return order.total_amount - (parts + order.shipping_amount - order.discount_amount + order.tax_amount)


def hold_reason(order: Order) -> str:
    return WRONG_TOTAL if _is_off(total_gap(order), order) else ""


def _is_off(gap: Decimal, order: Order) -> bool:
    # Half a cent per line is rounding; more is not. Nearly every order has no gap at all.
    return bool(gap) and abs(gap) > CENT * max(1, len(order.lines)) / 2


def close_settled(channel: Channel, orders: Sequence[Order]) -> None:
    """Close the Issues that newer news of these orders have answered."""
    over = {
        Reason.WRONG_TOTAL: [o for o in orders if not hold_reason(o)],
        Reason.UNKNOWN_STATUS: [o for o in orders if not _unknown_statuses(o)],
        Reason.TO_DECIDE: [o for o in orders if o.status is not OrderStatus.TO_ACCEPT],
    }
    close_issues(
        resolution="settled by the channel's newer news", subject_kind="order", reason=Reason.DIVERGENCE,
        channel=channel.key, flow=WARNINGS, subjects=[o.external_id for o in orders if not o.warnings],
    )  # fmt: skip
    for reason, settled in over.items():
        close_issues(
            resolution="settled by the channel's newer news", subject_kind="order", reason=reason,
            channel=channel.key, subjects=[order.external_id for order in settled],
        )  # fmt: skip


def troubles_of(channel: Channel, orders: Sequence[Order], products: Mapping[str, int]) -> list[Trouble]:
    return [trouble for order in orders for trouble in _troubles(channel, order, products)]


def _troubles(channel: Channel, order: Order, products: Mapping[str, int]) -> Iterator[Trouble]:
    where: dict[str, Any] = {"channel": channel.key, "subject_kind": "order", "subject": order.external_id}
    gap = total_gap(order)
    if _is_off(gap, order):
        yield Trouble(
            Reason.WRONG_TOTAL,
            f"The lines, shipping and discounts differ from the total by {gap} {order.currency}.",
            action="check_order",
            **where,
        )
    if unknown := _unknown_statuses(order):
        words = ", ".join(sorted(unknown))
        yield Trouble(
            Reason.UNKNOWN_STATUS, f"The channel used a status that is not known: {words}.",
            action="translate_status", **where,
        )  # fmt: skip
    if order.warnings:
        yield Trouble(
            Reason.DIVERGENCE, " ".join(order.warnings), flow=WARNINGS, action="check_order", **where
        )
    if missing := sorted(
        {line.sku for line in order.lines if line.sku not in products and order.status.reserves}
    ):
        yield Trouble(
            Reason.UNKNOWN_PRODUCT,
            f"No product has the SKU {', '.join(missing) or '(empty)'}: the order waits for it.",
            action="create_product",
            detail={"skus": missing},
            **where,
        )


def _unknown_statuses(order: Order) -> set[str]:
    lines = {line.external_status for line in order.lines if line.status is OrderStatus.UNKNOWN}
    return lines | ({order.external_status} if order.status is OrderStatus.UNKNOWN else set())
