"""Sellers v1: who we are and where we sell; FBA inventory v1; fee estimates v0."""

from __future__ import annotations

import base64
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from starlette.responses import Response

from bazaar.amazon.exchange import Call, Operation, answer, bad_input, stamp
from bazaar.amazon.records import Listing
from bazaar.amazon.takings import referral_fee

_FBA_PAGE = 50
_FBA_TOKEN_S = 30


async def participations(call: Call) -> Response:
    settings = call.account.settings
    found = [
        {
            "marketplace": {
                "id": place.id,
                "name": place.name,
                "countryCode": place.country,
                "defaultCurrencyCode": place.currency,
                "defaultLanguageCode": place.language,
                "domainName": f"www.{place.domain}",
            },
            "participation": {"isParticipating": True, "hasSuspendedListings": False},
            "storeName": settings.store_name,
        }
        for place in call.account.places.values()
    ]
    return answer({"payload": found})


async def inventory(call: Call) -> Response:
    (place,) = call.places(most=1)
    if call.text("granularityType") != "Marketplace" or call.text("granularityId") != place:
        raise bad_input("granularityType is Marketplace, granularityId the marketplace itself.")
    skus = call.csv("sellerSkus", most=50)
    start = _fba_start(call)
    found = [one for one in call.account.listings.values() if one.by_amazon and (not skus or one.sku in skus)]
    detailed = call.text("details") == "true"
    page = [_summary(listing, detailed=detailed) for listing in found[start : start + _FBA_PAGE]]
    granularity = {"granularityType": "Marketplace", "granularityId": place}
    content: dict[str, Any] = {"payload": {"granularity": granularity, "inventorySummaries": page}}
    if start + _FBA_PAGE < len(found):
        text = f"{start + _FBA_PAGE}|{stamp(call.now)}"
        content["pagination"] = {"nextToken": base64.b64encode(text.encode()).decode()}
    return answer(content)


def _fba_start(call: Call) -> int:
    """The token is good for thirty seconds."""
    token = call.text("nextToken")
    if not token:
        return 0
    try:
        start, _, made = base64.b64decode(token, validate=True).decode().partition("|")
        age = (call.now - datetime.fromisoformat(made)).total_seconds()
    except ValueError:
        raise bad_input("Invalid 'nextToken'.") from None
    if age > _FBA_TOKEN_S:
        raise bad_input("'nextToken' has expired.")
    return int(start)


def _summary(listing: Listing, *, detailed: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "asin": listing.asin,
        "fnSku": f"X{listing.asin[1:]}",
        "sellerSku": listing.sku,
        "condition": "NewItem",
        "lastUpdatedTime": stamp(listing.updated_at),
        "productName": listing.sku,
        "totalQuantity": listing.available,
    }
    if detailed:
        shown["inventoryDetails"] = {
            "fulfillableQuantity": listing.available,
            "inboundWorkingQuantity": 0,
            "inboundShippedQuantity": 0,
            "inboundReceivingQuantity": 0,
        }
    return shown


class _Pascal(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """This old model writes its names in PascalCase."""


class _Money(_Pascal, frozen=True, kw_only=True):
    currency_code: str = ""
    amount: Decimal = Decimal(0)


class _Price(_Pascal, frozen=True, kw_only=True):
    listing_price: _Money
    shipping: _Money = _Money()


class _Request(_Pascal, frozen=True, kw_only=True):
    marketplace_id: str
    price_to_estimate_fees: _Price
    identifier: str
    is_amazon_fulfilled: bool = False


class _ById(_Pascal, frozen=True, kw_only=True):
    fees_estimate_request: _Request
    id_type: str
    id_value: str


async def fees_estimates(call: Call) -> Response:
    """A bare array, one result for each article asked."""
    asked = await call.body(list[_ById])
    return answer([_estimate(call, one) for one in asked])


def _estimate(call: Call, asked: _ById) -> dict[str, Any]:
    account, request = call.account, asked.fees_estimate_request
    listing = account.listings.get(asked.id_value) if asked.id_type == "SellerSKU" else None
    asin = listing.asin if listing else asked.id_value
    product = account.product_of_asin(asin)
    price = request.price_to_estimate_fees
    identifier = {
        "MarketplaceId": request.marketplace_id,
        "IdType": asked.id_type,
        "SellerId": account.settings.seller_id,
        "SellerInputIdentifier": request.identifier,
        "IsAmazonFulfilled": request.is_amazon_fulfilled,
        "IdValue": asked.id_value,
        "PriceToEstimateFees": msgspec.to_builtins(price, builtin_types=(Decimal,)),
    }
    if product is None:
        message = f"{asked.id_value} is not known."
        error = {"Type": "Sender", "Code": "InvalidParameterValue", "Message": message, "Detail": []}
        return {"Status": "ClientError", "FeesEstimateIdentifier": identifier, "Error": error}
    currency = price.listing_price.currency_code
    fee = referral_fee(account.settings, product.family, price.listing_price.amount + price.shipping.amount)
    estimate = {
        "TimeOfFeesEstimation": stamp(call.now),
        "TotalFeesEstimate": {"CurrencyCode": currency, "Amount": fee},
        "FeeDetailList": [
            _detail("ReferralFee", fee, currency),
            _detail("VariableClosingFee", Decimal(0), currency),
        ],
    }
    return {"Status": "Success", "FeesEstimateIdentifier": identifier, "FeesEstimate": estimate}


def _detail(kind: str, amount: Decimal, currency: str) -> dict[str, Any]:
    money = {"CurrencyCode": currency, "Amount": amount}
    return {"FeeType": kind, "FeeAmount": money, "FinalFee": money}


OPERATIONS = (
    Operation("getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", participations),
    Operation("getInventorySummaries", "GET", "/fba/inventory/v1/summaries", inventory),
    Operation("getMyFeesEstimates", "POST", "/products/fees/v0/feesEstimate", fees_estimates),
)
