"""Invoices for buyers on their way to a channel."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from comptoir.channels.models import Channel, CustomerInvoice
from comptoir.core import clock
from comptoir.core.envelopes import open_envelope, sealer
from comptoir.journal.audit import record_change

State = CustomerInvoice.State


class NumberTaken(ValueError):  # noqa: N818
    """Another invoice of this channel has this number, and another content."""


@transaction.atomic
def add_invoice(
    channel: Channel,
    *,
    order_id: str,
    number: str,
    content: bytes,
    actor: str,
    file_name: str = "",
    kind: str = CustomerInvoice.Kind.INVOICE,
    total_amount: Decimal | None = None,
    tax_amount: Decimal | None = None,
    refund_id: str = "",
) -> CustomerInvoice:
    """`send_invoices` sends it. The same one again is the one that is there; a refused one starts anew."""
    sealed = sealer()(content, _about(channel.pk, kind, number))
    values = {
        "order_id": order_id, "content": sealed, "file_name": file_name or f"{number}.pdf", "refund_id": refund_id,
        "total_amount": total_amount, "tax_amount": tax_amount, "added_by": actor, "added_at": clock.now(),
    }  # fmt: skip
    invoice, made = CustomerInvoice.objects.select_for_update().get_or_create(
        channel=channel, kind=kind, number=number, defaults=values
    )
    if made:
        record_change(actor=actor, action="invoice.added", subject_kind="order", subject=order_id,
                      after={"number": number, "kind": kind})  # fmt: skip
        return invoice
    same = invoice.order_id == order_id and file_of(invoice) in (content, b"")
    if invoice.state == State.REJECTED:
        for name, value in {**values, "state": State.WAITING, "message": "", "external_id": ""}.items():
            setattr(invoice, name, value)
        invoice.save()
        record_change(actor=actor, action="invoice.added_again", subject_kind="order", subject=order_id,
                      after={"number": number, "kind": kind})  # fmt: skip
    elif not same:
        raise NumberTaken(number)
    return invoice


def file_of(invoice: CustomerInvoice) -> bytes:
    """The file, opened: it names the buyer, and is kept sealed."""
    return open_envelope(invoice.content, _about(invoice.channel_id, invoice.kind, invoice.number))


def _about(channel_id: int, kind: str, number: str) -> str:
    return f"invoice {channel_id} {kind} {number}"


def open_invoices(channel: Channel) -> QuerySet[CustomerInvoice]:
    return CustomerInvoice.objects.filter(channel=channel, state__in=[State.WAITING, State.SENT]).order_by(
        "id"
    )


def forget_files(channel: Channel, *, before: datetime) -> int:
    """The files of invoices that the channel took before then: they name buyers, and the ERP has them."""
    taken = CustomerInvoice.objects.filter(channel=channel, state=State.TAKEN, closed_at__lt=before)
    return taken.exclude(content=b"").update(content=b"")
