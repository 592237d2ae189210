"""The chain of documents that an order became in the ERP, kept as the ERP tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import save_fields
from comptoir.finance.credit_notes import count_as_told, first_word
from comptoir.finance.models import ErpDocument
from comptoir.journal.issues import Reason, Trouble
from comptoir.orders.history import new_event
from comptoir.orders.models import Order, OrderEvent
from comptoir.sdk.documents import DocumentKind
from comptoir.sdk.documents import ErpDocument as Told
from comptoir.sdk.records import Rejected
from comptoir.sdk.storable import storable

Key = tuple[int, str, str]
LARGEST = Decimal(999_999_999)
_CHANGING = ("origin", "document_date", "total_amount", "tax_amount", "currency", "lines", "updated_at")
_LIFE = {kind: place for place, kind in enumerate(("order", "preparation", "delivery", "invoice"))}


@dataclass
class Recorded:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    papers: list[tuple[Order, Told]] = field(default_factory=list)
    """Invoices and credit notes that came with their file."""


def record_documents(erp: Channel, told: Sequence[Told], *, run_id: int | None = None) -> Recorded:
    """Keep the ERP's word of each document, in the transaction of its batch. Told again, nothing changes."""
    if not connection.in_atomic_block:
        raise RuntimeError("record_documents needs a transaction")
    result = Recorded()
    orders = _locked_orders(told)
    known: dict[Key, ErpDocument] = {
        (one.order_id, one.kind, one.number): one
        for one in ErpDocument.objects.filter(channel=erp, order__in=orders.values())
    }
    changed: list[ErpDocument] = []
    plain: list[ErpDocument] = []
    events: list[OrderEvent] = []
    for document in _newest(told):
        order = orders.get(document.order_reference)
        if fault := _fault(document, order):
            result.rejected.append(fault)
            continue
        assert order is not None
        if document.content and document.kind in (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE):
            result.papers.append((order, document))
        found = known.get((order.pk, document.kind.value, document.number))
        if found is None:
            made = _new(erp, order, document)
            result.created += 1
            if document.kind is DocumentKind.CREDIT_NOTE or made.asked_as:
                result.troubles += _tell_at_once(made, order)
            else:
                plain.append(made)
            events.append(_event(made, order, run_id))
        elif _differs(found, document):
            result.troubles += _after_change(found, order, document)
            for name, value in _values(document).items():
                setattr(found, name, value)
            changed.append(found)
        else:
            result.unchanged += 1
    ErpDocument.objects.bulk_create(plain)
    save_fields(changed, _CHANGING)
    OrderEvent.objects.bulk_create(events)
    result.changed = len(changed)
    return result


def chain_of(order: Order) -> list[ErpDocument]:
    """In the order of an order's life."""
    found = order.erp_documents.select_related("refund")
    return sorted(found, key=lambda one: (_LIFE.get(one.kind, 9), one.document_date, one.pk))


def _locked_orders(told: Sequence[Told]) -> dict[str, Order]:
    """In the order of their ids, as every writer of orders does."""
    names = {storable(one.order_reference) for one in told}
    found = Order.objects.filter(reference__in=names).select_related("channel").order_by("id")
    return {order.reference: order for order in found.select_for_update(no_key=True, of=("self",))}


def _newest(told: Sequence[Told]) -> Iterator[Told]:
    """The last word of each document of the batch; those that we asked for first, so that they are known."""
    last = {(one.order_reference, one.kind, one.number): one for one in told}
    yield from sorted(last.values(), key=lambda one: not one.refund_id)


def _fault(document: Told, order: Order | None) -> Rejected | None:
    name = f"{document.order_reference} {document.kind.value} {document.number}"
    words, code = "", "invalid"
    if order is None:
        words, code = f"No order has the reference {document.order_reference}.", "unknown_order"
    elif not 0 < len(document.number) <= 60 or document.number != storable(document.number):
        words = f"{document.number[:80]!r} is no number of a document."
    elif not document.total_amount.is_finite() or abs(document.total_amount) > LARGEST:
        words = f"{document.total_amount} is no amount of a document."
    elif document.kind is DocumentKind.CREDIT_NOTE and document.total_amount <= 0:
        words = f"The credit note {document.number} gives back {document.total_amount}."
    elif document.currency != order.currency:
        words = f"{document.number} is in {document.currency}, its order in {order.currency}."
    return Rejected(external_id=name[:200], message=words, code=code, line=document.line) if words else None


def _values(document: Told) -> dict[str, Any]:
    return {
        "origin": storable(document.origin)[:60], "document_date": document.document_date,
        "total_amount": document.total_amount, "tax_amount": document.tax_amount, "currency": document.currency,
        "lines": [
            {"sku": storable(line.sku), "line": storable(line.line_id), "quantity": line.quantity,
             "amount": f"{line.amount:.2f}"}
            for line in document.lines
        ],
        "updated_at": clock.now(),
    }  # fmt: skip


def _differs(known: ErpDocument, document: Told) -> bool:
    values = _values(document)
    return any(getattr(known, name) != values[name] for name in _CHANGING if name != "updated_at")


def _new(erp: Channel, order: Order, document: Told) -> ErpDocument:
    return ErpDocument(
        channel=erp, order=order, kind=document.kind.value, number=document.number, created_at=clock.now(),
        asked_as=storable(document.refund_id)[:80], **_values(document),
    )  # fmt: skip


def _tell_at_once(made: ErpDocument, order: Order) -> list[Trouble]:
    """What becomes of the next credit note depends on those that were told."""
    made.refunding = first_word(made, order)
    made.save(force_insert=True)
    return count_as_told(made, order) if made.refunding else []


def _event(document: ErpDocument, order: Order, run_id: int | None) -> OrderEvent:
    return new_event(
        order, f"erp_{document.kind}", run_id=run_id, document=document.number,
        amount=f"{document.total_amount:.2f}", currency=document.currency,
    )  # fmt: skip


def _after_change(known: ErpDocument, order: Order, document: Told) -> list[Trouble]:
    """A credit note that was counted already says another amount now: nobody can guess what that means."""
    if not known.refunding or known.total_amount == document.total_amount:
        return []
    return [
        Trouble(
            Reason.DIVERGENCE,
            f"The credit note {known.number} was of {known.total_amount:.2f} and is now of "
            f"{document.total_amount:.2f} {document.currency}: what the buyer got was not changed.",
            channel=order.channel.key, flow="import_documents_from_erp", subject_kind="order",
            subject=order.external_id, action="check_order", detail={"credit_note": known.number},
        )
    ]  # fmt: skip
