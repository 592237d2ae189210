"""The kinds of files that the hub sends: their columns, and how one item becomes rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from comptoir.connectors.files import cancellations, orders, purchases, refunds
from comptoir.connectors.files.export_file import Dialect, ExportRow
from comptoir.sdk.purchasing import ErpPurchaseOrder
from comptoir.sdk.records import ErpCancellation, ErpOrder, ErpRefund

T = TypeVar("T")


@dataclass(frozen=True)
class Target(Generic[T]):
    kind: str
    header: tuple[str, ...]
    key: str
    """The column that holds the item's own id, by which verdicts are keyed."""
    build: Callable[[T, Dialect], Iterator[ExportRow]]


ORDERS: Final[Target[ErpOrder]] = Target("orders", orders.HEADER, orders.KEY, orders.build_order)
CANCELLATIONS: Final[Target[ErpCancellation]] = Target(
    "cancellations", cancellations.HEADER, cancellations.KEY, cancellations.build_cancellation
)
REFUNDS: Final[Target[ErpRefund]] = Target("refunds", refunds.HEADER, refunds.KEY, refunds.build_refund)
PURCHASE_ORDERS: Final[Target[ErpPurchaseOrder]] = Target(
    "purchase_orders", purchases.HEADER, purchases.KEY, purchases.build_purchase_order
)

TARGETS: Final[Mapping[str, Target[Any]]] = {
    target.kind: target for target in (ORDERS, CANCELLATIONS, REFUNDS, PURCHASE_ORDERS)
}
