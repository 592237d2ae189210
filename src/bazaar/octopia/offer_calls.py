"""Our offers as the seller reads them back, with those of the others on Cdiscount."""

from __future__ import annotations

from starlette.responses import Response

from bazaar.octopia.buying import product_reference
from bazaar.octopia.exchange import Call, Operation, bad
from bazaar.octopia.money import JSON, stamp
from bazaar.octopia.offer_records import Offer
from bazaar.octopia.paging import legacy_page, linked_page

STATES = frozenset({"Active", "Inactive"})
CDISCOUNT = "CDISFR"
FEEDBACK = "salesChannelFeedback"


async def list_offers(call: Call) -> Response:
    """`fields` wins over `expand`. Identifiers are always there: a projection without them serves nobody."""
    found = sorted(_found(call), key=lambda one: one.sku)
    return linked_page(call, found, lambda one: one.sku, lambda one: JSON.encode(_projected(call, one)))


async def search_offers(call: Call) -> Response:
    """Deprecated, in snake_case, by page number."""
    offers = sorted(
        (one for channel in call.account.channels for one in call.account.offers_of(channel)),
        key=lambda one: (one.sku, one.sales_channel_id),
    )
    return legacy_page(call, offers, lambda one: JSON.encode(_legacy_fields(call, one)))


def _found(call: Call) -> list[Offer]:
    given = call.text("salesChannelId")
    if not given:
        raise bad("salesChannelId", "The sales channel is required.")
    channel = call.sales_channel(given, "salesChannelId")
    found = call.account.offers_of(channel)
    if states := set(call.choices("offerStates", STATES)):
        found = [one for one in found if _state(call, one) in states]
    for name, field in (("gtins", "ean"), ("sellerExternalReferences", "sku"), ("offerIds", "offer_id")):
        if wanted := set(call.csv(name)):
            found = [one for one in found if getattr(one, field) in wanted]
    if since := call.instant("updatedAtMin"):
        found = [one for one in found if one.updated_at >= since]
    return found


def _projected(call: Call, offer: Offer) -> dict[str, object]:
    fields = {name.partition(".")[0] for name in call.csv("fields")}
    feedback = FEEDBACK in (fields or set(call.csv("expand")))
    whole = _fields(call, offer)
    if feedback and offer.sales_channel_id == CDISCOUNT:
        whole[FEEDBACK] = _feedback(call, offer)
    if not fields:
        return whole
    always = {"offerId", "sellerExternalReference", "offerState"}
    return {name: value for name, value in whole.items() if name in fields | always}


def _fields(call: Call, offer: Offer) -> dict[str, object]:
    price = offer.price
    return {
        "offerId": offer.offer_id,
        "sellerExternalReference": offer.sku,
        "offerState": _state(call, offer),
        "createdAt": stamp(offer.created_at),
        "updatedAt": stamp(offer.updated_at),
        "product": {"gtin": offer.ean, "reference": product_reference(offer.ean)},
        "condition": offer.condition,
        "integrationPrice": {"price": price}
        if call.account.settings.integration_price == "object"
        else price,
        "facialPrice": {"price": price},
        "quantity": call.account.quantity(offer),
        "preparationTime": offer.preparation_time,
        "deliveryOffers": [{"code": one.code, "cost": one.cost} for one in offer.delivery],
    }


def _feedback(call: Call, offer: Offer) -> dict[str, object]:
    rivals = call.account.world.rivals(call.account.party_of(offer.sales_channel_id), offer.ean)
    offers = [
        {"price": one.price, "shippingCost": one.shipping_price, "sellerName": one.seller} for one in rivals
    ]
    best = offers[0] if offers else {"price": offer.price, "sellerName": call.account.settings.shop_name}
    return {
        "bestOfferDetails": best,
        "competingOffers": offers,
        "offerQuality": {"score": 80, "scoreReasons": []},
        "productInformation": {"productReviewsAverageRating": 4.2, "productReviewsCount": 37},
    }


def _legacy_fields(call: Call, offer: Offer) -> dict[str, object]:
    return {
        "offer_id": offer.offer_id,
        "offer_state": _state(call, offer),
        "product_ean": offer.ean,
        "seller_product_id": offer.sku,
        "price": offer.price,
        "stocks": [{"stock_id": "1", "quantity": call.account.quantity(offer), "sold_quantity": 0}],
    }


def _state(call: Call, offer: Offer) -> str:
    return "Active" if call.account.quantity(offer) > 0 else "Inactive"


def operations() -> list[Operation]:
    return [
        Operation("GET", "/offers", list_offers),
        Operation("POST", "/offers/search", search_offers),
    ]
