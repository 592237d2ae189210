"""VAT invoices: one PDF, one feed, one order (UPLOAD_VAT_INVOICE).

The option names carry the prefix `metadata:`; without it Amazon answers 79513. Amounts, if sent, must be
Amazon's to the cent. 79525 says that Amazon makes the invoices itself: nothing must be sent any more.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.feeds import create_feed, read_feed, read_report, upload_document
from comptoir.connectors.amazon.order_feeds import parse_file_report
from comptoir.sdk.errors import ConfigurationError, RejectedRecord
from comptoir.sdk.records import Outcome, Record, Verdict

FEED_TYPE = "UPLOAD_VAT_INVOICE"
AMAZON_INVOICES_ITSELF = "79525"
# Documentation, "Upload invoices": letters, digits and , / \ space - _ ; : #
_ALLOWED = re.compile(r"[\w,/\\ \-;:#]+", re.ASCII)


class Invoice(Record, frozen=True, kw_only=True):
    order_id: str
    number: str
    pdf: bytes
    total: Decimal | None = None
    vat: Decimal | None = None
    kind: Literal["Invoice", "CreditNote"] = "Invoice"
    transaction_id: str = ""
    """Which refund a credit note is for."""


def send_invoice(client: AmazonClient, invoice: Invoice, marketplace_id: str) -> str:
    """The feed's id; RejectedRecord for what Amazon would refuse."""
    options = build_options(invoice)
    if not invoice.pdf.startswith(b"%PDF-"):
        raise RejectedRecord("an invoice is a PDF", record_id=invoice.order_id)
    document = upload_document(client, invoice.pdf, "application/pdf")
    return create_feed(client, FEED_TYPE, document, [marketplace_id], options)


def build_options(invoice: Invoice) -> dict[str, str]:
    options = {
        "metadata:orderid": invoice.order_id,
        "metadata:invoicenumber": invoice.number,
        "metadata:documenttype": invoice.kind,
    }
    if invoice.total is not None:
        options["metadata:totalamount"] = f"{invoice.total:.2f}"
    if invoice.vat is not None:
        options["metadata:totalvatamount"] = f"{invoice.vat:.2f}"
    if invoice.kind == "CreditNote":
        options["metadata:transactionid"] = invoice.transaction_id
    for name, value in options.items():
        if not value or not _ALLOWED.fullmatch(value.replace(".", "")):
            raise RejectedRecord(f"{name} cannot be {value!r}", record_id=invoice.order_id)
    return options


def invoice_verdict(client: AmazonClient, feed_id: str) -> Verdict:
    """UNKNOWN while Amazon works on it; ConfigurationError when Amazon invoices by itself."""
    feed = read_feed(client, feed_id)
    if not feed.is_final:
        return Verdict(key=feed_id, outcome=Outcome.UNKNOWN, message="Amazon is working on it")
    refused = parse_file_report(read_report(client, feed))
    words = "; ".join(refused.values())
    if AMAZON_INVOICES_ITSELF in words:
        raise ConfigurationError(words, code=AMAZON_INVOICES_ITSELF)
    if feed.processing_status != "DONE" or words:
        return Verdict(key=feed_id, outcome=Outcome.REJECTED, message=words or feed.processing_status)
    return Verdict(key=feed_id, outcome=Outcome.DONE)
