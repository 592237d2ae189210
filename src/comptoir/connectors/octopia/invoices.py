"""The buyer's invoice: `POST /orders/{id}/invoice-documents`, taken in later.

A new file replaces the earlier one, so that sending it again is harmless. The names of an import's fields
are not verified: `importId`, `status`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import Id, Payload, text
from comptoir.connectors.octopia.verdicts import done, verdict_each
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.invoices import CustomerInvoice
from comptoir.sdk.records import Outcome, Verdict

_TAKEN = frozenset({"Done", "Success", "Succeeded", "Completed", "Integrated", "Imported"})
_FAILED = frozenset({"Rejected", "Refused", "Failed", "Error"})


class _Import(Payload, frozen=True):
    import_id: Id = None
    status: str | None = None


class InvoiceDesk:
    def __init__(self, client: OctopiaClient) -> None:
        self._client = client

    def send(self, invoices: Sequence[CustomerInvoice]) -> Iterator[Verdict]:
        return verdict_each(invoices, lambda invoice: invoice.reference, self._send)

    def read(self, external_id: str) -> Verdict:
        """A word that we do not know is not yet an end: RETRY."""
        answer = self._client.find("getInvoiceImport", f"/order-invoice-imports/{external_id}")
        if answer is None:
            words = "Octopia does not know this import."
            return Verdict(key=external_id, outcome=Outcome.REJECTED, message=words)
        status = text(answer.json(_Import).status)
        outcome = (
            Outcome.DONE if status in _TAKEN else Outcome.REJECTED if status in _FAILED else Outcome.RETRY
        )
        return Verdict(key=external_id, outcome=outcome, code=status)

    def _send(self, invoice: CustomerInvoice) -> Verdict:
        if not invoice.content:
            raise RejectedRecord("The invoice is empty.", record_id=invoice.reference)
        answer = self._client.upload(
            "sendInvoice",
            f"/orders/{invoice.order_id}/invoice-documents",
            invoice.file_name,
            invoice.content,
            invoice.content_type,
        )
        return done(invoice.reference, external_id=_import_id(answer.body))


def _import_id(body: bytes) -> str:
    """ "" where the answer has no body: its shape is not verified."""
    try:
        return text(msgspec.json.decode(body, type=_Import, strict=False).import_id)
    except msgspec.DecodeError:
        return ""
