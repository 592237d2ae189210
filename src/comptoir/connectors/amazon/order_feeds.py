"""Cancellations and refunds: tab-delimited order feeds, each line with its own result.

The Selling Partner API has no call for either. POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA cancels items
of an order not yet shipped; POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA gives money back after shipment.
Columns and reason codes: documentation "Order feed type values" and Seller Central's templates, not
verified against the live service. The report is a summary followed by one line per refused record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from comptoir.connectors.amazon.reports import decode
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import to_cents
from comptoir.sdk.records import Cancellation, Outcome, Record, Refund, Verdict

CANCELLATIONS = "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA"
REFUNDS = "POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA"
CONTENT_TYPE = "text/tab-separated-values; charset=UTF-8"

CANCEL_COLUMNS = ("order-id", "cancellation-reason-code", "amazon-order-item-code")
REFUND_COLUMNS = (
    "order-id",
    "order-item-id",
    "adjustment-reason-code",
    "currency",
    "item-price-adj",
    "shipping-price-adj",
    "quantity-cancelled",
)
CANCEL_REASONS = (
    "NoInventory",
    "BuyerCanceled",
    "ShippingAddressUndeliverable",
    "CustomerExchange",
    "GeneralAdjustment",
    "PricingError",
)
REFUND_REASONS = (
    "CustomerReturn",
    "NoInventory",
    "GeneralAdjustment",
    "CouldNotShip",
    "DifferentItem",
    "CustomerCancel",
    "PriceError",
)


class FeedLine(Record, frozen=True, kw_only=True):
    """One line of the feed, and whose it is."""

    reference: str
    cells: Mapping[str, str]


def cancellation_lines(cancellation: Cancellation, default_reason: str) -> list[FeedLine]:
    reason = cancellation.reason or default_reason
    items = [line.line_id for line in cancellation.lines] or [""]
    cells = (
        {"order-id": cancellation.order_id, "cancellation-reason-code": reason, "amazon-order-item-code": i}
        for i in items
    )
    return [FeedLine(reference=cancellation.reference, cells=row) for row in cells]


def refund_lines(refund: Refund, default_reason: str) -> list[FeedLine]:
    """RejectedRecord for a refund of nothing."""
    if not refund.lines or any(line.amount + line.shipping_amount <= 0 for line in refund.lines):
        raise RejectedRecord("a refund gives back more than zero on every line", record_id=refund.reference)
    return [
        FeedLine(
            reference=refund.reference,
            cells={
                "order-id": refund.order_id,
                "order-item-id": line.line_id,
                "adjustment-reason-code": refund.reason or default_reason,
                "currency": line.currency,
                "item-price-adj": str(to_cents(line.amount)),
                "shipping-price-adj": str(to_cents(line.shipping_amount)),
                "quantity-cancelled": str(line.quantity),
            },
        )
        for line in refund.lines
    ]


def build_file(columns: Sequence[str], lines: Sequence[FeedLine]) -> bytes:
    """Tab-delimited, header first. A tab or a line end inside a cell would shift columns: refused."""
    table = [list(columns), *([line.cells.get(name, "") for name in columns] for line in lines)]
    for row in table:
        if any(re.search(r"[\t\r\n]", cell) for cell in row):
            raise RejectedRecord(f"a tab or a line end in {row}")
    return "".join("\t".join(row) + "\r\n" for row in table).encode()


def parse_file_report(content: bytes) -> dict[int, str]:
    """Amazon's words by line number, the first line after the header being 1."""
    refused: dict[int, list[str]] = {}
    header: list[str] = []
    for text in decode(content).splitlines():
        cells = [cell.strip() for cell in text.split("\t")]
        if "original-record-number" in cells:
            header = cells
        elif header and len(cells) >= len(header):
            row = dict(zip(header, cells, strict=False))
            if row.get("error-type", "Error") == "Error" and row["original-record-number"].isdigit():
                words = f"{row.get('error-code', '')} {row.get('error-message', '')}".strip()
                refused.setdefault(int(row["original-record-number"]), []).append(words)
    return {number: "; ".join(words) for number, words in refused.items()}


def line_verdicts(references: Sequence[str], refused: Mapping[int, str], feed_id: str) -> dict[str, Verdict]:
    """By reference: REJECTED as soon as one of its lines is."""
    verdicts: dict[str, Verdict] = {}
    for number, reference in enumerate(references, start=1):
        words = refused.get(number)
        if words is not None:
            verdicts[reference] = Verdict(
                key=reference, outcome=Outcome.REJECTED, message=words, code=words.split(" ")[0]
            )
        else:
            verdicts.setdefault(reference, Verdict(key=reference, outcome=Outcome.DONE, external_id=feed_id))
    return verdicts
