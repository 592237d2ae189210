"""The gate before each party: an ASGI application that makes exchanges go wrong as the board says."""

from __future__ import annotations

import asyncio
from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bazaar.faults.connection import cut

if TYPE_CHECKING:
    from bazaar.world.world import SimulatedWorld


class FaultGate:
    """Wraps the application of one party."""

    def __init__(self, app: ASGIApp, world: SimulatedWorld, party: str) -> None:
        self._app = app
        self._world = world
        self._party = party

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fault = self._world.faults.strikes_wire(self._party, scope["method"], scope["path"])
        match fault:
            case None:
                await self._app(scope, receive, self._dated(send))
            case "latency":
                await asyncio.sleep(self._latency())
                await self._app(scope, receive, self._dated(send))
            case "dropped_before" | "hang_before":
                await self._drop(scope, hold=fault == "hang_before")
            case "timeout_after" | "dropped_after":
                await self._answer_of(scope, receive)
                await self._drop(scope, hold=fault == "timeout_after")
            case "truncated":
                await self._truncate(scope, receive, send)
            case _:
                await self._refusal(fault)(scope, receive, self._dated(send))

    def _dated(self, send: Send) -> Send:
        """The `Date` header is the party's own clock: the world's, and its skew."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = self._world.now() + self._world.skew(self._party)
                MutableHeaders(scope=message)["date"] = format_datetime(now, usegmt=True)
            await send(message)

        return dated

    def _latency(self) -> float:
        most = self._world.faults.settings(self._party).latency_s
        return most * (0.2 + 0.8 * self._world.rng(f"faults/{self._party}/latency").random())

    async def _drop(self, scope: Scope, *, hold: bool) -> None:
        if hold:
            await asyncio.sleep(self._world.faults.settings(self._party).hold_s)
        await cut(scope)

    async def _answer_of(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """Let the party do its work and keep the answer here: its start message and its body."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, self._dated(keep))
        return messages[0], b"".join(message.get("body", b"") for message in messages[1:])

    async def _truncate(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Announce the whole body, send its first half, close."""
        start, body = await self._answer_of(scope, receive)
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(max(len(body), 2))
        await send(start)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await cut(scope, flush=True)

    def _refusal(self, fault: str) -> Response:
        settings = self._world.faults.settings(self._party)
        status, headers = 503, {}
        if fault == "storm":
            status, headers = 429, {"retry-after": str(settings.retry_after_s)}
        elif fault == "expired_key":
            status = 401
        elif fault == "server_error":
            status = self._world.rng(f"faults/{self._party}/status").choice((500, 502, 503, 504))
        return self._refused(status, headers)

    def _refused(self, status: int, headers: dict[str, str]) -> Response:
        """In the party's own words when it has some, else JSON for 4xx and a proxy's page for 5xx."""
        own = getattr(self._world.parties[self._party], "refusal", None)
        if own is not None:
            response: Response = own(status)
            response.headers.update(headers)
            return response
        if status < 500:
            message = "Too many requests" if status == 429 else "Unauthorized"
            return JSONResponse({"message": message, "status": status}, status, headers)
        return Response(f"<html><body><h1>{status}</h1></body></html>", status, headers, "text/html")
