"""Healthy feeds for hostile.py: every address is a small feed, or 304 to who knows it.

    python bench/neighbours.py

Prints its port on loopback and serves until killed.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

HEAD = b'HTTP/1.1 %b\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n'


async def serve() -> None:
    """Print the port and answer until killed."""
    items = "".join(f"<item><guid>{n}</guid><title>Neighbour {n}</title></item>" for n in range(20))
    body = f'<rss version="2.0"><channel><title>Healthy</title>{items}</channel></rss>'.encode()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                known = b'If-None-Match: "1"' in head
                status = b"304 Not Modified" if known else b"200 OK"
                length = 0 if known else len(body)
                writer.write(HEAD % (status, length) + (b"" if known else body))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve())
