"""OF21 and OF22: the seller's own offers, active or not."""

from __future__ import annotations

from decimal import Decimal

from starlette.responses import Response

from bazaar.mirakl.exchange import Call, Operation, RefusedError, answer
from bazaar.mirakl.money import ZERO
from bazaar.mirakl.offer_json import offer_fields, shipping_price
from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.paging import offset_page
from bazaar.mirakl.records import Offer

SORTS = frozenset({"totalPrice", "price", "productTitle"})
DIRECTIONS = frozenset({"asc", "desc"})


async def of21(call: Call) -> Response:
    channel = call.text("pricing_channel_code")

    def encode(offer: Offer) -> bytes:
        return JSON.encode(offer_fields(offer, call.shop.settings, call.now, channel))

    return offset_page(call, "offers", _search(call, channel), encode)


def _search(call: Call, channel: str | None) -> list[Offer]:
    states = set(call.csv("offer_state_codes"))
    sku, product_id = call.text("sku"), call.text("product_id")
    if call.flag("favorite"):
        return []  # no screen of this shop marks favourites
    # The pages of one question come one after the other: what has not changed is not sorted for each of them.
    asked = (call.now, channel, frozenset(states), sku, product_id, call.text("sort"), call.text("order"))
    kept = call.shop.last_search.get(asked)
    if kept is not None:
        return kept
    found = [
        offer
        for offer in call.shop.live_offers()
        if (not states or offer.state_code in states)
        and sku in {None, offer.sku}
        and product_id in {None, offer.product_sku}
    ]
    call.shop.last_search.clear()
    return call.shop.last_search.setdefault(asked, _sorted(call, found, channel))


def _sorted(call: Call, offers: list[Offer], channel: str | None) -> list[Offer]:
    sort = call.choice("sort", SORTS) or "totalPrice"
    descending = call.choice("order", DIRECTIONS) == "desc"

    def price(offer: Offer) -> Decimal:
        applied = offer.price_for(call.now, channel)
        return applied.unit(call.now) if applied else ZERO

    def key(offer: Offer) -> tuple[object, ...]:
        unit = price(offer)
        total = unit + shipping_price(unit, call.shop.settings)
        first = {"totalPrice": (), "price": (unit,), "productTitle": (offer.title,)}[sort]
        return (*first, total, offer.offer_id)

    return sorted(offers, key=key, reverse=descending)


async def of22(call: Call) -> Response:
    offer_id = call.path_number("offer")
    offer = call.shop.offer_by_id(offer_id)
    if offer is None:
        raise RefusedError(404, f"Offer with id '{offer_id}' not found")
    return answer(offer_fields(offer, call.shop.settings, call.now, None))


def operations() -> list[Operation]:
    return [
        Operation("OF21", "GET", "/api/offers", of21),
        Operation("OF22", "GET", "/api/offers/{offer}", of22),
    ]
