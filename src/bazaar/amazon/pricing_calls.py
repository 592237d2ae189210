"""Product Pricing 2022-05-01: batches in which every article has a status of its own."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from bazaar.amazon.buy_box import Bid, bids, our_bid, price_to_win, winner
from bazaar.amazon.exchange import Call, Operation, answer, bad_input, number_money
from bazaar.world.facts import Product

_ROOT = "/batches/products/pricing/2022-05-01"
_MOST_ARTICLES = 20
_MOST_SKUS = 40
_SHOWN_OFFERS = 20


class _Article(msgspec.Struct, rename="camel"):
    asin: str
    marketplace_id: str
    included_data: list[str]
    uri: str
    method: str


class _Articles(msgspec.Struct):
    requests: list[_Article]


class _Sku(msgspec.Struct, rename="camel"):
    marketplace_id: str
    sku: str
    uri: str
    method: str


class _Skus(msgspec.Struct):
    requests: list[_Sku]


async def competitive_summary(call: Call) -> Response:
    asked = (await call.body(_Articles)).requests
    if not 1 <= len(asked) <= _MOST_ARTICLES:
        raise bad_input(f"Between 1 and {_MOST_ARTICLES} requests are allowed.")
    return answer({"responses": [_summary(call, one) for one in asked]})


async def featured_offer_expected_price(call: Call) -> Response:
    asked = (await call.body(_Skus)).requests
    if not 1 <= len(asked) <= _MOST_SKUS:
        raise bad_input(f"Between 1 and {_MOST_SKUS} requests are allowed.")
    return answer({"responses": [_expected(call, one) for one in asked]})


def _summary(call: Call, asked: _Article) -> dict[str, Any]:
    product = call.account.product_of_asin(asked.asin)
    body: dict[str, Any] = {"asin": asked.asin, "marketplaceId": asked.marketplace_id}
    if product is None or asked.marketplace_id not in call.account.places:
        message = f"{asked.asin} is not a valid ASIN"
        body["errors"] = [{"code": "INVALID_ASIN", "message": message}]
        return {"status": {"statusCode": 400, "reasonPhrase": "Bad Request"}, "body": body}
    currency = call.account.places[asked.marketplace_id].currency
    offers = bids(call.account, product, asked.asin, asked.marketplace_id)
    if "featuredBuyingOptions" in asked.included_data:
        best = winner(offers, product)
        featured = [{**_offer(best, currency), "featuredOfferSegments": [_SEGMENT]}] if best else []
        options = {"buyingOptionType": "New", "segmentedFeaturedOffers": featured}
        body["featuredBuyingOptions"] = [options] if featured else []
    if "lowestPricedOffers" in asked.included_data:
        body["lowestPricedOffers"] = [
            {
                "lowestPricedOffersInput": {"itemCondition": "New", "offerType": "Consumer"},
                "offers": [_offer(bid, currency) for bid in offers[:_SHOWN_OFFERS]],
            }
        ]
    if "referencePrices" in asked.included_data:
        body["referencePrices"] = _references(offers, product, currency)
    return {"status": {"statusCode": 200, "reasonPhrase": "Success"}, "body": body}


_SEGMENT = {"customerMembership": "DEFAULT", "segmentDetails": {"glanceViewWeightPercentage": 100}}


def _offer(bid: Bid, currency: str) -> dict[str, Any]:
    return {
        "sellerId": bid.seller,
        "condition": "New",
        "subCondition": "New",
        "fulfillmentType": "MFN",
        "listingPrice": number_money(bid.price, currency),
        "shippingOptions": [{"shippingOptionType": "DEFAULT", "price": number_money(bid.shipping, currency)}],
        "primeDetails": {"eligibility": "NONE"},
    }


def _references(offers: list[Bid], product: Product, currency: str) -> list[dict[str, Any]]:
    shown = [{"name": "WasPrice", "price": number_money(product.list_price, currency)}]
    if offers:
        shown.append({"name": "CompetitivePrice", "price": number_money(offers[0].price, currency)})
    return shown


def _expected(call: Call, asked: _Sku) -> dict[str, Any]:
    account = call.account
    request = {"marketplaceId": asked.marketplace_id, "sku": asked.sku}
    listing = account.listings.get(asked.sku)
    product = account.world.products_by_ean.get(listing.ean) if listing else None
    if listing is None or product is None or asked.marketplace_id not in account.places:
        message = "The requested SKU does not exist for the seller in the requested Amazon store."
        body: dict[str, Any] = {"errors": [{"code": "INVALID_SKU", "message": message}]}
        return {
            "request": request,
            "status": {"statusCode": 400, "reasonPhrase": "Bad Request"},
            "headers": {},
            "body": body,
        }
    identifier = {
        **request,
        "asin": listing.asin,
        "fulfillmentType": "MFN",
        "sellerId": account.settings.seller_id,
    }
    result = _result(call, asked.marketplace_id, listing.asin, product)
    body = {"offerIdentifier": identifier, "featuredOfferExpectedPriceResults": [result]}
    return {
        "request": request,
        "status": {"statusCode": 200, "reasonPhrase": "OK"},
        "headers": {},
        "body": body,
    }


def _result(call: Call, place: str, asin: str, product: Product) -> dict[str, Any]:
    account = call.account
    currency = account.places[place].currency
    offers = bids(account, product, asin, place)
    ours = our_bid(account, asin, place)
    if ours is None:
        return {"resultStatus": "OFFER_NOT_ELIGIBLE"}
    others = [bid for bid in offers if bid.seller != ours.seller]
    price = price_to_win(ours, others, product)
    if price is None:
        return {"resultStatus": "NO_COMPETING_OFFER"}
    result: dict[str, Any] = {
        "resultStatus": "VALID_FOEP",
        "featuredOfferExpectedPrice": {"listingPrice": number_money(price, currency)},
    }
    if best := winner(others, product):
        result["competingFeaturedOffer"] = _featured(best, asin, place, currency)
    if current := winner(offers, product):
        result["currentFeaturedOffer"] = _featured(current, asin, place, currency)
    return result


def _featured(bid: Bid, asin: str, place: str, currency: str) -> dict[str, Any]:
    return {
        "offerIdentifier": {
            "marketplaceId": place,
            "asin": asin,
            "sellerId": bid.seller,
            "fulfillmentType": "MFN",
        },
        "condition": "New",
        "price": {
            "listingPrice": number_money(bid.price, currency),
            "shippingPrice": number_money(bid.shipping, currency),
        },
    }


OPERATIONS = (
    Operation("getCompetitiveSummary", "POST", f"{_ROOT}/items/competitiveSummary", competitive_summary),
    Operation(
        "getFeaturedOfferExpectedPriceBatch",
        "POST",
        f"{_ROOT}/offer/featuredOfferExpectedPrice",
        featured_offer_expected_price,
    ),
)
