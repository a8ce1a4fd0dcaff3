"""The live web: the only home of the HTTP client.

One exchange is one request to one address: guarded, bounded in time, bytes and memory.
Redirects and statuses are the business of `redirects.following`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import aiohttp
from yarl import URL

from pipeline import urls
from pipeline.errors import FetchError
from pipeline.model import Fetch, Request, Response
from pipeline.web import headers, probe, robots
from pipeline.web.address_lock import AddressGate
from pipeline.web.decode import STEP, Decoder
from pipeline.web.redirects import address, bounded, following
from pipeline.web.response_head import MAX_HEADERS, HeadTooLargeError, TolerantConnector
from pipeline.web.server_holds import ServerHolds
from pipeline.web.ssrf_guard import (
    BlockedAddressError,
    GuardedResolver,
    Lookup,
    Network,
    is_address,
    socket_factory,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from datetime import datetime

WIRE_BYTES = 10_000_000
"""The most that is read of one body, before decoding."""

# Decoded bytes kept, by purpose: feeds repeat themselves and pack well, pages end at 5 MB in
# the extractor's tree anyway.
_DECODED_BYTES = {"feed": 25_000_000, "page": 10_000_000, "robots": robots.MAX_BYTES}
# Of the body of an error: enough to see what it says. Cut, not refused, like robots.txt.
_ERROR_BYTES = 64 * 1024
_ERROR_BODY_SECONDS = 5.0
_CONNECT_SECONDS = 10.0
# Article pages of one host come seconds apart; a new TLS connection costs 20 times a kept one.
_KEEPALIVE_SECONDS = 15.0
# Content-Security-Policy is the longest seen, at 10 to 20 kB.
_HEADER_BYTES = 32 * 1024
# What the client's exceptions mean, the first that fits.
_REASONS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (aiohttp.ConnectionTimeoutError, "connect"),
    (TimeoutError, "timeout"),
    (HeadTooLargeError, "too_large"),
    ((aiohttp.ClientConnectorDNSError, socket.gaierror), "dns"),
    ((aiohttp.ClientSSLError, ssl.SSLError), "tls"),
    (aiohttp.ClientPayloadError, "truncated_transfer"),
    # It answered, but not in HTTP: RFC 9110 section 15 reads an invalid answer as a 5xx.
    (aiohttp.ClientResponseError, "http_5xx"),
    # InvalidURL, and what the name service cannot even be asked (UnicodeError).
    (ValueError, "bad_url"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """What differs between deployments and tests.

    `user_agent` names the operator (`Broadsheet/1.0 (+https://operator.example)`). The deadlines
    hold for one exchange, from name look-up to last byte. A body that brings less than
    `minimum_rate` bytes a second for `rate_window_seconds` is given up. `connections` must be
    above the number of fetches at a time: waiting for a free one counts as time spent.
    """

    user_agent: str
    allow_nets: tuple[Network, ...] = ()
    ports: tuple[int, ...] = (80, 443, 8080, 8443)
    feed_seconds: float = 60.0
    page_seconds: float = 30.0
    minimum_rate: float = 1000.0
    rate_window_seconds: float = 10.0
    connections: int = 512


class Client:
    """The HTTP session; open it with `async with`. `fetch` is the seam that flow is given."""

    def __init__(
        self,
        options: ClientOptions,
        clock: Callable[[], datetime],
        *,
        lookup: Lookup = socket.getaddrinfo,
    ) -> None:
        """`clock` stamps the responses (jobs pass the database's); `lookup` resolves names."""
        self._options = options
        self._clock = clock
        self._resolver = GuardedResolver(options.allow_nets, _CONNECT_SECONDS, lookup)
        self._gate = AddressGate(options.allow_nets)
        self._holds = ServerHolds()
        self._session: aiohttp.ClientSession | None = None
        self.fetch: Fetch = bounded(following(self.exchange), self.deadline_seconds)
        self.reaches = probe.reaching(options.allow_nets, lookup)

    async def __aenter__(self) -> Self:
        options = self._options
        self._session = aiohttp.ClientSession(
            connector=TolerantConnector(
                socket_factory=socket_factory(options.allow_nets, options.ports),
                resolver=self._resolver,
                use_dns_cache=False,  # the resolver's own, which the gate has asked before
                limit=options.connections,
                keepalive_timeout=_KEEPALIVE_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
            auto_decompress=False,
            trust_env=False,
            read_bufsize=64 * 1024,
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
            max_headers=MAX_HEADERS + 1,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def exchange(self, request: Request, url: str) -> Response:
        """Ask `url` once and return the answer, whatever its status; redirects have no body.

        The body is decoded; of an error status at most 64 kB of it, as far as it came. Raises
        FetchError with any of the transport reasons, with the bodiless response if there was one,
        and rate_limited without asking where the server's other names are on hold.
        Waiting for others at the same address does not count against the deadline.
        """
        target = address(url)
        host, addresses = urls.host(target), await self._addresses(url, target)
        async with self._gate.entered(addresses, url):
            self._holds.require_free(host, addresses, self._clock())
            answer = await self._asked(request, url, target)
        self._holds.note(host, addresses, answer)
        return answer

    async def _asked(self, request: Request, url: str, target: str) -> Response:
        head: Response | None = None
        started = time.monotonic()
        try:
            async with (
                asyncio.timeout(self.deadline_seconds(request)),
                self._get(request, target) as answer,
            ):
                head = Response(
                    url=url,
                    status=answer.status,
                    headers=headers.kept(answer.raw_headers),
                    fetched_at=self._clock(),
                )
                body = await self._body(answer, request)
        except FetchError as error:
            message = f"{url[:300]}: {error.message}"
            raise FetchError(error.reason, message, response=head) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _failure(error, url, started, head) from error
        return replace(head, body=body, duration_seconds=time.monotonic() - started)

    async def _addresses(self, url: str, target: str) -> list[str]:
        """The IP addresses that a request to `target` may go to."""
        place = URL(target, encoded=True)
        name = place.raw_host or ""
        started = time.monotonic()
        try:
            if is_address(name):
                return [name]
            return [found["host"] for found in await self._resolver.resolve(name, place.port or 0)]
        except (OSError, ValueError) as error:
            raise _failure(error, url, started, None) from error

    def deadline_seconds(self, request: Request) -> float:
        """Return how long a request may take, from the look-up of its name to the last byte."""
        options = self._options
        return options.feed_seconds if request.purpose == "feed" else options.page_seconds

    def _get(
        self, request: Request, target: str
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        if self._session is None:
            raise RuntimeError("the client is not open")
        return self._session.get(
            URL(target, encoded=True),
            headers=headers.asking(request, self._options.user_agent),
            allow_redirects=False,
        )

    async def _body(self, answer: aiohttp.ClientResponse, request: Request) -> bytes:
        kind = answer.status // 100
        if kind == 2:  # noqa: PLR2004 (2xx)
            limit = _DECODED_BYTES[request.purpose]
            return await self._read(answer, limit, cut=request.purpose == "robots")
        if kind == 3:  # noqa: PLR2004 (3xx)
            return b""
        try:
            async with asyncio.timeout(_ERROR_BODY_SECONDS):
                return await self._read(answer, _ERROR_BYTES, cut=True)
        except (FetchError, aiohttp.ClientError, OSError):
            return b""  # the status has said it all

    async def _read(self, answer: aiohttp.ClientResponse, limit: int, *, cut: bool) -> bytes:
        """Give the decoded body; at `limit` it is cut or refused."""
        decoder = Decoder(answer.headers.get("content-encoding"), cap=limit + cut * STEP * 2)
        declared = answer.content_length or 0
        if declared > WIRE_BYTES and not cut:
            raise FetchError("too_large", f"{declared} bytes declared")
        body = bytearray()
        try:
            async with aclosing(self._wire(answer.content)) as chunks:
                async for chunk in chunks:
                    for piece in decoder.feed(chunk):
                        body += piece
                        if len(body) > limit and cut:
                            return bytes(body[:limit])
                        await asyncio.sleep(0)  # about 1 ms of work since the last time
            decoder.finish()
            if len(body) > limit:
                raise FetchError("too_large", f"more than {limit} bytes")
            return bytes(body)
        finally:
            body.clear()  # the traceback of an error would keep it for as long as that lives

    async def _wire(self, content: aiohttp.StreamReader) -> AsyncGenerator[bytes]:
        """Give the bytes as they come, as long as they come fast enough and are not too many."""
        window = self._options.rate_window_seconds
        total = in_window = 0
        since = time.monotonic()
        while chunk := await _next(content, window):
            total += len(chunk)
            in_window += len(chunk)
            if total > WIRE_BYTES:
                raise FetchError("too_large", f"more than {WIRE_BYTES} bytes")
            elapsed = time.monotonic() - since
            if elapsed >= window:
                if in_window < elapsed * self._options.minimum_rate:
                    raise FetchError("too_slow", f"{in_window} bytes in {elapsed:.0f} s")
                since, in_window = time.monotonic(), 0
            yield chunk


def _failure(error: Exception, url: str, started: float, head: Response | None) -> FetchError:
    spent = time.monotonic() - started
    message = f"{url[:300]}: {type(error).__name__} after {spent:.1f} s {error}"
    reason = reason_of(error, answered=head is not None)
    return FetchError(reason, " ".join(message.split())[:600], response=head)


def reason_of(error: Exception, *, answered: bool) -> str:
    """Return the reason that stands for an exception of the client or the system.

    `answered` says whether a status line had been read: what breaks after it cut a transfer.
    """
    if isinstance(getattr(error, "os_error", error), BlockedAddressError):
        return "blocked_address"
    fitting = (reason for kind, reason in _REASONS if isinstance(error, kind))
    return next(fitting, "truncated_transfer" if answered else "connect")


async def _next(content: aiohttp.StreamReader, seconds: float) -> bytes:
    try:
        async with asyncio.timeout(seconds):
            return await content.readany()
    except TimeoutError as error:
        raise FetchError("too_slow", f"no byte for {seconds:g} s") from error
