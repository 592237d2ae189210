"""The other half of one Amazon channel: invoices, notices, the secret's end, barcodes, what is only assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from comptoir.connectors.amazon.barcodes import Barcodes
from comptoir.connectors.amazon.catalogue import Catalogue
from comptoir.connectors.amazon.certification import Certifier
from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.invoices import InvoiceDesk
from comptoir.connectors.amazon.notifications import QUEUE_TYPES
from comptoir.connectors.amazon.queue import NoticeQueue, open_queue, queue_arn
from comptoir.connectors.amazon.reports import ReportDesk
from comptoir.connectors.amazon.rotation import ask_new_secret, client_secret
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.connectors.amazon.settlements import settlement_pages
from comptoir.connectors.amazon.subscriptions import subscribe
from comptoir.sdk.certification import Check
from comptoir.sdk.connector import Context
from comptoir.sdk.credentials import Credential
from comptoir.sdk.errors import ConfigurationError, RejectedRecord, UnexpectedAnswer
from comptoir.sdk.invoices import CustomerInvoice
from comptoir.sdk.notices import NoticeBatch
from comptoir.sdk.records import OfferDraft, Verdict
from comptoir.sdk.settlements import SettlementPage

_SUBSCRIBED_S = round(timedelta(days=1).total_seconds())


class BeyondOffers:
    settings: AmazonSettings
    context: Context
    client: AmazonClient
    catalogue: Catalogue
    reports: ReportDesk

    # --- invoices ---------------------------------------------------------------------------------------

    def send_invoices(self, invoices: Sequence[CustomerInvoice]) -> Iterator[Verdict]:
        return self._invoices().send(invoices)

    def read_invoice(self, external_id: str) -> Verdict:
        return self._invoices().read(external_id)

    def _invoices(self) -> InvoiceDesk:
        return InvoiceDesk(self.client, self.context, self.settings.marketplace.id)

    # --- money ------------------------------------------------------------------------------------------

    def settlement_pages(self, since: datetime) -> Iterator[SettlementPage]:
        return settlement_pages(self.reports, since)

    # --- notices ----------------------------------------------------------------------------------------

    def notice_batches(self) -> Iterator[NoticeBatch]:
        if self.settings.queue_url:
            self._subscribe()
            yield from self._queue().batches()

    def forget_notices(self, batch: NoticeBatch) -> None:
        self._queue().forget(batch)

    def _queue(self) -> NoticeQueue:
        if self._open_queue is None:
            self._open_queue = open_queue(self.settings, allow_loopback=self.context.allow_loopback)
        return self._open_queue

    _open_queue: NoticeQueue | None = None

    def _subscribe(self) -> None:
        """Once a day: somebody may have taken a subscription away."""
        arn = queue_arn(self.settings.queue_url)
        shared, key = self.context.shared or self.context.cache, f"subscribed:{arn}"[:90]
        if shared.get(key):
            return
        try:
            subscribe(self.client, arn, QUEUE_TYPES)
        except (ConfigurationError, RejectedRecord) as error:
            # Not worth stopping the channel for: its orders come by polling.
            raise UnexpectedAnswer(error.message, code=error.code) from error
        shared.set(key, b"1", seconds=_SUBSCRIBED_S)

    # --- the end of the client secret ---------------------------------------------------------------------

    def credentials(self) -> Sequence[Credential]:
        return [client_secret(self.settings)]

    def renew_credential(self, name: str) -> None:
        if name != "client_secret":
            raise RejectedRecord(f"{name} cannot be renewed", record_id=name)
        ask_new_secret(self.client)

    # --- barcodes ---------------------------------------------------------------------------------------

    def preview_listings(self, drafts: Sequence[OfferDraft]) -> Iterator[Verdict]:
        return self.barcodes().preview(drafts)

    def barcodes(self) -> Barcodes:
        return Barcodes(self.client, self.catalogue, self.settings)

    # --- what is only assumed -----------------------------------------------------------------------------

    def certify(self) -> Iterator[Check]:
        return Certifier(self.client, self.settings, self.context).run()
