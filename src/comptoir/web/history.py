"""The history of an order in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from comptoir.orders.models import OrderEvent
from comptoir.sdk.i18n import N_
from comptoir.sdk.money import parse_amount
from comptoir.sdk.statuses import OrderStatus
from comptoir.web.formats import format_amount

SENTENCES = {
    "imported": N_("Received from the channel: %(status)s."),
    "status_changed": N_("The channel says: %(from)s → %(to)s."),
    "accepted": N_("%(actor)s decided to accept it; the channel is told at its next turn."),
    "refused": N_("%(actor)s decided to refuse it; the channel is told at its next turn."),
    "answered_yes": N_("The channel was told yes."),
    "answered_no": N_("The channel was told no."),
    "noted": N_("%(actor)s notes: %(text)s"),
    "held": N_("%(actor)s put it on hold: %(reason)s."),
    "released": N_("%(actor)s released it."),
    "cancellation_requested": N_("%(actor)s asked for its cancellation."),
    "refund_requested": N_("%(actor)s asked to give back %(amount)s %(currency)s (%(reference)s)."),
    "refunded": N_("%(amount)s %(currency)s were given back to the buyer (%(reference)s)."),
    "refund_refused": N_("The channel refuses to give back %(amount)s %(currency)s: %(message)s"),
    "shipped": N_("Units left: %(units)s, carrier %(carrier)s, tracking %(tracking)s (told by %(actor)s)."),
    "erp_order": N_("The ERP made the order %(document)s."),
    "erp_preparation": N_("The ERP made the preparation %(document)s."),
    "erp_delivery": N_("The ERP made the delivery note %(document)s."),
    "erp_invoice": N_("The ERP made the invoice %(document)s of %(amount)s %(currency)s."),
    "erp_credit_note": N_("The ERP made the credit note %(document)s of %(amount)s %(currency)s."),
    "erp_return": N_("The ERP made the return note %(document)s."),
    "credit_note_asked": N_("The credit note %(document)s of %(amount)s %(currency)s is refunded."),
    "credit_note_already": N_("%(actor)s: the credit note %(document)s was given back already."),
    "credit_note_declined": N_("%(actor)s: the credit note %(document)s is not given back."),
    "erp_status": N_("The ERP says: %(status)s, document %(document)s. %(message)s"),
}
ERP_STATUSES = {
    "received": N_("order received"), "preparing": N_("in preparation"), "shipped": N_("order shipped"),
    "cancelled": N_("order cancelled"), "rejected": N_("order rejected"),
}  # fmt: skip
"""`sdk.records.ErpOrderState`, in words."""
_VARIANTS = {("decided", True): "accepted", ("decided", False): "refused",
             ("answered", True): "answered_yes", ("answered", False): "answered_no"}  # fmt: skip


@dataclass(frozen=True)
class Told:
    at: datetime
    words: str
    kind: str
    run_id: int | None


def tell(event: OrderEvent) -> Told:
    kind = _VARIANTS.get((event.kind, event.data.get("accepted")), event.kind)
    sentence = SENTENCES.get(kind)
    words = gettext(sentence) % _Words(event) if sentence else event.kind.replace("_", " ")
    return Told(event.at, words.strip(), event.kind, event.run_id)


def erp_status_words(status: str) -> str:
    return gettext(ERP_STATUSES[status]) if status in ERP_STATUSES else status


class _Words(dict[str, Any]):
    """The event's facts as words; one that is absent is a dash."""

    def __init__(self, event: OrderEvent) -> None:
        super().__init__({"actor": event.actor or "Comptoir"} | event.data)
        self.of_erp = event.kind == "erp_status"

    def __missing__(self, name: str) -> str:
        return "–"

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if name == "status" and self.of_erp:
            return erp_status_words(str(value))
        if name in ("status", "from", "to") and value in set(OrderStatus):
            return gettext(OrderStatus(value).label)
        if name == "amount" and value != "–" and (amount := parse_amount(value)) is not None:
            return format_amount(amount)
        return "–" if value == "" and name != "message" else value
