"""`python relay.py LISTEN TARGET`: carries bytes between `port` numbers of 127.0.0.1 and socket files.

A socket file reaches across network namespaces: through two of these, the simulated world answers on the
loopback of each machine of a drill, whatever happens to its cable. Imports nothing of Comptoir.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio import StreamReader, StreamWriter


async def _open(where: str) -> tuple[StreamReader, StreamWriter]:
    if where.isdigit():
        return await asyncio.open_connection("127.0.0.1", int(where))
    return await asyncio.open_unix_connection(where)


async def _copy(reader: StreamReader, writer: StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        return
    finally:
        writer.close()


async def _serve(listen: str, target: str) -> None:
    async def carry(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            far_reader, far_writer = await _open(target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))

    if listen.isdigit():
        server = await asyncio.start_server(carry, "127.0.0.1", int(listen))
    else:
        server = await asyncio.start_unix_server(carry, listen)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2]))
