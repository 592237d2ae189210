"""A world with an Amazon in it, served on loopback, and connections of the hub to it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import uvicorn

from bazaar.amazon.market import AmazonMarket
from bazaar.genesis import begin
from bazaar.server import build_app
from bazaar.settings import ServeSettings
from bazaar.world.facts import Fact
from bazaar.world.world import SimulatedWorld
from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.http import Exchange
from comptoir.sdk.testing import FakeCache, FakeThrottle

KEY = "amazon-1"


class Stage:
    """The world's clock is pushed by hand; the hub's clock is the world's."""

    def __init__(self, world: SimulatedWorld, url: str) -> None:
        self.world = world
        self.url = f"{url}/{KEY}"
        self.exchanges: list[Exchange] = []
        self.cache = FakeCache()
        market = world.parties[KEY]
        assert isinstance(market, AmazonMarket)
        self.market = market

    def advance(self, **duration: float) -> None:
        self.world.advance(self.world.now() + timedelta(**duration))

    @contextmanager
    def connected(self, **changes: object) -> Iterator[AmazonConnection]:
        told = self.market.describe()["settings"]
        assert isinstance(told, dict)
        settings = AmazonSettings.load({**told, "base_url": self.url, **changes})
        context = Context(
            clock=self.world.now,
            throttle=FakeThrottle(),
            observe=self.exchanges.append,
            cache=self.cache,
            account="test",
            allow_loopback=True,
            timeout_s=5.0,
            sleep=lambda seconds: self.advance(seconds=seconds),
        )
        with closing(AmazonConnection(settings, context)) as connection:
            yield connection

    def sku(self, number: int = 0) -> str:
        return list(self.world.products)[number]

    def ean(self, number: int = 0) -> str:
        return self.world.products[self.sku(number)].ean

    def facts(self, kind: str) -> list[Fact]:
        return [fact for fact in self.world.ledger.of_kind(kind) if fact.party == KEY]  # type: ignore[arg-type]


@contextmanager
def played(*, products: int = 30, **amazon: object) -> Iterator[Stage]:
    """`amazon`: settings of the simulated party."""
    usual = {"limits": "off", "initial_offers": "all"}
    settings = ServeSettings(
        party=["amazon"],
        products=products,
        speed=0.0,
        orders_per_hour=0.0,
        parties={"amazon": {**usual, **amazon}},
    )
    world = begin(settings)
    with serving(world) as url:
        yield Stage(world, url)


@contextmanager
def serving(world: SimulatedWorld) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(build_app(world), ws="none", lifespan="off", log_level="error", date_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
