"""Payloads and a small scripted Amazon for the tests of the connector, in the shapes of the API models."""

from __future__ import annotations

from typing import Any

from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.testing import Scripted, SeenRequest

FR = "A13V1IB3VIYZZH"
SELLER = "A1B2C3D4E5F6G7"


def settings(url: str = "https://sp.example", **changes: object) -> dict[str, object]:
    return {
        "client_id": "amzn1.application-oa2-client.0a1b2c",
        "client_secret": "amzn1.oa2-cs.v1.5ecre7",
        "refresh_token": "Atzr|refresh-me",
        "seller_id": SELLER,
        "base_url": url,
        **changes,
    }


def connect(url: str, context: Context, **changes: object) -> AmazonConnection:
    return AmazonConnection(AmazonSettings.load(settings(url, **changes)), context)


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "EUR"}


def order(number: int = 1, status: str = "UNSHIPPED", **changes: Any) -> dict[str, Any]:
    """One merchant-fulfilled order of 2 × 19.90 + 4.99, 1.00 of discount."""
    payload: dict[str, Any] = {
        "orderId": f"403-0000000-{number:07d}",
        "createdTime": "2026-11-23T07:00:00Z",
        "lastUpdatedTime": "2026-11-23T07:30:00Z",
        "programs": ["PRIME"],
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": FR, "marketplaceName": "Amazon.fr"},
        "buyer": {"buyerName": "Camille Martin", "buyerEmail": "x1@marketplace.amazon.fr"},
        "recipient": {
            "deliveryAddress": {
                "name": "Camille Martin",
                "addressLine1": "3 rue du Port",
                "addressLine2": "Bâtiment B",
                "city": "Nantes",
                "postalCode": "44000",
                "countryCode": "FR",
                "phone": "+33600000000",
                "addressType": "RESIDENTIAL",
            }
        },
        "proceeds": {"grandTotal": money("43.79")},
        "fulfillment": {
            "fulfillmentStatus": status,
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": {
                "earliestDateTime": "2026-11-23T23:00:00Z",
                "latestDateTime": "2026-11-24T22:59:59Z",
            },
            "deliverByWindow": {"latestDateTime": "2026-11-27T22:59:59Z"},
        },
        "orderItems": [
            {
                "orderItemId": f"{number:014d}",
                "quantityOrdered": 2,
                "product": {
                    "asin": "B000000001",
                    "title": "Bouilloire",
                    "sellerSku": "SKU/1",
                    "price": {"unitPrice": money("19.90")},
                },
                "proceeds": {
                    "proceedsTotal": money("43.79"),
                    "breakdowns": [
                        {"type": "ITEM", "subtotal": money("39.80")},
                        {"type": "SHIPPING", "subtotal": money("4.99")},
                        {"type": "DISCOUNT", "subtotal": money("-1.00")},
                        {"type": "TAX", "subtotal": money("7.30")},
                    ],
                },
                "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 2},
                "tax": {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]},
            }
        ],
        "packages": [],
    }
    return payload | changes


def page(*orders: dict[str, Any], token: str = "", before: str = "2026-11-23T08:58:00Z") -> dict[str, Any]:
    answer: dict[str, Any] = {"orders": list(orders), "lastUpdatedBefore": before}
    return answer | ({"pagination": {"nextToken": token}} if token else {})


def listing(sku: str, quantity: int, price: float, updated: str = "2026-11-23T08:00:00Z") -> dict[str, Any]:
    return {
        "sku": sku,
        "summaries": [
            {
                "marketplaceId": FR,
                "asin": "B000000001",
                "productType": "PRODUCT",
                "status": ["BUYABLE"],
                "createdDate": "2026-01-01T00:00:00Z",
                "lastUpdatedDate": updated,
            }
        ],
        "issues": [],
        "offers": [{"marketplaceId": FR, "offerType": "B2C", "price": money(str(price))}],
        "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": quantity}],
    }


PARTICIPATION = {
    "marketplace": {
        "id": FR,
        "name": "Amazon.fr",
        "countryCode": "FR",
        "defaultCurrencyCode": "EUR",
        "defaultLanguageCode": "fr_FR",
        "domainName": "www.amazon.fr",
    },
    "participation": {"isParticipating": True, "hasSuspendedListings": False},
    "storeName": "La Boutique",
}
TOKEN = {"access_token": "Atza|one", "token_type": "bearer", "expires_in": 3600}
LISTINGS_FILE = (
    "item-name\tseller-sku\tprice\tquantity\tasin1\tproduct-id\tproduct-id-type\tfulfillment-channel\tstatus\r\n"
    "Théière\tSKU/1\t19.90\t4\tB000000001\t4006381333931\t4\tDEFAULT\tActive\r\n"
).encode("cp1252")


def healthy(request: SeenRequest) -> Scripted:
    """An Amazon where everything goes well; enough of each operation for one call."""
    path = request.path
    if path == "/auth/o2/token":
        return Scripted(body=TOKEN)
    if path.startswith("/orders/2026-01-01/orders/"):
        return Scripted(body={"order": order()})
    if path == "/orders/2026-01-01/orders":
        return Scripted(body=page(order()))
    if path.endswith("/shipmentConfirmation"):
        return Scripted(204)
    if path == "/sellers/v1/marketplaceParticipations":
        return Scripted(body={"payload": [PARTICIPATION]})
    if path == "/listings/2021-08-01/restrictions":
        return Scripted(body={"restrictions": []})
    if path.startswith("/listings/2021-08-01/items/"):
        return _listings(request)
    if path.startswith("/feeds/"):
        return _feeds(request)
    if path.startswith("/reports/"):
        return _reports(request)
    if path == "/stored/report":
        return Scripted(body=LISTINGS_FILE)
    if path.startswith("/catalog/"):
        return Scripted(body={"numberOfResults": 1, "items": [CATALOG_ITEM]})
    if path.endswith("/competitiveSummary"):
        return Scripted(body={"responses": [COMPETITIVE]})
    if path.endswith("/featuredOfferExpectedPrice"):
        return Scripted(body={"responses": [expected_price("SKU/1", 18.49)]})
    return Scripted(body=b"{}")


CATALOG_ITEM = {
    "asin": "B000000001",
    "identifiers": [
        {"marketplaceId": FR, "identifiers": [{"identifierType": "EAN", "identifier": "4006381333931"}]}
    ],
    "summaries": [{"marketplaceId": FR, "itemClassification": "BASE_PRODUCT", "itemName": "Bouilloire"}],
}
_OURS = {
    "sellerId": SELLER,
    "condition": "New",
    "fulfillmentType": "MFN",
    "listingPrice": {"amount": 19.9, "currencyCode": "EUR"},
    "shippingOptions": [{"shippingOptionType": "DEFAULT", "price": {"amount": 4.99, "currencyCode": "EUR"}}],
}
_RIVAL = _OURS | {"sellerId": "ARIVAL", "listingPrice": {"amount": 18.5, "currencyCode": "EUR"}}
COMPETITIVE = {
    "status": {"statusCode": 200, "reasonPhrase": "Success"},
    "body": {
        "asin": "B000000001",
        "marketplaceId": FR,
        "featuredBuyingOptions": [
            {"buyingOptionType": "New", "segmentedFeaturedOffers": [_RIVAL | {"featuredOfferSegments": []}]}
        ],
        "lowestPricedOffers": [
            {
                "lowestPricedOffersInput": {"itemCondition": "New", "offerType": "Consumer"},
                "offers": [_RIVAL, _OURS],
            }
        ],
    },
}


def expected_price(sku: str, price: float, status: str = "VALID_FOEP") -> dict[str, Any]:
    result = {
        "resultStatus": status,
        "featuredOfferExpectedPrice": {"listingPrice": {"amount": price, "currencyCode": "EUR"}},
    }
    return {
        "request": {"marketplaceId": FR, "sku": sku},
        "status": {"statusCode": 200, "reasonPhrase": "OK"},
        "headers": {},
        "body": {"featuredOfferExpectedPriceResults": [result]},
    }


def _listings(request: SeenRequest) -> Scripted:
    if request.method != "GET":
        return Scripted(body={"sku": "SKU/1", "status": "ACCEPTED", "submissionId": "s-1", "issues": []})
    return Scripted(body={"numberOfResults": 1, "items": [listing("SKU/1", 4, 19.9)]})


def _feeds(request: SeenRequest) -> Scripted:
    host = f"http://{request.headers['host']}"
    if request.path.endswith("/documents"):
        return Scripted(201, {"feedDocumentId": "d-1", "url": f"{host}/stored/upload"})
    if request.method == "POST":
        return Scripted(202, {"feedId": "1001"})
    return Scripted(body={"feedId": "1001", "feedType": "X", "processingStatus": "IN_PROGRESS", "feeds": []})


def _reports(request: SeenRequest) -> Scripted:
    host = f"http://{request.headers['host']}"
    if request.method == "POST":
        return Scripted(202, {"reportId": "r-1"})
    if "/documents/" in request.path:
        return Scripted(body={"reportDocumentId": "rd-1", "url": f"{host}/stored/report"})
    return Scripted(body={"reportId": "r-1", "processingStatus": "DONE", "reportDocumentId": "rd-1"})
