"""The kinds of files that an ERP sends: what each needs, and how one row becomes a record."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from comptoir.connectors.files import documents, order_states, products, purchases, shipments, stock
from comptoir.connectors.files.cells import Row
from comptoir.sdk.documents import ErpDocument
from comptoir.sdk.purchasing import ErpPurchaseState
from comptoir.sdk.records import ErpOrderState, ErpShipmentLine, Product, Rejected, StockLevel

R = TypeVar("R")


def _no_notes(row: Row, record: object) -> Iterator[Rejected]:
    yield from ()


@dataclass(frozen=True)
class Source(Generic[R]):
    kind: str
    required: tuple[str, ...]
    """Columns without which no row makes sense."""
    key: str
    """The column that names a row to a person."""
    parse: Callable[[Row], R]
    identity: Callable[[R], Hashable] | None = None
    """What may come once only in one file; the second is refused, for nobody can tell which is right."""
    whole: bool = False
    """Rows with one key are one document: taken together or refused together."""
    notes: Callable[[Row, R], Iterator[Rejected]] = _no_notes
    """What is wrong with a row that is taken all the same."""


PRODUCTS: Final[Source[Product]] = Source(
    "products",
    products.REQUIRED,
    products.KEY,
    products.parse_product,
    identity=lambda product: product.sku,
    notes=products.note_on_ean,
)
STOCK: Final[Source[StockLevel]] = Source(
    "stock",
    stock.REQUIRED,
    stock.KEY,
    stock.parse_stock_level,
    identity=lambda level: (level.sku, level.warehouse),
)
ORDER_STATES: Final[Source[ErpOrderState]] = Source(
    "order_status", order_states.REQUIRED, order_states.KEY, order_states.parse_order_state
)
SHIPMENTS: Final[Source[ErpShipmentLine]] = Source(
    "shipments", shipments.REQUIRED, shipments.KEY, shipments.parse_shipment_line, whole=True
)
DOCUMENTS: Final[Source[ErpDocument]] = Source(
    "documents", documents.REQUIRED, documents.KEY, documents.parse_document_row, whole=True
)
PURCHASE_STATES: Final[Source[ErpPurchaseState]] = Source(
    "purchase_status", purchases.REQUIRED, purchases.KEY, purchases.parse_purchase_state, whole=True
)

SOURCES: Final[Mapping[str, Source[Any]]] = {
    source.kind: source for source in (PRODUCTS, STOCK, ORDER_STATES, SHIPMENTS, DOCUMENTS, PURCHASE_STATES)
}
NOTES: Final = frozenset({products.BAD_EAN})
"""Codes of rejections that leave the row itself taken."""
