"""What we sell there, as the marketplace shows it: OF21 page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import ListedOffer

PAGE = 100
PASSES = 3


class Context(msgspec.Struct):
    """There when a price is for some channels, customers or dates only."""

    channel_codes: list[str] | None = None


class Price(msgspec.Struct):
    """A price of OF21 (`price`, `unit_…`) or of OF54 (`origin_price`, `discount_price`)."""

    channel_code: str | None = None
    context: Context | None = None
    price: Decimal | None = None
    unit_origin_price: Decimal | None = None
    origin_price: Decimal | None = None
    discount_price: Decimal | None = None
    discount_start_date: datetime | None = None
    discount_end_date: datetime | None = None


class Reference(msgspec.Struct):
    reference_type: str | None = None
    reference: str | None = None


class Center(msgspec.Struct):
    code: str | None = None


class Fulfillment(msgspec.Struct):
    center: Center | None = None


class Offer(msgspec.Struct):
    shop_sku: str | None = None
    offer_id: str | int | None = None
    product_sku: str | None = None
    product_references: list[Reference] | None = None
    quantity: int | None = None
    price: Decimal | None = None
    all_prices: list[Price] | None = None
    applicable_pricing: Price | None = None
    prices: list[Price] | None = None
    currency_iso_code: str | None = None
    active: bool | None = None
    inactivity_reasons: list[str] | None = None
    state_code: str | None = None
    fulfillment: Fulfillment | None = None
    deleted: bool | None = None


class OfferPage(msgspec.Struct):
    offers: list[Offer]
    total_count: int | None = None


def first_page(client: MiraklClient) -> OfferPage:
    return _page(client, 0)


def paged_offers(
    client: MiraklClient, first: OfferPage, operator_centers: frozenset[str], now: datetime
) -> Iterator[Sequence[ListedOffer]]:
    """Every offer once. Prices and titles that change move offers between pages, so they are counted."""
    seen: set[str] = set()
    page, attempt, offset = first, 1, 0
    while True:
        fresh = [offer for offer in page.offers if _identity(offer) not in seen]
        seen.update(map(_identity, page.offers))
        if fresh:
            yield [parse_offer(offer, operator_centers, now) for offer in fresh]
        offset += len(set(map(_identity, page.offers)))
        if not page.offers or offset >= (page.total_count or 0):
            if len(seen) >= (page.total_count or 0):
                return
            if attempt == PASSES:
                raise UnexpectedAnswer(f"OF21 announces {page.total_count} offers and gave {len(seen)}.")
            attempt, offset = attempt + 1, 0
        page = _page(client, offset)


def parse_offer(offer: Offer, operator_centers: frozenset[str], now: datetime) -> ListedOffer:
    """A null quantity or price stays None: unknown is not zero."""
    center = offer.fulfillment.center if offer.fulfillment else None
    return ListedOffer(
        sku=offer.shop_sku or "",
        quantity=offer.quantity,
        price=default_price(offer, now),
        currency=offer.currency_iso_code or "",
        active=offer.active is not False,
        external_id="" if offer.offer_id is None else str(offer.offer_id),
        external_product_id=offer.product_sku or "",
        ean=_ean(offer),
        condition=offer.state_code or "",
        inactive_reasons=tuple(offer.inactivity_reasons or ()),
        fulfilled_by="channel" if center and center.code in operator_centers else "seller",
    )


def default_price(offer: Offer, now: datetime) -> Decimal | None:
    """What a buyer pays now where no channel, customer or date has its own price: what PRI01 sets."""
    prices = offer.all_prices or offer.prices or ()
    default = next((one for one in prices if one.context is None and one.channel_code is None), None)
    if default is None:
        return offer.price if offer.price is not None else _price_of(offer.applicable_pricing)
    if default.price is not None:
        return default.price
    if default.discount_price is not None and _runs(default, now):
        return default.discount_price
    return default.origin_price if default.unit_origin_price is None else default.unit_origin_price


def _price_of(price: Price | None) -> Decimal | None:
    return None if price is None else price.price


def _runs(price: Price, now: datetime) -> bool:
    start, end = price.discount_start_date, price.discount_end_date
    return (start is None or start <= now) and (end is None or now < end)


def _page(client: MiraklClient, offset: int) -> OfferPage:
    # The title moves less than the price, which is the default order.
    query = {"max": PAGE, "offset": offset, "sort": "productTitle", "order": "asc"}
    return client.get("OF21", query).json(OfferPage)


def _identity(offer: Offer) -> str:
    return offer.shop_sku or f"#{offer.offer_id}"


def _ean(offer: Offer) -> str:
    references = offer.product_references or ()
    return next((one.reference for one in references if one.reference_type == "EAN" and one.reference), "")
