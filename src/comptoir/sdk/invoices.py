"""The invoices that we give to our buyers through a channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal, Protocol, runtime_checkable

from comptoir.sdk.records import Record, Verdict


class CustomerInvoice(Record, frozen=True, kw_only=True):
    reference: str
    """Ours, unique for ever."""
    order_id: str
    content: bytes
    file_name: str
    content_type: str = "application/pdf"
    number: str = ""
    """What is printed on it; "" where the channel need not know."""
    kind: Literal["invoice", "credit_note"] = "invoice"
    total_amount: Decimal | None = None
    """Tax included."""
    tax_amount: Decimal | None = None
    refund_id: str = ""
    """The channel's id of the refund that a credit note is for."""


@runtime_checkable
class InvoiceTarget(Protocol):
    def send_invoices(self, invoices: Sequence[CustomerInvoice]) -> Iterator[Verdict]:
        """One verdict per invoice, keyed by its reference; `external_id` names the channel's import of it.

        Where the channel takes invoices in later, DONE says that it has the file: `read_invoice` tells more.
        """
        ...

    def read_invoice(self, external_id: str) -> Verdict:
        """What became of an import; RETRY while it is worked on. Keyed by the given id."""
        ...
