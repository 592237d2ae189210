"""A real marketplace on loopback, in a thread: what a seller's browser and our server talk to."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from bazaar.genesis import begin
from bazaar.mirakl import MiraklParty
from bazaar.server import build_app
from bazaar.settings import read_settings

SETTINGS = {"party": ["mirakl"], "speed": 0.0, "orders_per_hour": 0.0, "products": 10,
            "parties": {"mirakl": {"limits": "off"}}, "faults": "none"}  # fmt: skip


@dataclass(frozen=True)
class Marketplace:
    url: str
    api_key: str


@contextmanager
def marketplace_open() -> Iterator[Marketplace]:
    world = begin(read_settings(None, SETTINGS))
    party = world.parties["mirakl-1"]
    assert isinstance(party, MiraklParty)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(build_app(world), log_level="warning", lifespan="off", ws="none")
        )
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        yield Marketplace(f"http://127.0.0.1:{listening.getsockname()[1]}/mirakl-1", party.shop.api_key)
        server.should_exit = True
        thread.join(timeout=10)
