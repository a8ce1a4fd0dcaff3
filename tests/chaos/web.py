"""A news web on loopback that publishes on demand, and that can be taken away."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Self

from tests.jobs.site import NEWS

if TYPE_CHECKING:
    from types import TracebackType

WORDS = sorted(
    {word.strip(".,") for lines in NEWS.values() for line in lines for word in line.split()}
)
PARAGRAPHS, PARAGRAPH_WORDS, TITLE_WORDS = 4, 45, 7
POISON = "chaos-poison"
"""A page that holds this word kills the worker that reads it."""


@dataclass(slots=True)
class Web:
    """Sites at 127.0.1.1 and up on one port, each with a feed; what is published stays in its feed."""

    sites: int
    seed: int
    published: int = 0
    port: int = 0
    requests: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        with socket.socket() as probe:
            probe.bind(("127.0.1.1", 0))
            self.port = probe.getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.come_back()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.go_away()
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread:
            self._thread.join()
        self._loop.close()

    def go_away(self) -> None:
        """Refuse every connection from now on."""

        async def close() -> None:
            if self._server:
                self._server.close()
                self._server = None

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)

    def come_back(self) -> None:
        """Take connections."""

        async def listen() -> None:
            addresses = [self._address(site) for site in range(self.sites)]
            self._server = await asyncio.start_server(self._serve, addresses, self.port)

        asyncio.run_coroutine_threadsafe(listen(), self._loop).result(10)

    def come_back_if_away(self) -> None:
        """Take connections again, if they were refused."""
        if self._server is None:
            self.come_back()

    def feeds(self) -> list[str]:
        """The addresses of the feeds."""
        return [f"{self._root(site)}/feed.xml" for site in range(self.sites)]

    def pages(self) -> list[str]:
        """The addresses of all pages published so far."""
        return [
            f"{self._root(site)}/{number}"
            for site in range(self.sites)
            for number in range(self.published)
        ]

    def poison(self) -> set[str]:
        """The addresses of the pages that kill their reader: the third of two sites."""
        return {f"{self._root(site)}/2" for site in (0, self.sites - 1) if self.published > 2}

    def _address(self, site: int) -> str:
        return f"127.0.1.{site + 1}"

    def _root(self, site: int) -> str:
        return f"http://{self._address(site)}:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests += 1
            path = head.split(" ", 2)[1]
            site = int(writer.get_extra_info("sockname")[0].rpartition(".")[2]) - 1
            status, kind, body = self._answer(site, path)
            etag = f'"{sha256(body).hexdigest()[:16]}"'
            if etag in head:
                status, body = "304 Not Modified", b""
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nETag: {etag}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # who asked was killed
        finally:
            writer.close()

    def _answer(self, site: int, path: str) -> tuple[str, str, bytes]:
        if path == "/feed.xml":
            return "200 OK", "application/rss+xml", self._feed(site).encode()
        number = path.removeprefix("/")
        if number.isdecimal() and int(number) < self.published:
            return "200 OK", "text/html; charset=utf-8", self._page(site, int(number)).encode()
        return "404 Not Found", "text/plain", b"Not here."

    def _feed(self, site: int) -> str:
        items = "".join(
            f"<item><title>{self._title(site, n)}</title><link>{self._root(site)}/{n}</link>"
            f"<guid>{site}-{n}</guid></item>"
            for n in reversed(range(self.published))
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Site {site}</title>{items}</channel></rss>'

    def _title(self, site: int, number: int) -> str:
        words = self._draw(site, number).choices(WORDS, k=TITLE_WORDS)
        return escape(" ".join(words).capitalize())

    def _page(self, site: int, number: int) -> str:
        draw = self._draw(site, -number - 1)
        poison = POISON if f"{self._root(site)}/{number}" in self.poison() else ""
        text = "".join(
            f"<p>{escape(' '.join(draw.choices(WORDS, k=PARAGRAPH_WORDS)).capitalize())}.</p>\n"
            for _ in range(PARAGRAPHS)
        )
        title = self._title(site, number)
        return (
            f'<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body><article>'
            f"<h1>{title}</h1>\n{text}</article><!-- {poison} --></body></html>"
        )

    def _draw(self, site: int, number: int) -> random.Random:
        return random.Random(f"{self.seed} {site} {number}")  # noqa: S311 - texts, no secret
