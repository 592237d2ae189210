"""Several accounts of one application: the bucket that they share at Amazon bites, and nobody storms.

The accounts' own plans are a hundred times Amazon's here, so that the one of the application is the narrow one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from bazaar.amazon.market import AmazonMarket
from bazaar.amazon.quotas import APPLICATION_PLANS
from bazaar.genesis import begin
from bazaar.settings import ServeSettings
from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel
from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.connectors.amazon.operations import APPLICATION_LIMITS
from comptoir.core import clock
from comptoir.flows.connect import connected, connector_type
from comptoir.sdk.errors import RateLimited
from comptoir.sdk.http import Exchange
from tests.conformance.amazon.stage import KEY, Stage, serving

KEYS = (KEY, "amazon-2")
OTHER = "amazon-3"
READ = "getListingsItem"


class Accounts:
    """The hub's connections to both, with its own throttle, and what was said on the wire."""

    def __init__(self, stage: Stage, connections: list[AmazonConnection], told: list[Exchange]) -> None:
        self.stage, self.connections, self.told = stage, connections, told

    def read(self, number: int) -> None:
        """One listing of one account; RateLimited is waited for as long as it says."""
        connection = self.connections[number]
        path = (
            f"/listings/2021-08-01/items/{connection.settings.seller_id}/{quote(self.stage.sku(), safe='')}"
        )
        params = {"marketplaceIds": [connection.settings.marketplace.id]}
        for _ in range(5):
            try:
                connection.client.get(READ, path, params)
                return
            except RateLimited as error:
                wait = error.retry_after
            self.stage.advance(seconds=wait.total_seconds() if wait else 0.0)
        raise AssertionError("never let through")

    def statuses(self) -> list[int | None]:
        return [exchange.status for exchange in self.told if exchange.operation == READ]


@pytest.fixture
def accounts(db: None, settings: Any) -> Iterator[Accounts]:
    settings.ALLOW_LOOPBACK = True
    party = {"limits": "real", "limit_scale": 100.0, "initial_offers": "all", "client_id": "one.application"}
    world = begin(
        ServeSettings(
            party=["amazon:3"],
            products=5,
            speed=0.0,
            orders_per_hour=0.0,
            parties={"amazon": party, "amazon-2": {"seller_id": "A2ANOTHER"}},
        )
    )
    with ExitStack() as opened:
        url = opened.enter_context(serving(world))
        stage = Stage(world, url)
        settings.CONNECTOR_SLEEP = lambda seconds: stage.advance(seconds=seconds)
        opened.enter_context(clock.clock_at(world.now))
        told: list[Exchange] = []
        channels = [add(world.parties[key], f"{url}/{key}", key) for key in KEYS]
        assert channels[0].account != channels[1].account
        connections = [opened.enter_context(connected(channel, told.append)) for channel in channels]
        yield Accounts(stage, connections, told)


def add(market: object, url: str, key: str) -> Channel:
    assert isinstance(market, AmazonMarket)
    told = market.describe()["settings"]
    assert isinstance(told, dict)
    connector = connector_type("amazon")
    values = connector.settings.load({**told, "base_url": url})
    return add_channel(key=key, name=key, connector=connector, settings=values, actor="test")


def test_the_hub_and_the_simulator_know_the_same_shared_buckets() -> None:
    known = {name: (limit.rate, limit.burst) for name, limit in APPLICATION_LIMITS.items()}
    assert known == APPLICATION_PLANS


def test_both_accounts_together_keep_to_the_application_s_pace_without_one_429(accounts: Accounts) -> None:
    began = accounts.stage.world.now()
    for number in range(300):
        accounts.read(number % 2)
    took = (accounts.stage.world.now() - began).total_seconds()
    # A burst of a hundred, then a hundred a second; each account alone would be allowed five times that.
    assert 2.0 <= took <= 2.2
    assert accounts.statuses() == [200] * 300


def test_what_others_take_from_the_bucket_costs_one_429_and_not_one_each(accounts: Accounts) -> None:
    for rounds in range(1, 4):
        drain(accounts.stage)
        for number in range(40):
            accounts.read(number % 2)
        assert accounts.statuses().count(429) == rounds
    assert accounts.statuses().count(200) == 120


def drain(stage: Stage) -> None:
    """Another program reads a third account of the application, without our brakes, until Amazon refuses."""
    market = stage.world.parties[OTHER]
    assert isinstance(market, AmazonMarket)
    account = market.account
    url = stage.url.replace(KEY, OTHER)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": account.refresh_token,
        "client_id": account.client_id,
        "client_secret": account.client_secret,
    }
    token = httpx2.post(f"{url}/auth/o2/token", data=form).json()["access_token"]
    sku = quote(stage.sku(), safe="")
    address = f"{url}/listings/2021-08-01/items/{account.settings.seller_id}/{sku}"
    with httpx2.Client(headers={"x-amz-access-token": token}) as client:
        taken, answer = 0, httpx2.Response(200)
        while answer.status_code != 429:
            answer = client.get(address, params={"marketplaceIds": "A13V1IB3VIYZZH"})
            taken += answer.status_code == 200
            stage.advance(seconds=0.002)  # its account has 500 a second, and ten at once
    assert taken > 50, "the bucket of the application was empty, not that of the account"
    assert answer.json()["errors"][0]["code"] == "QuotaExceeded"
    assert "retry-after" not in answer.headers
