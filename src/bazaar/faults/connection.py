"""The HTTP protocol of the server, with a handle on the connection so that a fault can cut it.

ASGI has no way to close a connection without an answer, so the transport is put into the scope.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_KEY = "bazaar.transport"


class CuttableProtocol(HttpToolsProtocol):
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {_KEY: {"transport": self.transport}}


async def cut(scope: MutableMapping[str, Any], *, flush: bool = False) -> None:
    """Close the connection of this request: at once, or after what was written has left."""
    transport = scope["extensions"][_KEY]["transport"]
    if flush:
        transport.close()
    else:
        transport.abort()
    while not transport.is_closing():
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)  # let the server see the loss before it asks where the answer is
