"""A world with Octopia accounts in it, served on a real socket, and the hub's connector on it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn

from bazaar.faults.connection import CuttableProtocol
from bazaar.octopia import OctopiaParty, create
from bazaar.server import build_app
from bazaar.world.catalogue import generate_products
from bazaar.world.clock import WorldClock
from bazaar.world.world import SimulatedWorld
from comptoir.connectors.octopia import CONNECTOR
from comptoir.sdk.connector import Context
from comptoir.sdk.http import Exchange
from comptoir.sdk.testing import FakeCache, FakeThrottle

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass
class Stand:
    """One world at `url`; its clock is pushed by `advance`, and the connector's with it."""

    world: SimulatedWorld
    url: str
    exchanges: list[Exchange] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)

    def party(self, key: str = "octopia-1") -> OctopiaParty:
        party = self.world.parties[key]
        assert isinstance(party, OctopiaParty)
        return party

    def advance(self, **duration: float) -> None:
        self.world.advance(self.world.clock.now() + timedelta(**duration))

    def context(self) -> Context:
        return Context(
            clock=self.world.clock.now,
            throttle=FakeThrottle(),
            observe=self.exchanges.append,
            cache=FakeCache(),
            account="test",
            allow_loopback=True,
            timeout_s=5.0,
            sleep=lambda seconds: self.advance(seconds=seconds),
        )

    def connect(self, key: str = "octopia-1", **more: object) -> Any:
        given: Any = self.party(key).describe()["settings"]
        settings = CONNECTOR.settings.load({"base_url": f"{self.url}/{key}", **given, **more})
        self.connections.append(CONNECTOR.connect(settings, self.context()))
        return self.connections[-1]

    def skus(self, count: int) -> list[str]:
        return list(self.world.products)[:count]


@pytest.fixture
def stand() -> Iterator[Callable[..., Stand]]:
    """`stand({"octopia-1": {…settings}}, seed=…)` serves such a world until the test ends."""
    served: list[tuple[Stand, _Server]] = []

    def start(
        parties: dict[str, dict[str, object]] | None = None, seed: int = 7, products: int = 30
    ) -> Stand:
        world = SimulatedWorld(seed, WorldClock(START, 0.0))
        for product in generate_products(world.randomness, products, scarce=False):
            world.products[product.sku] = product
        for key, settings in (parties or {"octopia-1": {}}).items():
            world.add_party(create(key, world, {"limits": "off", **settings}))
        server = _Server(world)
        served.append((Stand(world, server.url), server))
        return served[-1][0]

    yield start
    for one, server in served:
        for connection in one.connections:
            connection.close()
        server.stop()


class _Server:
    """Serves the world from a thread; tests move its clock only between requests."""

    def __init__(self, world: SimulatedWorld) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            build_app(world),
            http=CuttableProtocol,
            ws="none",
            date_header=False,
            lifespan="off",
            log_config=None,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._server.serve(sockets=[listening])), daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
