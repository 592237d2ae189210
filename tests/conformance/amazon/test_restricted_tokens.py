"""Restricted data tokens: what they open at the simulated Amazon, until when; and that the hub needs none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from comptoir.sdk.errors import ConnectorError
from tests.conformance.amazon.models import modelled, needs_models
from tests.conformance.amazon.stage import Stage, played

REPORTS = "/reports/2021-06-30/documents/"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with played(token_s=3600) as stage:
        yield stage


class Wire:
    """Bare HTTP, as a client of another hand would speak."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        account = stage.market.account
        form = {
            "grant_type": "refresh_token",
            "refresh_token": account.refresh_token,
            "client_id": account.client_id,
            "client_secret": account.client_secret,
        }
        self.access: str = httpx2.post(f"{stage.url}/auth/o2/token", data=form).json()["access_token"]

    def get(self, path: str, token: str) -> httpx2.Response:
        return httpx2.get(f"{self._stage.url}{path}", headers={"x-amz-access-token": token})

    def restricted(self, *paths: str) -> httpx2.Response:
        body = {"restrictedResources": [{"method": "GET", "path": path} for path in paths]}
        address = f"{self._stage.url}/tokens/2021-03-01/restrictedDataToken"
        return httpx2.post(address, json=body, headers={"x-amz-access-token": self.access})


def documents(stage: Stage) -> list[str]:
    """The addresses of two reports that are made."""
    with stage.connected() as amazon:
        for kind in ("GET_MERCHANT_LISTINGS_ALL_DATA", "GET_FLAT_FILE_OPEN_LISTINGS_DATA"):
            amazon.reports.request(kind)
    stage.advance(minutes=5)
    return [f"{REPORTS}{report.document_id}" for report in stage.market.account.reports.values()]


def test_it_opens_the_paths_it_was_made_for_and_no_other_for_an_hour(stage: Stage) -> None:
    first, second = documents(stage)
    wire = Wire(stage)
    answer = wire.restricted(first)
    told: dict[str, Any] = answer.json()
    token = told["restrictedDataToken"]
    assert (token.startswith("Atz.sprdt|"), told["expiresIn"]) == (True, 3600)
    assert wire.get(first, token).status_code == 200
    assert wire.get(second, token).status_code == 403
    assert wire.get("/sellers/v1/marketplaceParticipations", token).status_code == 403
    stage.advance(seconds=3599)
    assert wire.get(first, token).status_code == 200
    stage.advance(seconds=1)
    late = wire.get(first, token)
    assert late.status_code == 403
    assert "access token" in late.json()["errors"][0]["details"]


def test_one_token_opens_several_paths_but_no_document_by_a_pattern(stage: Stage) -> None:
    paths = documents(stage)
    wire = Wire(stage)
    token = wire.restricted(*paths).json()["restrictedDataToken"]
    assert [wire.get(path, token).status_code for path in paths] == [200, 200]
    assert wire.restricted(f"{REPORTS}{{reportDocumentId}}").status_code == 400
    assert wire.restricted().status_code == 400
    assert wire.restricted(*[paths[0]] * 51).status_code == 400


@pytest.mark.shared
@needs_models
def test_its_answer_keeps_to_the_model(stage: Stage) -> None:
    answer = Wire(stage).restricted(*documents(stage))
    modelled("POST", "/tokens/2021-03-01/restrictedDataToken").check_answer(200, answer.content)


def test_the_hub_has_names_and_addresses_and_reports_without_one(stage: Stage) -> None:
    order_id = stage.market.place_by_hand([(stage.sku(), 1)])
    stage.advance(minutes=40)
    with stage.connected() as amazon:
        (page,) = amazon.orders_by_id([order_id])
        with pytest.raises(ConnectorError):
            list(amazon.listed_offers())
        stage.advance(minutes=5)
        assert sum(map(len, amazon.listed_offers())) == 30
    address = page.orders[0].shipping_address
    assert address is not None
    assert address.name
    assert address.street_1
    operations = {exchange.operation for exchange in stage.exchanges}
    assert operations >= {"getOrder", "getReportDocument"}
    assert "createRestrictedDataToken" not in operations
    assert not [name for name in stage.market.account.tokens if "sprdt" in name]
