"""Prices of a channel that takes them without tax. Ours are always with tax, as the buyer pays them.

What leaves is price ÷ (1 + rate), rounded half up to the cent (BOI-TVA-DECLA-30-20-20), with the rate of the article;
its floor goes the same way, and since both are rounded alike a price above its floor stays above it. Coming back, the
channel's figure is ours when it is what ours rounds to; otherwise it is figure × (1 + rate), rounded alike: a cent lost
in rounding is no foreign write.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec

from comptoir.channels.models import Channel
from comptoir.core.bulk import fetch
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import to_cents
from comptoir.sdk.records import ListedOffer, OfferDraft, PriceUpdate

R = TypeVar("R", PriceUpdate, OfferDraft)
_RATES = """
SELECT o.sku, article.vat_rate, o.sent_price
FROM offers_offer o JOIN catalog_product article ON article.id = o.product_id
WHERE o.channel_id = %s AND o.sku = ANY(%s) AND article.vat_rate IS NOT NULL
"""
Known = dict[str, tuple[Decimal, Decimal | None]]
"""SKU: its rate in percent, and what we last sent, with tax."""


def without_tax(amount: Decimal, rate: Decimal) -> Decimal:
    return to_cents(amount / (1 + rate / 100))


def with_tax(amount: Decimal, rate: Decimal) -> Decimal:
    return to_cents(amount * (1 + rate / 100))


def as_the_channel_takes(channel: Channel, records: Sequence[R]) -> list[R]:
    """Raises RejectedRecord for the first article whose rate nobody knows."""
    if not channel.prices_without_tax:
        return list(records)
    known = _read(channel, [record.sku for record in records])
    for record in records:
        if record.sku not in known:
            words = f"{record.sku} has no VAT rate, and this channel takes prices without tax."
            raise RejectedRecord(words, code="no_vat_rate", record_id=record.sku)
    return [
        msgspec.structs.replace(
            record, price=without_tax(record.price, known[record.sku][0]),
            floor=without_tax(record.floor, known[record.sku][0]),
        )
        for record in records
    ]  # fmt: skip


def as_we_count(channel: Channel, listed: Sequence[ListedOffer]) -> list[ListedOffer]:
    """With tax. The price of an article whose rate nobody knows is not known either."""
    if not channel.prices_without_tax:
        return list(listed)
    known = _read(channel, [offer.sku for offer in listed])
    return [msgspec.structs.replace(offer, price=_counted(offer, known)) for offer in listed]


def _counted(offer: ListedOffer, known: Known) -> Decimal | None:
    if offer.price is None or offer.sku not in known:
        return None
    rate, sent = known[offer.sku]
    if sent is not None and without_tax(sent, rate) == offer.price:
        return sent
    return with_tax(offer.price, rate)


def _read(channel: Channel, skus: Sequence[str]) -> Known:
    return {sku: (rate, sent) for sku, rate, sent in fetch(_RATES, [channel.pk, list(skus)])}
