"""The world on HTTP: one mount per party, the admin beside them, and the tick of the live clock."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from bazaar.admin import admin_app
from bazaar.faults.connection import CuttableProtocol
from bazaar.faults.gate import FaultGate
from bazaar.party import Party
from bazaar.settings import ServeSettings
from bazaar.turn import Turn
from bazaar.world.world import SimulatedWorld

_TICK_S = 0.2
logger = logging.getLogger("bazaar")


def build_app(world: SimulatedWorld) -> Starlette:
    """Every party under `/<key>` behind its gate of faults; `/_bazaar` has no faults."""
    mounts: list[BaseRoute] = [Mount("/_bazaar", app=Turn(admin_app(world), world))]
    mounts += [_mount(world, party) for party in world.parties.values()]
    return Starlette(routes=mounts)


def _mount(world: SimulatedWorld, party: Party) -> Mount:
    inner = Turn(Starlette(routes=list(party.routes())), world)
    return Mount(f"/{party.key}", app=FaultGate(inner, world, party.key))


def described(world: SimulatedWorld, url: str) -> dict[str, object]:
    """What a program that started the world needs to know: `{url, pid, parties: […]}`."""
    parties = [
        {"key": party.key, "kind": party.kind, "url": f"{url}/{party.key}", **party.describe()}
        for party in world.parties.values()
    ]
    return {"url": url, "pid": os.getpid(), "admin": f"{url}/_bazaar/", "parties": parties}


class BazaarServer(uvicorn.Server):
    """Calls `ready` once it listens, and stops on SIGTERM and SIGINT with a clean exit code."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def run_until_stopped(self, listening: socket.socket) -> None:
        """Serve without uvicorn's own signals: those would end the process by the signal."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        await self._serve([listening])

    def stop(self) -> None:
        self.should_exit = True


async def serve(
    world: SimulatedWorld, settings: ServeSettings, told: Callable[[dict[str, object]], None]
) -> None:
    """Serve until stopped; `told` is called once with `described()` when the address is open."""
    listening = socket.create_server((settings.host, settings.port), backlog=512)
    # asyncio sets this only on sockets whose protocol number was given: without it, every answer
    # waits 40 ms for the client's delayed acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    port = listening.getsockname()[1]
    start = described(world, f"http://{settings.host}:{port}")
    config = uvicorn.Config(
        build_app(world),
        http=CuttableProtocol,
        ws="none",
        date_header=False,
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    server = BazaarServer(config, lambda: _announce(start, settings, told))
    ticking = asyncio.create_task(tick_for_ever(world))
    ticking.add_done_callback(lambda _: server.stop())
    await server.run_until_stopped(listening)
    ticking.cancel()
    with suppress(asyncio.CancelledError):
        await ticking
    world.close()


async def tick_for_ever(world: SimulatedWorld) -> None:
    """What is due happens every 200 ms of real time, whether somebody asks or not."""
    while True:
        await asyncio.sleep(_TICK_S)
        if world.clock.speed:
            world.run_due()
            world.write_down()


def _announce(
    start: dict[str, object], settings: ServeSettings, told: Callable[[dict[str, object]], None]
) -> None:
    text = json.dumps(start, ensure_ascii=False, default=str)
    files = [settings.ready_file, f"{settings.data}/bazaar.json" if settings.data else ""]
    for file in filter(None, files):
        path = Path(file)
        path.with_name(f".{path.name}.tmp").write_text(text, "utf-8")
        path.with_name(f".{path.name}.tmp").replace(path)
    told(start)
