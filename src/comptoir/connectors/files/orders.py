"""`orders` to the ERP: one row per order line, the order's own amounts on each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comptoir.connectors.files.export_file import Dialect, ExportRow, Writer
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Address, ErpOrder, OrderLine

MAX_REFERENCE: Final = 17
KEY: Final = "reference"

HEADER: Final = (
    *("reference", "channel", "external_id", "placed_at", "currency", "customer_name", "company"),
    *("street_1", "street_2", "postcode", "city", "country", "email", "phone"),
    *("line_number", "lines", "line_reference", "sku", "title", "quantity", "unit_price", "line_amount"),
    *("shipping_amount", "discount_amount", "total_amount", "ship_by", "prices_include_tax"),
)


def build_order(item: ErpOrder, dialect: Dialect) -> Iterator[ExportRow]:
    """RejectedRecord, named by the order's reference, when one of its values cannot be sent."""
    writer = Writer(dialect, item.reference)
    if not item.order.lines:
        raise RejectedRecord(f"{item.reference}: an order without lines.", record_id=item.reference)
    before, after = _head(item, writer), _tail(item, writer)
    for number, line in enumerate(item.order.lines, start=1):
        cells = (*before, str(number), str(len(item.order.lines)), *_line(line, writer), *after)
        yield ExportRow(item.reference, cells)


def _head(item: ErpOrder, writer: Writer) -> tuple[str, ...]:
    order = item.order
    address = order.shipping_address or order.billing_address or Address()
    texts = (address.name or order.buyer.name, address.company, address.street_1, address.street_2)
    places = (address.postcode, address.city, address.country)
    contacts = (order.buyer.email, address.phone or order.buyer.phone)
    return (
        writer.identifier("reference", item.reference, max_length=MAX_REFERENCE),
        writer.identifier("channel", item.channel),
        writer.identifier("external_id", order.external_id),
        writer.instant("placed_at", order.placed_at),
        writer.identifier("currency", order.currency),
        *(writer.text(text) for text in (*texts, *places, *contacts)),
    )


def _line(line: OrderLine, writer: Writer) -> tuple[str, ...]:
    return (
        writer.identifier("line_reference", line.external_id),
        writer.identifier("sku", line.sku),
        writer.text(line.title),
        writer.quantity("quantity", line.quantity),
        writer.unit_price("unit_price", line.unit_price),
        writer.amount("line_amount", line.amount),
    )


def _tail(item: ErpOrder, writer: Writer) -> tuple[str, ...]:
    order = item.order
    return (
        writer.amount("shipping_amount", order.shipping_amount),
        writer.amount("discount_amount", order.discount_amount),
        writer.amount("total_amount", order.total_amount),
        writer.instant("ship_by", order.ship_by),
        writer.flag(order.prices_include_tax),
    )
