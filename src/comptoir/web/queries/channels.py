"""Reading one channel: what it supports, its state, its last calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from comptoir.channels.models import Channel
from comptoir.flows.connect import UnknownConnector, connector_type
from comptoir.flows.models import Turn
from comptoir.flows.registry import flows
from comptoir.journal.models import Exchange, Issue
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.settings import SettingField

PORTS = {
    "OrderSource": N_("Read orders"),
    "OrderAcceptor": N_("Accept and refuse orders"),
    "ShipmentTarget": N_("Confirm shipments with tracking"),
    "CancellationTarget": N_("Cancel orders and lines"),
    "RefundTarget": N_("Refund"),
    "ReferenceTarget": N_("Write our order number there"),
    "StockTarget": N_("Publish stock"),
    "LeadTimeTarget": N_("Publish preparation times"),
    "PriceTarget": N_("Publish prices"),
    "OfferTarget": N_("Create whole offers"),
    "SubmissionReader": N_("Read the verdict of each item sent"),
    "OfferSource": N_("Read offers back"),
    "PriceWatch": N_("See competing offers"),
}
ERP_PORTS = {
    "ProductSource": N_("Read products"),
    "ProductKeySource": N_("See which products were deleted"),
    "StockSource": N_("Read stock"),
    "OrderTarget": N_("Send orders, cancellations and refunds"),
    "ShipmentSource": N_("Read shipments"),
    "OrderStateSource": N_("Read what becomes of orders"),
    "BookedOrderSource": N_("Compare the ERP's books with ours"),
    "DocumentSource": N_("Read invoices and credit notes"),
    "PurchaseOrderTarget": N_("Send orders to suppliers"),
    "PurchaseOrderSource": N_("Read what becomes of orders to suppliers"),
    "JournalTarget": N_("Send accounting entries"),
    "BuyerAccounts": N_("Forget buyers there too"),
    "BatchAcknowledger": N_("Tell what was taken"),
}
# The tour: what each ability gives, or how one does without it.
MEANINGS = {
    "OrderSource": N_("Every few minutes, whole, with the original message."),
    "OrderAcceptor": N_("By the rule, or from the order; otherwise answer on the channel."),
    "ShipmentTarget": N_("Carrier and tracking number follow by themselves."),
    "CancellationTarget": N_("Asked for from the order; the channel decides."),
    "RefundTarget": N_("Asked for from the order, line by line; otherwise refund on the channel."),
    "ReferenceTarget": N_("You find an order there by the number that the ERP knows."),
    "StockTarget": N_("Each minute, what differs."),
    "LeadTimeTarget": N_(
        "Told at each change, before a closure too; otherwise once, when an offer is created."
    ),
    "PriceTarget": N_("Each minute, what differs, never under the floor."),
    "OfferTarget": N_("New articles go on sale without a file."),
    "SubmissionReader": N_("Each refusal is shown on its offer, in the channel's words."),
    "OfferSource": N_("Once a day: what somebody else changed is found."),
    "PriceWatch": N_("What rivals ask for the same article."),
    "ProductSource": N_("Articles, prices and barcodes come by themselves."),
    "ProductKeySource": N_("Once a day, behind a guard; else they stay until the ERP says that they sleep."),
    "StockSource": N_("Each count says when it was taken."),
    "OrderTarget": N_("In numbered deliveries, nothing twice."),
    "ShipmentSource": N_("Parcels of the ERP are told to the channels."),
    "OrderStateSource": N_("Documents and their states show on the order."),
    "BookedOrderSource": N_("Once a day, order by order; else its receipts are all that is known."),
    "DocumentSource": N_("Each document shows on its order; a credit note may refund the buyer."),
    "PurchaseOrderTarget": N_("Looked up before they are made, nothing twice."),
    "PurchaseOrderSource": N_("Receipts show on the order to the supplier."),
    "JournalTarget": N_("Balanced to the cent, nothing twice."),
    "BuyerAccounts": N_("Where it keeps an account for each buyer."),
    "BatchAcknowledger": N_("The ERP knows what it may forget."),
}
_SHOWN = {Role.MARKETPLACE: PORTS, Role.ERP: ERP_PORTS, Role.CARRIER: {}}


@dataclass(frozen=True)
class Ability:
    label: str
    supported: bool
    meaning: str = ""


@dataclass(frozen=True)
class ChannelFile:
    channel: Channel
    connector: ConnectorType | None
    abilities: list[Ability]
    settings: list[tuple[str, Any]]
    issues: int
    exchanges: list[Exchange]


def read_channel(channel: Channel) -> ChannelFile:
    try:
        connector = connector_type(channel.kind)
    except UnknownConnector:
        connector = None
    return ChannelFile(
        channel,
        connector,
        abilities(connector) if connector else [],
        [(gettext(field.setting.label), _shape(field)) for field in connector.settings.fields()]
        if connector
        else [],
        Issue.objects.filter(channel=channel.key, state=Issue.State.OPEN).count(),
        list(Exchange.objects.filter(channel=channel.key)[:10]),
    )


def abilities(connector: ConnectorType) -> list[Ability]:
    shown = _SHOWN[connector.role]
    return [
        Ability(gettext(label), port in connector.capabilities, _meaning(port))
        for port, label in shown.items()
    ]


def _meaning(port: str) -> str:
    return gettext(MEANINGS[port]) if port in MEANINGS else ""


def flow_names(channel: Channel) -> list[str]:
    """The flows that run on this channel."""
    planned = set(Turn.objects.filter(channel=channel.key).values_list("flow", flat=True))
    return [name for name in flows() if name in planned]


def _shape(field: SettingField) -> str:
    return gettext("secret") if field.setting.secret else field.kind
