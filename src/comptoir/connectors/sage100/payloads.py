"""What the pont is told: an order's lines with tax, to the cent. Strict: what does not add up does not leave."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from comptoir.connectors.sage100.buyers import account_of
from comptoir.connectors.sage100.settings import Sage100Settings
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Address, Buyer, ErpCancellation, ErpOrder, ErpRefund

CENT: Final = Decimal("0.01")
UNIT: Final = Decimal("0.000001")
MOST_ROUNDING: Final = Decimal("0.05")
REFERENCE_LENGTH: Final = 17
Variants = Mapping[str, tuple[str, str, str]]
"""SKU of a variant: the article, and the values of its ranges."""


def build_order(erp_order: ErpOrder, settings: Sage100Settings, variants: Variants) -> dict[str, Any]:
    """RejectedRecord, with the order's reference, when Sage could not hold it exactly."""
    order, reference = erp_order.order, erp_order.reference
    if not 0 < len(reference) <= REFERENCE_LENGTH or not reference.startswith(settings.reference_prefix):
        raise RejectedRecord(f"{reference} is no reference of ours.", code="reference", record_id=reference)
    if order.currency != "EUR":
        raise RejectedRecord(f"{reference} is in {order.currency}: Sage's company file keeps euros.", code="currency",
                             record_id=reference)  # fmt: skip
    generic = settings.client_of().get(erp_order.channel, settings.client)
    account = account_of(
        order.buyer, order.billing_address or order.shipping_address or Address(), generic, settings
    )
    return {
        "idExterne": reference,
        "client": account["numero"] if account else generic,
        **({"compteClient": account} if account else {}),
        "reference": reference,
        "referenceLongue": order.external_id[:51],
        "canal": erp_order.channel,
        "date": order.placed_at.date().isoformat(),
        "totalTtc": order.total_amount.quantize(CENT),
        "adresse": _address(order.shipping_address or Address(), order.buyer),
        "lignes": _lines(erp_order, settings, variants),
    }  # fmt: skip


def _lines(erp_order: ErpOrder, settings: Sage100Settings, variants: Variants) -> list[dict[str, Any]]:
    order, added = erp_order.order, Decimal(0)
    lines = []
    for line in order.lines:
        if line.fulfilled_by != "seller":
            continue
        amount = (line.amount + (0 if order.prices_include_tax else line.tax_amount)).quantize(CENT)
        article, first, second = variants.get(line.sku, (line.sku, "", ""))
        unit = _unit(amount, line.quantity, erp_order.reference)
        lines.append({"article": article, "gamme1": first, "gamme2": second, "designation": line.title[:69],
                      "quantite": line.quantity, "puTtc": unit})  # fmt: skip
        added += amount
    if order.shipping_amount:
        lines.append(_service(settings.shipping_article, "Frais de port", order.shipping_amount))
        added += order.shipping_amount
    if order.discount_amount:
        lines.append(_service(settings.discount_article, "Remise", -order.discount_amount))
        added -= order.discount_amount
    gap = order.total_amount - added
    if abs(gap) > MOST_ROUNDING:
        raise RejectedRecord(f"{erp_order.reference}: its lines make {added}, its total is {order.total_amount}.",
                             code="total", record_id=erp_order.reference)  # fmt: skip
    if gap:
        lines.append(_service(settings.rounding_article, "Arrondi", gap))
    return lines


def _unit(amount: Decimal, quantity: int, reference: str) -> Decimal:
    """Six decimals, as Sage keeps: multiplied and rounded again they give the amount back."""
    unit = (amount / quantity).quantize(UNIT, ROUND_HALF_UP)
    if (unit * quantity).quantize(CENT, ROUND_HALF_UP) != amount:
        raise RejectedRecord(f"{reference}: {amount} cannot be shared among {quantity} units.", code="rounding",
                             record_id=reference)  # fmt: skip
    return unit


def _service(article: str, words: str, amount: Decimal) -> dict[str, Any]:
    return {
        "article": article,
        "gamme1": "",
        "gamme2": "",
        "designation": words,
        "quantite": 1,
        "puTtc": amount,
    }


def _address(address: Address, buyer: Buyer) -> dict[str, str]:
    return {
        "nom": (address.name or buyer.name)[:69], "societe": address.company[:69], "l1": address.street_1[:69],
        "l2": address.street_2[:69], "cp": address.postcode[:15], "ville": address.city[:69],
        "pays": address.country[:35], "tel": (address.phone or buyer.phone)[:21], "mail": buyer.email[:69],
    }  # fmt: skip


def build_cancellation(item: ErpCancellation, variants: Variants) -> dict[str, Any]:
    article = variants.get(item.sku, (item.sku, "", ""))[0]
    return {
        "id": item.cancellation_id,
        "article": article,
        "quantite": item.quantity,
        "motif": item.reason[:69],
    }


def build_refund(item: ErpRefund, variants: Variants) -> dict[str, Any]:
    article = variants.get(item.sku, (item.sku, "", ""))[0]
    return {
        "idExterne": credit_reference(item.refund_id), "commande": item.order_reference, "article": article,
        "quantite": item.quantity, "montantTtc": item.amount.quantize(CENT),
        "date": item.refunded_at.date().isoformat(), "motif": item.reason[:69],
    }  # fmt: skip


def credit_reference(refund_id: str) -> str:
    """At most 17 characters, always the same for the same refund."""
    if len(refund_id) <= REFERENCE_LENGTH:
        return refund_id
    digest = hashlib.sha256(refund_id.encode()).digest()
    return "R" + b32encode(digest).decode()[: REFERENCE_LENGTH - 1]
