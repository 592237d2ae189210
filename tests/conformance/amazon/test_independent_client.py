"""Somebody else's client, python-amazon-sp-api, against the simulator: it was written for the real Amazon.

A development dependency; skipped where it is not installed.
"""

from __future__ import annotations

import gc
import io
import json
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.conformance.amazon.stage import Stage, played

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
sp_api = pytest.importorskip("sp_api", reason="python-amazon-sp-api is not installed")

FR = "A13V1IB3VIYZZH"
SELLER = "A1COMPTOIRDEMO"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with played() as stage:
        account = stage.market.account
        # This client sends a broken Host header on plain HTTP: links must not be built from it.
        account.settings = msgspec.structs.replace(account.settings, base_url=stage.url)
        yield stage
    with warnings.catch_warnings():
        # That client leaves its connections to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def client(stage: Stage) -> Any:
    """`client(SomeApi)`: that API of the client, on the simulator."""
    from sp_api.auth import access_token_client

    address = stage.url.removeprefix("http://")

    class Login(access_token_client.AccessTokenClient):  # type: ignore[misc]
        scheme = "http://"
        host = address

    account = stage.market.account
    access_token_client.cache.clear()
    credentials = {
        "refresh_token": account.refresh_token,
        "lwa_app_id": account.client_id,
        "lwa_client_secret": account.client_secret,
    }
    place = SimpleNamespace(endpoint=stage.url, marketplace_id=FR, region="eu-west-1")
    return lambda api, **more: api(
        marketplace=place, credentials=credentials, auth_token_client_class=Login, **more
    )


def test_it_signs_in_and_sees_the_account(client: Any) -> None:
    from sp_api.api import Sellers

    (seen,) = client(Sellers).get_marketplace_participation().payload
    assert (seen["marketplace"]["id"], seen["storeName"]) == (FR, "Comptoir Demo")


def test_it_reads_every_order_page_by_page_and_ships_one(stage: Stage, client: Any) -> None:
    from sp_api.api import OrdersV0, OrdersV20260101

    placed = {stage.market.place_by_hand([(stage.sku(), 1)]) for _ in range(5)}
    stage.advance(minutes=40)
    api = client(OrdersV20260101)
    asked: dict[str, Any] = {
        "lastUpdatedAfter": "2020-01-01T00:00:00Z",
        "marketplaceIds": [FR],
        "maxResultsPerPage": 2,
        "includedData": ["BUYER", "FULFILLMENT"],
    }
    found: dict[str, Any] = {}
    token: dict[str, str] = {}
    while True:
        page = api.search_orders(**asked, **token)
        found |= {order["orderId"]: order for order in page.payload["orders"]}
        if not page.next_token:
            break
        token = {"paginationToken": page.next_token}
    assert found.keys() == placed
    order = next(iter(found.values()))
    detail = {
        "packageReferenceId": "1",
        "carrierCode": "DPD",
        "trackingNumber": "X1",
        "shipDate": stage.world.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "orderItems": [{"orderItemId": order["orderItems"][0]["orderItemId"], "quantity": 1}],
    }
    client(OrdersV0).confirm_shipment(order["orderId"], marketplaceId=FR, packageDetail=detail)
    seen = api.get_order(order["orderId"], includedData=["FULFILLMENT"]).payload
    assert seen["order"]["fulfillment"]["fulfillmentStatus"] == "SHIPPED"


def test_it_patches_a_listing_whose_sku_has_a_slash(stage: Stage, client: Any) -> None:
    from sp_api.api import ListingsItems

    account = stage.market.account
    listing = account.listings[stage.sku()]
    account.keep_listing(msgspec.structs.replace(listing, sku="SKU/1"))
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 41}]
    patch = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
    body = {"productType": "PRODUCT", "patches": [patch]}
    api = client(ListingsItems)
    told = api.patch_listings_item(SELLER, "SKU/1", marketplaceIds=[FR], body=body).payload
    assert told["status"] == "ACCEPTED"
    stage.advance(minutes=2)
    shown = api.get_listings_item(
        SELLER, "SKU/1", marketplaceIds=[FR], includedData=["fulfillmentAvailability"]
    ).payload
    assert shown["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "DEFAULT", "quantity": 41}]


def test_it_sends_a_feed_and_reads_its_report(stage: Stage, client: Any) -> None:
    from sp_api.api import Feeds

    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 7}]
    patch = {"op": "replace", "path": "/attributes/fulfillment_availability", "value": value}
    messages = [
        {"messageId": n, "sku": sku, "operationType": "PATCH", "productType": "PRODUCT", "patches": [patch]}
        for n, sku in ((1, stage.sku()), (2, "UNKNOWN"))
    ]
    document = {"header": {"sellerId": SELLER, "version": "2.0"}, "messages": messages}
    api = client(Feeds)
    file = io.BytesIO(json.dumps(document).encode())
    _, feed = api.submit_feed(
        "JSON_LISTINGS_FEED", file, content_type="application/json; charset=UTF-8", marketplaceIds=[FR]
    )
    stage.advance(minutes=5)
    done = api.get_feed(feed.payload["feedId"]).payload
    assert done["processingStatus"] == "DONE"
    report = json.loads(api.get_feed_document(done["resultFeedDocumentId"]))
    assert (report["summary"]["messagesAccepted"], report["issues"][0]["code"]) == (1, "13013")
    assert stage.market.account.listings[stage.sku()].quantity == 7


def test_it_asks_for_a_report_and_downloads_it(stage: Stage, client: Any) -> None:
    from sp_api.api import Reports

    api = client(Reports)
    asked = api.create_report(reportType="GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds=[FR]).payload
    stage.advance(minutes=5)
    done = api.get_report(asked["reportId"]).payload
    assert done["processingStatus"] == "DONE"
    told = api.get_report_document(done["reportDocumentId"], download=True).payload
    assert told["document"].splitlines()[0].split("\t")[3] == "seller-sku"
    assert len(told["document"].splitlines()) == 31


def test_it_sees_the_prices_of_the_others(stage: Stage, client: Any) -> None:
    from sp_api.api import ProductsV20220501

    asin = stage.market.account.listings[stage.sku()].asin
    asked = {
        "asin": asin,
        "marketplaceId": FR,
        "includedData": ["featuredBuyingOptions", "lowestPricedOffers"],
        "method": "GET",
        "uri": "/products/pricing/2022-05-01/items/competitiveSummary",
    }
    (told,) = client(ProductsV20220501).get_competitive_summary_batch([asked]).payload["responses"]
    assert told["status"]["statusCode"] == 200
    assert SELLER in {offer["sellerId"] for offer in told["body"]["lowestPricedOffers"][0]["offers"]}
