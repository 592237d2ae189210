"""VAT invoices: one PDF, one feed, one order (UPLOAD_VAT_INVOICE).

The option names carry the prefix `metadata:`; without it Amazon answers 79513. Amounts, if sent, must be
Amazon's to the cent. 79525 says that Amazon makes the invoices itself: nothing must be sent any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from comptoir.connectors.amazon.attempts import Attempt, Attempts
from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.feeds import create_feed, read_feed, read_report, upload_document
from comptoir.connectors.amazon.order_feeds import parse_file_report
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.invoices import CustomerInvoice
from comptoir.sdk.records import Outcome, Verdict

FEED_TYPE = "UPLOAD_VAT_INVOICE"
AMAZON_INVOICES_ITSELF = "79525"
# Documentation, "Upload invoices": letters, digits and , / \ space - _ ; : #
_ALLOWED = re.compile(r"[\w,/\\ \-;:#]+", re.ASCII)
_KINDS = {"invoice": "Invoice", "credit_note": "CreditNote"}
_UNKNOWN = "nobody knows yet whether Amazon has it"


class InvoiceDesk:
    """Each invoice is noted before its feed is created: a repeated call looks first."""

    def __init__(self, client: AmazonClient, context: Context, marketplace_id: str) -> None:
        self._client = client
        self._context = context
        self._place = marketplace_id
        self._attempts = Attempts(client, context.cache, [marketplace_id])

    def send(self, invoices: Sequence[CustomerInvoice]) -> Iterator[Verdict]:
        """DONE: Amazon has the file, and `external_id` is its feed."""
        for invoice in invoices:
            try:
                feed_id = self._known_feed(invoice.reference) or self._send(invoice)
                yield Verdict(key=invoice.reference, outcome=Outcome.DONE, external_id=feed_id)
            except RejectedRecord as error:
                yield Verdict(
                    key=invoice.reference, outcome=Outcome.REJECTED, code=error.code, message=error.message
                )
            except OutcomeUnknown as error:
                yield Verdict(
                    key=invoice.reference, outcome=Outcome.UNKNOWN, message=error.message or _UNKNOWN
                )

    def read(self, feed_id: str) -> Verdict:
        feed = read_feed(self._client, feed_id)
        if not feed.is_final:
            return Verdict(key=feed_id, outcome=Outcome.RETRY, message="Amazon is working on it")
        words = "; ".join(parse_file_report(read_report(self._client, feed)).values())
        if AMAZON_INVOICES_ITSELF in words:
            # Sent again it would be refused again: the merchant has let Amazon make the invoices.
            return Verdict(key=feed_id, outcome=Outcome.REJECTED, code=AMAZON_INVOICES_ITSELF, message=words)
        if feed.processing_status != "DONE" or words:
            return Verdict(key=feed_id, outcome=Outcome.REJECTED, message=words or feed.processing_status)
        return Verdict(key=feed_id, outcome=Outcome.DONE)

    def _known_feed(self, reference: str) -> str:
        attempt = self._attempts.find(FEED_TYPE, reference)
        return self._attempts.feed_of(FEED_TYPE, attempt) if attempt else ""

    def _send(self, invoice: CustomerInvoice) -> str:
        options = build_options(invoice)
        if not invoice.content.startswith(b"%PDF-"):
            raise RejectedRecord("an invoice is a PDF", record_id=invoice.reference)
        self._client.pace("uploadVatInvoice")
        document = upload_document(self._client, invoice.content, "application/pdf")
        attempt = Attempt(at=self._context.clock(), references=(invoice.reference,))
        self._attempts.note(FEED_TYPE, attempt)
        try:
            feed_id = create_feed(self._client, FEED_TYPE, document, [self._place], options)
        except OutcomeUnknown:
            raise
        except Exception:
            self._attempts.forget(FEED_TYPE, attempt)
            raise
        self._attempts.note(FEED_TYPE, msgspec.structs.replace(attempt, feed_id=feed_id))
        return feed_id


def build_options(invoice: CustomerInvoice) -> dict[str, str]:
    """RejectedRecord for what Amazon would refuse."""
    options = {
        "metadata:orderid": invoice.order_id,
        "metadata:invoicenumber": invoice.number,
        "metadata:documenttype": _KINDS[invoice.kind],
    }
    if invoice.total_amount is not None:
        options["metadata:totalamount"] = f"{invoice.total_amount:.2f}"
    if invoice.tax_amount is not None:
        options["metadata:totalvatamount"] = f"{invoice.tax_amount:.2f}"
    if invoice.kind == "credit_note":
        options["metadata:transactionid"] = invoice.refund_id
    for name, value in options.items():
        if not value or not _ALLOWED.fullmatch(value.replace(".", "")):
            raise RejectedRecord(f"{name} cannot be {value!r}", record_id=invoice.reference)
    return options
