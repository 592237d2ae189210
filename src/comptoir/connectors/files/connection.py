"""The ports of an ERP, over a shared folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from comptoir.connectors.files.contract import JOURNAL, KINDS_FROM_ERP, KINDS_TO_ERP, PairName, Place
from comptoir.connectors.files.csv_profiles import CONTRACT_ITSELF, Profile, load
from comptoir.connectors.files.documents import LARGEST_PAPER, whole_documents
from comptoir.connectors.files.export_file import Dialect
from comptoir.connectors.files.folder import Folder
from comptoir.connectors.files.inbox import Inbox
from comptoir.connectors.files.local import LocalFolder
from comptoir.connectors.files.outbox import Outbox, journal, table
from comptoir.connectors.files.purchases import whole_states
from comptoir.connectors.files.sent import read_report
from comptoir.connectors.files.settings import DECIMAL_MARKS, SEPARATOR_MARKS, FilesSettings
from comptoir.connectors.files.sftp import SftpFolder
from comptoir.connectors.files.sources import (
    DOCUMENTS,
    ORDER_STATES,
    PRODUCTS,
    PURCHASE_STATES,
    SHIPMENTS,
    STOCK,
)
from comptoir.connectors.files.targets import CANCELLATIONS, ORDERS, PURCHASE_ORDERS, REFUNDS, TARGETS, Target
from comptoir.sdk.accounting import AccountingLine
from comptoir.sdk.connector import Context
from comptoir.sdk.documents import DocumentBatch
from comptoir.sdk.purchasing import ErpPurchaseOrder, PurchaseStateBatch
from comptoir.sdk.records import (
    ChannelProfile,
    ErpCancellation,
    ErpOrder,
    ErpRefund,
    OrderStateBatch,
    ProductBatch,
    Receipt,
    Rejected,
    ShipmentBatch,
    StockBatch,
    SubmissionReport,
)

T = TypeVar("T")

OWN_PLACES = (Place.FROM_ERP_DONE, Place.FROM_ERP_REFUSED, Place.FROM_ERP_RECEIPTS)
"""Ours to make. `to_erp` and `from_erp` are not: without them the disk is not mounted, and files written
into the bare mount point would never be seen again."""


class FilesConnection:
    order_batch_size: int = 200

    def __init__(self, settings: FilesSettings, context: Context, folder: Folder | None = None) -> None:
        self._settings = settings
        self._folder = folder or _folder(settings, context)
        profile = _profile(settings)
        self._dialect = Dialect(profile.encoding, profile.separator, profile.decimal, profile)
        gap_alarm = timedelta(minutes=settings.gap_alarm_minutes)
        self._inbox = Inbox(self._folder, context.clock, gap_alarm, profile)
        self._outbox = Outbox(self._folder, context.clock)
        self.order_batch_size = settings.batch_size

    def close(self) -> None:
        if isinstance(self._folder, SftpFolder):
            self._folder.close()

    def check(self) -> ChannelProfile:
        """Every place can be written to, and what waits on both sides. ConfigurationError otherwise."""
        for place in (Place.TO_ERP, Place.FROM_ERP):
            self._folder.probe(place)
        self._prepare()
        for place in OWN_PLACES:
            self._folder.probe(place)
        return ChannelProfile(
            account_id=self._settings.folder,
            account_name=Path(self._settings.folder).name,
            features=self._waiting(),
            warnings=tuple(self._warnings()),
        )

    # --- from the ERP -----------------------------------------------------------------------------------

    def product_batches(self, cursor: str) -> Iterator[ProductBatch]:
        self._prepare()
        for found in self._inbox.deliveries(PRODUCTS, cursor):
            yield ProductBatch(
                key=found.key,
                cursor=found.position.encode(),
                rejected=found.rejected,
                products=found.records,
                lines=found.lines,
                complete=found.complete,
            )

    def stock_batches(self, cursor: str) -> Iterator[StockBatch]:
        self._prepare()
        for found in self._inbox.deliveries(STOCK, cursor):
            yield StockBatch(
                key=found.key,
                cursor=found.position.encode(),
                rejected=found.rejected,
                levels=found.records,
                as_of=found.as_of,
                lines=found.lines,
                complete=found.complete,
            )

    def shipment_batches(self, cursor: str) -> Iterator[ShipmentBatch]:
        self._prepare()
        for found in self._inbox.deliveries(SHIPMENTS, cursor):
            yield ShipmentBatch(
                key=found.key,
                cursor=found.position.encode(),
                rejected=found.rejected,
                shipments=found.records,
            )

    def order_state_batches(self, cursor: str) -> Iterator[OrderStateBatch]:
        self._prepare()
        for found in self._inbox.deliveries(ORDER_STATES, cursor):
            yield OrderStateBatch(
                key=found.key,
                cursor=found.position.encode(),
                rejected=found.rejected,
                states=found.records,
            )

    def document_batches(self, cursor: str) -> Iterator[DocumentBatch]:
        self._prepare()
        for found in self._inbox.deliveries(DOCUMENTS, cursor):
            documents, refused = whole_documents(found.records, self._paper)
            yield DocumentBatch(
                key=found.key,
                cursor=found.position.encode(),
                rejected=(*found.rejected, *refused),
                documents=tuple(documents),
            )

    def purchase_state_batches(self, cursor: str) -> Iterator[PurchaseStateBatch]:
        self._prepare()
        for found in self._inbox.deliveries(PURCHASE_STATES, cursor):
            yield PurchaseStateBatch(
                key=found.key,
                cursor=found.position.encode(),
                rejected=found.rejected,
                states=tuple(whole_states(found.records)),
            )

    def acknowledge(self, key: str, rejected: Sequence[Rejected]) -> None:
        self._prepare()
        self._inbox.acknowledge(key, rejected)

    # --- to the ERP -------------------------------------------------------------------------------------

    def submit_orders(self, number: int, orders: Sequence[ErpOrder]) -> Receipt:
        return self._send(ORDERS, number, orders)

    def submit_cancellations(self, number: int, cancellations: Sequence[ErpCancellation]) -> Receipt:
        return self._send(CANCELLATIONS, number, cancellations)

    def submit_refunds(self, number: int, refunds: Sequence[ErpRefund]) -> Receipt:
        return self._send(REFUNDS, number, refunds)

    def submit_purchase_orders(self, number: int, orders: Sequence[ErpPurchaseOrder]) -> Receipt:
        return self._send(PURCHASE_ORDERS, number, orders)

    def submit_journal(self, number: int, lines: Sequence[AccountingLine]) -> Receipt:
        payload = journal(lines, self._settings.journal_format)
        return Receipt(external_id=self._outbox.send(JOURNAL, number, payload))

    def read_export(self, kind: str, external_id: str) -> SubmissionReport:
        name = PairName.parse(external_id)
        if name is None or name.kind != kind or kind not in KINDS_TO_ERP:
            raise ValueError(f"not an export of {kind}: {external_id!r}")
        return read_report(self._folder, name)

    def _send(self, target: Target[T], number: int, items: Sequence[T]) -> Receipt:
        rows = [row for item in items for row in target.build(item, self._dialect)]
        payload = table(target.kind, target.header, rows, self._dialect, key=target.key)
        sent = self._outbox.send(target.kind, number, payload)
        return Receipt(external_id=sent)

    def _paper(self, name: str) -> bytes | None:
        """Not more than can be kept of it; the name was checked."""
        stream = self._folder.open(Place.FROM_ERP_PAPERS, name)
        if stream is None:
            return None
        with stream:
            return stream.read(LARGEST_PAPER + 1)

    def _prepare(self) -> None:
        for place in OWN_PLACES:
            self._folder.prepare(place)

    def _waiting(self) -> dict[str, str]:
        counts = {f"waiting_{kind}": len(self._inbox.waiting(kind)) for kind in KINDS_FROM_ERP}
        names = (PairName.of_file(name, "json") for name in self._folder.names(Place.TO_ERP))
        sent = [name.kind for name in names if name]
        counts |= {f"waiting_{kind}": sent.count(kind) for kind in KINDS_TO_ERP}
        return {name: str(count) for name, count in counts.items()}

    def _warnings(self) -> Iterator[str]:
        for name in self._folder.names(Place.FROM_ERP):
            pair = PairName.of_file(name, "json") or PairName.of_file(name, "csv")
            if pair is None or pair.kind not in KINDS_FROM_ERP:
                yield f"{name} in {Place.FROM_ERP} is no file of this contract: it is left alone."


def _profile(settings: FilesSettings) -> Profile:
    """ConfigurationError when the profile's file is not there or makes no sense."""
    if settings.profile != CONTRACT_ITSELF:
        return load(settings.profile, {kind: target.header for kind, target in TARGETS.items()})
    separator, decimal = SEPARATOR_MARKS[settings.separator], DECIMAL_MARKS[settings.decimal]
    return Profile(encoding=settings.encoding, separator=separator, decimal=decimal)


def _folder(settings: FilesSettings, context: Context) -> Folder:
    return SftpFolder(settings, context) if settings.sftp_server else LocalFolder(Path(settings.folder))
