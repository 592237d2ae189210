"""P11: what the other sellers ask for the same products, 100 EANs a call.

The shop API hides much of it: `offer_id` is always 0, `shop_id` null, `quantity` 999. Our own offer is
known by the shop's name (A01). Nobody tells who holds a buy box; the rank is the order of `bestPrice`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.listing import Price, Reference
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import CompetingOffer

CHUNK = 100


class _Offer(msgspec.Struct):
    shop_name: str | None = None
    price: Decimal | None = None
    applicable_pricing: Price | None = None
    min_shipping_price: Decimal | None = None
    currency_iso_code: str | None = None
    state_code: str | None = None
    shop_grade: Decimal | None = None
    nb_evaluation: int | None = None
    leadtime_to_ship: int | None = None
    active: bool | None = None


class Product(msgspec.Struct):
    product_sku: str | None = None
    product_references: list[Reference] | None = None
    offers: list[_Offer] | None = None
    total_count: int | None = None


class Products(msgspec.Struct):
    products: list[Product]


def competing_offers(
    client: MiraklClient, eans: Sequence[str], our_name: str
) -> Iterator[Sequence[CompetingOffer]]:
    """One batch per 100 EANs; products that the marketplace does not know are absent."""
    for first in range(0, len(eans), CHUNK):
        chunk = eans[first : first + CHUNK]
        yield parse_competition(_read(client, chunk), chunk, our_name)


def parse_competition(
    products: Sequence[Product], eans: Sequence[str], our_name: str
) -> tuple[CompetingOffer, ...]:
    """`products` may hold one product several times, a page each: ranks go on."""
    asked = {_digits(ean): ean for ean in eans}
    ranks: Counter[str] = Counter()
    found: list[CompetingOffer] = []
    for product in products:
        ean = _ean(product, asked)
        for offer in product.offers or ():
            price = _price(offer)
            if ean and price is not None and offer.active is not False:
                ranks[ean] += 1
                found.append(_competing(offer, ean, price, ranks[ean], our_name))
    return tuple(found)


def _competing(offer: _Offer, ean: str, price: Decimal, rank: int, our_name: str) -> CompetingOffer:
    seller = offer.shop_name or ""
    return CompetingOffer(
        ean=ean,
        seller=seller,
        price=price,
        shipping_price=offer.min_shipping_price or ZERO,
        currency=offer.currency_iso_code or "",
        condition=offer.state_code or "",
        rank=rank,
        is_ours=bool(seller) and seller == our_name,
        # A shop that nobody has rated yet has the grade 0 (or none): that is no bad grade.
        grade=offer.shop_grade if offer.nb_evaluation else None,
        evaluations=offer.nb_evaluation,
        lead_time_days=offer.leadtime_to_ship,
    )


def _read(client: MiraklClient, eans: Sequence[str]) -> list[Product]:
    """All pages. Whether `offset` counts products or offers is not documented: the offers are counted."""
    query: dict[str, object] = {"product_references": ",".join(f"EAN|{ean}" for ean in eans), "max": CHUNK}
    products: list[Product] = []
    given: Counter[str] = Counter()
    while True:
        offset = given.total()
        page = client.get("P11", {**query, "offset": offset}).json(Products).products
        given.update({one.product_sku or "": len(one.offers or ()) for one in page})
        products += page
        if given.total() == offset or not _is_short(products, given):
            return products


def _is_short(products: Sequence[Product], given: Mapping[str, int]) -> bool:
    return any((one.total_count or 0) > given[one.product_sku or ""] for one in products)


def _price(offer: _Offer) -> Decimal | None:
    applicable = offer.applicable_pricing
    return offer.price if applicable is None or applicable.price is None else applicable.price


def _ean(product: Product, asked: Mapping[str, str]) -> str:
    references = (_digits(one.reference or "") for one in product.product_references or ())
    return next((asked[reference] for reference in references if reference in asked), "")


def _digits(ean: str) -> str:
    """Operators write a GTIN with or without its leading zeros."""
    return ean.strip().lstrip("0")
