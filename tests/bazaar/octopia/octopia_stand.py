"""A world with Octopia accounts in it, served on a real socket, and the hub's connector on it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
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
TOKEN_PATH = "/auth/realms/maas/protocol/openid-connect/token"


@dataclass
class Stand:
    """One world at `url`; its clock is pushed by `advance`, and the connector's with it."""

    world: SimulatedWorld
    url: str
    exchanges: list[Exchange] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    def party(self, key: str = "octopia-1") -> OctopiaParty:
        party = self.world.parties[key]
        assert isinstance(party, OctopiaParty)
        return party

    def advance(self, **duration: float) -> None:
        self.world.advance(self.world.clock.now() + timedelta(**duration))

    def skus(self, count: int) -> list[str]:
        return list(self.world.products)[:count]

    def settings(self, key: str = "octopia-1") -> dict[str, Any]:
        told: Any = self.party(key).describe()["settings"]
        return dict(told)

    def connect(self, key: str = "octopia-1", **more: object) -> Any:
        given = {"base_url": f"{self.url}/{key}", **self.settings(key), **more}
        self.opened.append(CONNECTOR.connect(CONNECTOR.settings.load(given), self._context()))
        return self.opened[-1]

    def client(self, key: str = "octopia-1", **headers: str) -> httpx2.Client:
        """A plain client that holds a token, for the requests that the connector never makes."""
        told = self.settings(key)
        form = {"grant_type": "client_credentials", **{n: told[n] for n in ("client_id", "client_secret")}}
        base = f"{self.url}/{key}"
        token = httpx2.post(base + TOKEN_PATH, data=form).json()["access_token"]
        usual = {"Authorization": f"Bearer {token}", "SellerId": told["seller_id"]}
        self.opened.append(httpx2.Client(base_url=base, headers={**usual, **headers}))
        client: httpx2.Client = self.opened[-1]
        return client

    def _context(self) -> Context:
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


def make_world(parties: Mapping[str, Mapping[str, object]], seed: int, products: int) -> SimulatedWorld:
    world = SimulatedWorld(seed, WorldClock(START, 0.0))
    for product in generate_products(world.randomness, products, scarce=False):
        world.products[product.sku] = product
    for key, settings in parties.items():
        world.add_party(create(key, world, {"limits": "off", **settings}))
    return world


class Served:
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
