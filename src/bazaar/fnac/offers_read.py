"""offers_query: what the shop sells, filtered, in pages; with the fee that a sale would cost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from bazaar.fnac.chaos import disturb
from bazaar.fnac.exchange import Call, add, child_text, children, reply_to
from bazaar.fnac.paging import add_counts, cut, is_between
from bazaar.fnac.records import Offer
from bazaar.fnac.shop import Shop, product_id

MOST_PER_PAGE = 10_000
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "Equals": lambda a, b: a == b,
    "LessThan": lambda a, b: a < b,
    "GreaterThan": lambda a, b: a > b,
    "LessThanOrEquals": lambda a, b: a <= b,
    "GreaterThanOrEquals": lambda a, b: a >= b,
}


async def offers_query(call: Call) -> etree._Element:
    shop, request = call.shop, call.request
    found = [offer for offer in _candidates(shop, request) if _matches(offer, request)]
    page, offers = cut(request, found, most=MOST_PER_PAGE)
    reply = reply_to("offers_query")
    add_counts(reply, page)
    for offer in offers:
        _add_offer(reply, shop, offer)
    disturb(shop, reply, "offer")
    return reply


def _candidates(shop: Shop, request: etree._Element) -> list[Offer]:
    if sku := child_text(request, "offer_seller_id"):
        offer = shop.offer(sku)
        return [] if offer is None else [offer]
    return list(shop.live_offers())


def _matches(offer: Offer, request: etree._Element) -> bool:
    wanted_product, wanted_offer = (
        child_text(request, "product_fnac_id"),
        child_text(request, "offer_fnac_id"),
    )
    if wanted_product not in ("", product_id(offer.ean)) or wanted_offer not in ("", offer.offer_id):
        return False
    for date in children(request, "date"):
        at = offer.created_at if date.get("type") == "Created" else offer.updated_at
        if not is_between(date, at):
            return False
    return all(
        COMPARE[node.get("mode") or "Equals"](offer.quantity, int(node.get("value") or 0))
        for node in children(request, "quantity")
    )


def _add_offer(reply: etree._Element, shop: Shop, offer: Offer) -> None:
    node = add(reply, "offer")
    fee = (offer.price * shop.settings.commission_rate / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    with_tax = fee * (1 + shop.settings.commission_vat_rate / 100)
    add(node, "product_name", offer.title, cdata=True)
    add(node, "product_fnac_id", product_id(offer.ean))
    add(node, "offer_fnac_id", offer.offer_id)
    add(node, "offer_seller_id", offer.sku, cdata=True)
    add(node, "product_state", offer.state)
    add(node, "price", f"{offer.price:f}")
    add(node, "fee_excluding_taxes", f"{fee:f}")
    add(node, "fee_including_all_taxes", f"{with_tax.quantize(Decimal('0.01'), ROUND_HALF_UP):f}")
    add(node, "quantity", offer.quantity)
    add(node, "description", offer.description, cdata=True)
    add(node, "internal_comment", offer.internal_comment, cdata=True)
    add(node, "nb_messages", 0)
    for name in ("instead_of_price", "adherent_price", "showcase", "time_to_ship"):
        if value := offer.extra.get(name, ""):
            add(node, name, value)
