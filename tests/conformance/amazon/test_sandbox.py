"""Every static sandbox example of the API models: answered with its documented status, and read by us."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

import httpx2
import msgspec
import pytest

from bazaar.amazon.sandbox import Example, read_examples
from comptoir.connectors.amazon import (
    barcodes,
    catalogue,
    feeds,
    fees,
    order_payloads,
    pricing,
    reports,
    submission_reading,
    subscriptions,
)
from comptoir.connectors.amazon.listing_reports import ListingItem, Submitted
from tests.conformance.amazon.models import FOLDER, MODELS, needs_models
from tests.conformance.amazon.stage import Stage, played

pytestmark = [pytest.mark.shared, needs_models]
READ_AS: dict[str, Any] = {
    "searchOrders": order_payloads.SearchPage,
    "getOrder": order_payloads.OneOrder,
    "getListingsItem": ListingItem,
    "patchListingsItem": Submitted,
    "putListingsItem": Submitted,
    "deleteListingsItem": Submitted,
    "searchListingsItems": submission_reading._Search,
    "getCatalogItem": catalogue.CatalogItem,
    "createFeedDocument": feeds._Document,
    "getFeed": feeds.Feed,
    "getFeedDocument": feeds._Document,
    "getReport": reports.Report,
    "getReports": reports._Reports,
    "getReportDocument": reports._Document,
    "getDefinitionsProductType": barcodes._Definition,
    "getCompetitiveSummary": pricing._Summaries,
    "getMyFeesEstimates": list[fees.Result],
    "getDestinations": subscriptions._Destinations,
    "createDestination": subscriptions._OneDestination,
}


def examples() -> list[Example]:
    if not FOLDER.is_dir():
        return []
    return [one for model in MODELS for one in read_examples(FOLDER / f"{model}.json")]


def asked(one: Example) -> tuple[str, bytes]:
    """The address and the body that the example is about."""
    values = {name: _text(value) for name, value in one.parameters.items() if name != one.body_name}
    address = re.sub(r"\\(.)", r"\1", one.path.pattern)
    for name in one.path.groupindex:
        address = address.replace(f"(?P<{name}>.*)", quote(values.pop(name, "x"), safe=""))
    body = one.parameters.get(one.body_name) if one.body_name else None
    query = f"?{urlencode(values)}" if values else ""
    return f"{address}{query}", msgspec.json.encode(body) if body is not None else b""


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(_text(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture
def client() -> Any:
    with played(products=1, sandbox=str(FOLDER)) as stage:
        yield _signed_in(stage)


def _signed_in(stage: Stage) -> httpx2.Client:
    account = stage.market.account
    form = {
        "grant_type": "refresh_token",
        "refresh_token": account.refresh_token,
        "client_id": account.client_id,
        "client_secret": account.client_secret,
    }
    token = httpx2.post(f"{stage.url}/auth/o2/token", data=form).json()["access_token"]
    return httpx2.Client(base_url=stage.url, headers={"x-amz-access-token": token})


def test_every_example_is_answered_with_its_documented_status(client: httpx2.Client) -> None:
    found = examples()
    with client:
        for one in found:
            url, body = asked(one)
            told = client.request(one.method, url, content=body)
            twins = [x for x in found if (x.operation, x.parameters) == (one.operation, one.parameters)]
            assert told.status_code in {x.status for x in twins}, (one.operation, url, told.text)
    assert len(found) > 80


def test_what_matches_no_example_is_refused_in_amazon_s_words(client: httpx2.Client) -> None:
    with client:
        told = client.get("/feeds/2021-06-30/feeds/unknown")
        assert (told.status_code, told.json()["errors"][0]["message"]) == (
            400,
            "Could not match input arguments",
        )
        assert client.get("/nothing").status_code == 403
        client.headers["x-amz-access-token"] = "wrong"
        assert client.get("/feeds/2021-06-30/feeds/unknown").status_code == 403


def test_every_example_of_an_answer_that_we_use_is_read() -> None:
    read: set[str] = set()
    for one in examples():
        v0 = "/orders/v0" in one.path.pattern.replace("\\", "")  # the same name, and none of our calls
        if one.status < 300 and one.operation in READ_AS and one.response and not v0:
            msgspec.json.decode(msgspec.json.encode(one.response), type=READ_AS[one.operation], strict=False)
            read.add(one.operation)
    assert read == READ_AS.keys()
