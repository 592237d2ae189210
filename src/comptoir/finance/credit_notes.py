"""Credit notes that the ERP made by itself, and the buyer's money.

A credit note says that so much of the order's lines is given back. Its shares count at once as *told to the ERP*
(`erp_refunded_amount`): the refund that follows is never told to it a second time. What has still to be given
back is the difference between what the ERP knows of a line and what the buyer got or will get: asked for once,
within what can be refunded, and nothing at all where the channel gave it back already.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from comptoir.core import clock
from comptoir.finance.credit_shares import share
from comptoir.finance.models import CreditNoteRule, ErpDocument
from comptoir.journal.audit import record_change
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.orders.history import write_event
from comptoir.orders.models import ErpExportItem, Order, OrderLine, Refund
from comptoir.orders.refunds import (
    CannotRefund,
    given_back,
    given_back_units,
    refundable_lines,
    request_refund,
)
from comptoir.sdk.money import ZERO

FLOW = "refund_credit_notes"
Refunding = ErpDocument.Refunding
WAITING = (Refunding.TO_DECIDE, Refunding.WANTED)


class AlreadyDecided(ValueError):  # noqa: N818
    """The credit note was settled meanwhile."""


def is_open(document: ErpDocument) -> bool:
    """Can a person still decide: nothing was asked for, or the channel refused it?"""
    refused = document.refund is not None and document.refund.state == Refund.State.REJECTED
    return document.refunding in WAITING or (document.refunding == Refunding.ASKED and refused)


def first_word(document: ErpDocument, order: Order) -> Refunding:
    """What becomes of a document that is told for the first time."""
    if document.kind != ErpDocument.Kind.CREDIT_NOTE or document.asked_as:
        return Refunding.NONE
    if _may_be_ours(document, order):
        return Refunding.TO_DECIDE
    automatic = CreditNoteRule.objects.filter(channel=order.channel_id, automatic=True).exists()
    return Refunding.WANTED if automatic else Refunding.TO_DECIDE


def _may_be_ours(document: ErpDocument, order: Order) -> bool:
    """An ERP may tell a note that we asked for without the id of our refund. One of the same amount, whose own note
    was not told yet: no rule moves money on that."""
    asked = ErpExportItem.objects.filter(order=order, export__kind="refunds", amount=document.total_amount)
    told = ErpDocument.objects.filter(order=order).exclude(asked_as="").values_list("asked_as", flat=True)
    return asked.exclude(key__in=list(told)).exclude(outcome="rejected").exists()


def _lines(order: Order) -> list[OrderLine]:
    """Locked: a delivery to the ERP counts on the same rows."""
    found = OrderLine.objects.filter(order=order).select_for_update(no_key=True).order_by("id")
    return sorted(found, key=lambda line: line.line_number)


def count_as_told(document: ErpDocument, order: Order) -> list[Trouble]:
    """Share the credit note among the order's lines and count it as told to the ERP, whose own word it is.

    Returns the Issue of a part that fits no line: more than was ever paid.
    """
    lines = _lines(order)
    document.shares, left = share(document, order, lines)
    _count(document, lines, sign=1)
    if left:  # beyond all that was paid: no rule moves money on such a word
        document.refunding = Refunding.TO_DECIDE
    document.save(update_fields=["shares", "refunding"])
    if not left:
        return [] if document.refunding == Refunding.WANTED else [_undecided(document, order)]
    words = (
        f"{left:.2f} {order.currency} of the credit note {document.number} fit no line of {order.reference}."
    )
    return [_trouble(document, order, words)]


def _count(document: ErpDocument, lines: list[OrderLine], *, sign: int) -> None:
    for line in lines:
        part = document.shares.get(line.external_id)
        if part:
            line.erp_refunded_amount += sign * Decimal(part["amount"])
            line.erp_refunded_quantity += sign * int(part["quantity"])
            line.save(update_fields=["erp_refunded_amount", "erp_refunded_quantity"])


# --- giving back ----------------------------------------------------------------------------------------


@transaction.atomic
def refund_credit_note(document_id: int, *, run_id: int | None = None) -> list[Trouble]:
    """Ask the channel for what the credit note gives back and the buyer does not have yet.

    Where the order does not allow it yet (nothing has left, another request is open), it stays wanted and the
    Issue says why.
    """
    document, order = _locked(document_id)
    if document.refunding != Refunding.WANTED:
        return []
    _lines(order)
    units, owed = still_owed(document, order)
    if not owed:
        _settle(document, order, Refunding.ALREADY, actor=document.decided_by or "comptoir")
        return []
    try:
        with transaction.atomic():
            goods, shipping = _apart(order, owed)
            refund = request_refund(
                order.pk, lines=units, amounts=goods, shipping=shipping,
                actor=document.decided_by or "comptoir",
            )  # fmt: skip
    except CannotRefund as error:
        document.message = str(error)
        document.save(update_fields=["message"])
        return [_trouble(document, order, f"The credit note {document.number} cannot be refunded: {error}")]
    _settle(document, order, Refunding.ASKED, actor=document.decided_by or "comptoir", refund=refund)
    return []


@transaction.atomic
def ask_what_is_left(refund: Refund) -> bool:
    """Take a credit note up again whose refund the channel refused, having given a part back by itself meanwhile (the
    buyer sent something back): `refund_credit_note` asks for what is owed still, if anything. The order was read since.

    False where no less is owed than was refused: that is for a person.
    """
    asked = ErpDocument.objects.filter(refund=refund, refunding=Refunding.ASKED).values_list("pk", flat=True)
    for document_id in asked:
        document, order = _locked(document_id)
        _, owed = still_owed(document, order)
        refused = sum(
            (Decimal(one["amount"]) + Decimal(one["shipping"]) for one in refund.lines.values()), ZERO
        )
        if sum(owed.values(), ZERO) < refused:
            document.refunding, document.refund = Refunding.WANTED, None
            document.save(update_fields=["refunding", "refund"])
            _note(document, "comptoir", "refund")
            return True
    return False


def cannot_refund_there(document: ErpDocument) -> Trouble:
    """Of a channel that takes no refund from here: a person gives back there, and says so here."""
    order = document.order
    words = (
        f"{order.channel.name} takes no refund from here: give {document.total_amount:.2f} {order.currency} back "
        f"there for the credit note {document.number}, then say that it is given back."
    )
    return _trouble(document, order, words, reason=Reason.TO_DECIDE)


def still_owed(document: ErpDocument, order: Order) -> tuple[dict[str, int], dict[str, Decimal]]:
    """Units and money by line: what the ERP knows to be given back, less what the buyer got or is to get."""
    asked: dict[str, Decimal] = {}
    for refund in order.refunds.filter(state__in=[Refund.State.REQUESTED, Refund.State.UNKNOWN]):
        for key, line in refund.lines.items():
            asked[key] = asked.get(key, ZERO) + Decimal(line["amount"]) + Decimal(line["shipping"])
    possible = refundable_lines(order)
    units: dict[str, int] = {}
    amounts: dict[str, Decimal] = {}
    for line in order.lines.all():
        part = document.shares.get(line.external_id)
        if not part:
            continue
        owed = line.erp_refunded_amount - given_back(line) - asked.get(line.external_id, ZERO)
        amount = min(Decimal(part["amount"]), owed)
        if amount > 0:
            amounts[line.external_id] = amount
            left = possible[line.external_id].quantity if line.external_id in possible else 0
            units[line.external_id] = min(int(part["quantity"]), left)
    return units, amounts


def _apart(order: Order, owed: dict[str, Decimal]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Money for the goods, and what goes beyond them for their shipping: channels ask for the two apart."""
    goods, shipping = {}, {}
    for line in order.lines.filter(external_id__in=owed):
        amount, worth = owed[line.external_id], line.amount - line.discount_amount - given_back(line)
        goods[line.external_id] = min(amount, worth) if line.shipping_amount and worth > 0 else amount
        shipping[line.external_id] = amount - goods[line.external_id]
    return goods, shipping


# --- a person decides -----------------------------------------------------------------------------------


@transaction.atomic
def decide_credit_note(document_id: int, decision: str, *, actor: str) -> ErpDocument:
    """`refund`: the channel is asked. `already`: the buyer has the money, by another way. `decline`: none is
    owed. AlreadyDecided when it is settled; ValueError for another word."""
    document, order = _locked(document_id)
    if not is_open(document):
        raise AlreadyDecided(document.number)
    document.decided_by, document.decided_at = actor, clock.now()
    if decision == "refund":
        document.refunding, document.refund = Refunding.WANTED, None
        document.save(update_fields=["refunding", "refund", "decided_by", "decided_at"])
        _note(document, actor, decision)
    elif decision == "already":
        _give_back_elsewhere(document, order)
        _settle(document, order, Refunding.ALREADY, actor=actor)
    elif decision == "decline":
        # Without its refund it must not hide a later one from the ERP.
        _count(document, _lines(order), sign=-1)
        _settle(document, order, Refunding.DECLINED, actor=actor)
    else:
        raise ValueError(decision)
    return document


def _give_back_elsewhere(document: ErpDocument, order: Order) -> None:
    """What the channel never shows counts as given back all the same: it is not to be paid twice."""
    units, amounts = still_owed(document, order)
    for line in order.lines.filter(external_id__in=amounts):
        line.given_back_amount = given_back(line) + amounts[line.external_id]
        line.given_back_quantity = given_back_units(line) + units[line.external_id]
        line.save(update_fields=["given_back_amount", "given_back_quantity"])


def set_rule(channel_id: int, *, automatic: bool, actor: str) -> None:
    rule, _ = CreditNoteRule.objects.get_or_create(
        channel_id=channel_id, defaults={"changed_at": clock.now()}
    )
    if rule.automatic != automatic:
        rule.automatic, rule.changed_at = automatic, clock.now()
        rule.save(update_fields=["automatic", "changed_at"])
        record_change(actor=actor, action="channel.credit_notes", subject_kind="channel",
                      subject=rule.channel.key, after={"automatic": automatic})  # fmt: skip


def _locked(document_id: int) -> tuple[ErpDocument, Order]:
    """The order first, as every writer of orders does."""
    known = ErpDocument.objects.only("order_id").get(pk=document_id)
    order = Order.objects.select_for_update(no_key=True).get(pk=known.order_id)
    return ErpDocument.objects.select_for_update().get(pk=document_id), order


def _settle(
    document: ErpDocument, order: Order, refunding: Refunding, *, actor: str, refund: Refund | None = None
) -> None:
    document.refunding, document.refund, document.message = refunding, refund, ""
    document.decided_by, document.decided_at = actor, clock.now()
    document.save(update_fields=["refunding", "refund", "message", "decided_by", "decided_at"])
    _note(document, actor, refunding.value)
    write_event(order, f"credit_note_{refunding.value}", actor=actor, document=document.number,
                amount=f"{document.total_amount:.2f}", currency=document.currency)  # fmt: skip
    close_issues(
        by=actor, resolution="the credit note is settled", subject_kind="credit_note",
        subjects=[_subject(document, order)], channel=order.channel.key,
    )  # fmt: skip


def _note(document: ErpDocument, actor: str, decision: str) -> None:
    record_change(actor=actor, action="credit_note.decided", subject_kind="order",
                  subject=document.order.reference,
                  after={"credit_note": document.number, "decision": decision})  # fmt: skip


def _undecided(document: ErpDocument, order: Order) -> Trouble:
    words = (
        f"The ERP made the credit note {document.number} of {document.total_amount:.2f} {order.currency} on "
        f"{order.reference}: is the buyer to be refunded?"
    )
    return _trouble(document, order, words, reason=Reason.TO_DECIDE)


def _trouble(
    document: ErpDocument, order: Order, words: str, *, reason: Reason = Reason.DIVERGENCE
) -> Trouble:
    return Trouble(
        reason, words, channel=order.channel.key, flow=FLOW, subject_kind="credit_note",
        subject=_subject(document, order), action="decide_credit_note",
        detail={"order": order.external_id, "reference": order.reference, "credit_note": document.number},
    )  # fmt: skip


def _subject(document: ErpDocument, order: Order) -> str:
    return f"{order.reference} {document.number}"
