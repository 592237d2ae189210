"""Orders to suppliers: out to the ERP, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol, runtime_checkable

from comptoir.sdk.records import Batch, Receipt, Record, SubmissionReport


class ErpPurchaseLine(Record, frozen=True, kw_only=True):
    line_number: int
    """From 1."""
    sku: str
    quantity: int
    """Above zero."""
    unit_price: Decimal
    """Without tax, in the order's currency."""
    supplier_sku: str = ""
    title: str = ""


class ErpPurchaseOrder(Record, frozen=True, kw_only=True):
    reference: str
    """Ours, at most 17 characters, unique for ever: the ERP creates nothing twice under it."""
    supplier: str
    """As the catalogue names it."""
    supplier_code: str
    """The supplier's own account in the ERP; "" lets the connector find it by its name."""
    warehouse: str
    """The code of the warehouse that the goods go to; "" is the ERP's main one."""
    ordered_on: date
    lines: tuple[ErpPurchaseLine, ...]
    currency: str = "EUR"
    expected_on: date | None = None
    comment: str = ""


class ErpPurchaseState(Record, frozen=True, kw_only=True):
    """Where one of our purchase orders stands in the ERP, all its documents taken together."""

    order_reference: str
    document: str
    status: Literal["ordered", "partially_received", "received", "cancelled"]
    received: Mapping[str, int]
    """SKU → units received so far, from the first to the last receipt: told again, nothing moves twice."""
    changed_at: datetime
    message: str = ""
    line: int | None = None


class PurchaseStateBatch(Batch, frozen=True, kw_only=True):
    states: tuple[ErpPurchaseState, ...]


@runtime_checkable
class PurchaseOrderTarget(Protocol):
    """Purchase orders are taken in numbered deliveries, as `OrderTarget` takes orders: the same number again
    looks for the first attempt's result, and every order is looked up by its reference before it is made."""

    def submit_purchase_orders(self, number: int, orders: Sequence[ErpPurchaseOrder]) -> Receipt:
        """RejectedRecord, named by the order's reference, where one cannot be written as it is."""
        ...

    def read_export(self, kind: str, external_id: str) -> SubmissionReport:
        """`kind` is `purchase_orders`; verdicts are keyed by the orders' references."""
        ...


@runtime_checkable
class PurchaseOrderSource(Protocol):
    def purchase_state_batches(self, cursor: str) -> Iterator[PurchaseStateBatch]: ...
