"""pricing_query: who sells a product, at what price, and who holds the buy box.

Fnac answers in one of two shapes: the older lists `pricing` elements without rank
(`PricingQueryService.xsd`), the newer ranks them (`PricesQueryService.xsd`). Both are read here, for
standard prices; those for Fnac's card holders (`adherent`) are left aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from comptoir.connectors.fnac import replies, xml
from comptoir.connectors.fnac.client import FnacClient
from comptoir.connectors.fnac.fields import amount, child, children, integer, text, truth
from comptoir.connectors.fnac.offers import CONDITIONS
from comptoir.connectors.fnac.orders import CURRENCY
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import CompetingOffer

PRODUCTS_PER_QUERY: Final = 10
"""More are refused with ERR_105."""
_ASKABLE = re.compile(r"[0-9A-Z]+")
_WORDS = {code: word for word, code in CONDITIONS.items()}


class PricingReader:
    def __init__(self, client: FnacClient, shop_name: str) -> None:
        self._client = client
        self._shop_name = shop_name

    def competing_offers(self, eans: Sequence[str]) -> Iterator[Sequence[CompetingOffer]]:
        """Ten products per page; a product unknown to Fnac, or an EAN that it cannot be asked, gives none."""
        askable = [ean for ean in dict.fromkeys(eans) if _ASKABLE.fullmatch(ean)]
        for first in range(0, len(askable), PRODUCTS_PER_QUERY):
            request = xml.document("pricing_query", {"sellers": "all"})
            for ean in askable[first : first + PRODUCTS_PER_QUERY]:
                xml.add(request, "product_reference", ean, {"type": "Ean"})
            reply = self._client.read(request, items="pricing_product")
            yield parse_pricing(reply.content, self._shop_name)


def parse_pricing(reply: Mapping[str, Any], shop_name: str = "") -> list[CompetingOffer]:
    """A price that makes no sense is left out; the others stand."""
    products = [
        *children(reply, "pricing_product"),
        *children(child(reply, "pricing_products"), "pricing_product"),
    ]
    found: list[CompetingOffer] = []
    for product in products:
        if not replies.severe(replies.errors_of(product)):
            found += _of_product(product, shop_name)
    return found


def _of_product(product: Mapping[str, Any], shop_name: str) -> Iterator[CompetingOffer]:
    ean = text(product, "product_reference")
    standard = child(product, "standard")
    ours = _offer(ean, child(standard, "seller_offer"), seller=shop_name, is_ours=True)
    for node in children(standard, "ranked_offers"):
        offer = _offer(ean, node, seller=text(node, "seller_name"))
        if offer is None:
            continue
        if _is_ours(offer, ours, shop_name):
            offer, ours = msgspec.structs.replace(offer, is_ours=True), None
        yield offer
    if ours is not None:
        yield ours
    for node in children(product, "pricing"):
        seller = text(node, "seller")
        offer = _offer(ean, node, seller=seller, is_ours=bool(shop_name) and seller == shop_name)
        if offer is not None:
            yield offer


def _is_ours(offer: CompetingOffer, ours: CompetingOffer | None, shop_name: str) -> bool:
    """By our name; where the shop's name is not in the settings, by our own price, shipping and condition."""
    if shop_name:
        return offer.seller == shop_name
    if ours is None:
        return False
    return (offer.price, offer.shipping_price, offer.condition) == (
        ours.price,
        ours.shipping_price,
        ours.condition,
    )


def _offer(ean: str, node: Mapping[str, Any], *, seller: str, is_ours: bool = False) -> CompetingOffer | None:
    """One offer of either shape; None when it has no price that can be read."""
    try:
        price = amount(node, "price")
        if price is None:
            return None
        return CompetingOffer(
            ean=ean,
            seller=seller or text(node, "@type"),
            price=price,
            shipping_price=amount(node, "shipping_price") or ZERO,
            currency=CURRENCY,
            condition=_WORDS.get(text(node, "offer_status"), text(node, "offer_status")),
            rank=integer(node, "position"),
            has_buy_box=truth(node, "has_buybox"),
            is_ours=is_ours,
            grade=amount(node, "evaluation"),
            evaluations=_sales(node),
        )
    except RejectedRecord:
        return None


def _sales(node: Mapping[str, Any]) -> int | None:
    """Sales stand for evaluations: Fnac shows how many orders the seller has had, in both shapes."""
    found = integer(node, "seller_sales_number")
    return integer(node, "nb_orders") if found is None else found
