"""A street of small web servers on loopback, each on its own address, that can all be shut at once."""

from __future__ import annotations

import asyncio
import socket
from typing import Self

HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n"
FEED = "<rss version='2.0'><channel><title>{0}</title><item><guid>{0}</guid></item></channel></rss>"


class Street:
    """Houses 127.0.1.1, 127.0.1.2, ... on one port; each shows a feed of one entry at any path."""

    def __init__(self, houses: int) -> None:
        self.addresses = [f"127.0.1.{number + 1}" for number in range(houses)]
        self.port = _free_port()
        self.asked = 0
        self._servers: list[asyncio.Server] = []

    @property
    def origins(self) -> list[str]:
        return [f"http://{address}:{self.port}" for address in self.addresses]

    @property
    def feeds(self) -> list[str]:
        return [f"{origin}/feed" for origin in self.origins]

    async def open(self, *houses: int) -> None:
        """Open these houses, all without a number."""
        for number, address in enumerate(self.addresses):
            if number in (houses or range(len(self.addresses))):
                server = await asyncio.start_server(self._answer, address, self.port)
                self._servers.append(server)

    async def shut(self) -> None:
        """Refuse every connection."""
        for server in self._servers:
            server.close()
            await server.wait_closed()
        self._servers.clear()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.shut()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            body = FEED.format(writer.get_extra_info("sockname")[0])
            writer.write(f"{HEAD}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
