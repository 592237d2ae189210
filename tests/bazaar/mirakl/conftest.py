"""One Mirakl marketplace in a world with a clock pushed by hand, served on a real socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from mirakl_market import Market, Served

from bazaar.genesis import begin
from bazaar.mirakl import MiraklParty
from bazaar.settings import read_settings

START = "2026-11-23T08:00:00+00:00"


@pytest.fixture
def open_market() -> Iterator[Callable[..., Market]]:
    """`open_market(limits="real", …)`: the settings of the party; calls are not counted by default."""
    served: list[Served] = []
    markets: list[Market] = []

    def start(faults: str = "none", **given: object) -> Market:
        own = {"limits": "off", **given}
        settings = {"party": ["mirakl"], "speed": 0.0, "start": START, "orders_per_hour": 0.0, "products": 30}
        world = begin(read_settings(None, {**settings, "parties": {"mirakl": own}, "faults": faults}))
        party = world.parties["mirakl-1"]
        assert isinstance(party, MiraklParty)
        served.append(Served(world))
        market = Market(world, party, served[-1].url)
        markets.append(market)
        return market

    yield start
    for market in markets:
        market.http.close()
    for one in served:
        one.stop()


@pytest.fixture
def market(open_market: Callable[..., Market]) -> Market:
    return open_market()
