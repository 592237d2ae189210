"""One request is one turn of the world: what is due happens first, what was done is written down."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bazaar.world.world import SimulatedWorld


class Turn:
    """Wraps an application so that an answer leaves only once what it tells is kept."""

    def __init__(self, app: ASGIApp, world: SimulatedWorld) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._world.write_down()
            await send(message)

        self._world.run_due()
        try:
            await self._app(scope, receive, kept)
        finally:
            self._world.write_down()
