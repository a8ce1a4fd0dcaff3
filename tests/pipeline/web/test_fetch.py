"""The live client against a server of raw sockets on loopback, so that it can lie."""

from __future__ import annotations

import asyncio
import gzip
import random
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Literal

import aiohttp
import brotli  # type: ignore[import-untyped]  # it has no annotations
import pytest
from aiohttp.client_reqrep import ConnectionKey

from pipeline.errors import FetchError, GoneError
from pipeline.model import Hop, Request, Response
from pipeline.web.address_lock import AddressGate
from pipeline.web.fetch import WIRE_BYTES, Client, ClientOptions, reason_of
from pipeline.web.robots import MAX_BYTES
from pipeline.web.ssrf_guard import BlockedAddressError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.connector import AddrInfoType

Answer = bytes | Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)
TLS_HANDSHAKE = b"\x16"
AGENT = "Broadsheet/1.0 (+https://desk.example)"
FEED = b"<rss><channel><title>Harbour news</title></channel></rss>"
NAMES = {
    "news.example": ["127.0.0.1"],
    "cdn.example": ["127.0.0.1"],
    "a.blogs.example": ["127.0.0.1", "127.0.0.9"],
    "b.blogs.example": ["127.0.0.1"],
    "c.blogs.example": ["127.0.0.2"],
    "inside.example": ["10.0.0.1", "fd00::1"],
    "public.example": ["192.0.2.7", "93.184.216.34"],
}


class Server:
    """Its port, the heads of the requests it got, and how many connections."""

    def __init__(self) -> None:
        self.port = 0
        self.heads: list[str] = []
        self.connections = 0


def _lookup(host: str, port: int, *_: object) -> Sequence[AddrInfoType]:
    if host not in NAMES:  # an odd spelling of an address, or a name that nobody has
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [
        (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))
        for address in NAMES[host]
    ]


@asynccontextmanager
async def _serving(answer: Answer) -> AsyncIterator[Server]:
    server = Server()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        try:
            first = await reader.readexactly(1)
            if first == TLS_HANDSHAKE:
                writer.write(b"plain")
                return
            head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
            server.heads.append(head)
            if isinstance(answer, bytes):
                writer.write(answer)
            else:
                await answer(head, reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server


def _head(status: str, *lines: str, length: int | None = None) -> bytes:
    lines = (f"HTTP/1.1 {status}", *lines, "Connection: close")
    if length is not None:
        lines += (f"Content-Length: {length}",)
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _full(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    return _head(status, *lines, length=len(body)) + body


async def _silence(_: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say no more until the client hangs up."""
    await writer.drain()
    await reader.read()


def _client(**settings: Any) -> Client:
    options = ClientOptions(user_agent=AGENT, **{"allow_nets": LOOPBACK, **settings})
    return Client(options, lambda: NOW, lookup=_lookup)


def _run(
    answer: Answer,
    url: str = "http://news.example:{port}/feed?c=d+e%2Fx",
    purpose: Literal["feed", "page", "robots"] = "feed",
    **settings: Any,
) -> tuple[Server, Response | FetchError]:
    """Serve `answer`, fetch `url` once, and give the server and what came of it."""

    async def go() -> tuple[Server, Response | FetchError]:
        async with _serving(answer) as server, _client(**settings) as client:
            try:
                return server, await client.fetch(
                    Request(url=url.format(port=server.port), purpose=purpose)
                )
            except FetchError as error:
                return server, error

    return asyncio.run(asyncio.wait_for(go(), 30))


def _response(answer: Answer, **settings: Any) -> Response:
    _, outcome = _run(answer, **settings)
    assert isinstance(outcome, Response), outcome
    return outcome


def _failure(answer: Answer, **settings: Any) -> FetchError:
    _, outcome = _run(answer, **settings)
    assert isinstance(outcome, FetchError), outcome
    return outcome


def test_a_response_tells_what_was_answered_and_when() -> None:
    server, got = _run(_full(FEED, 'ETag: "a1"', "Content-Type: application/rss+xml"))
    assert isinstance(got, Response)
    assert (got.status, got.body, got.fetched_at, got.hops) == (200, FEED, NOW, ())
    assert got.url == f"http://news.example:{server.port}/feed?c=d+e%2Fx"
    assert got.headers["etag"] == '"a1"'
    assert got.headers["content-type"] == "application/rss+xml"
    assert 0 < got.duration_seconds < 10


def test_a_request_goes_out_plain() -> None:
    server, _ = _run(_full(FEED))
    (head,) = server.heads
    request_line, *lines = head.rstrip().split("\r\n")
    said = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert request_line == "GET /feed?c=d+e%2Fx HTTP/1.1"
    assert said["host"] == f"news.example:{server.port}"
    assert said["user-agent"] == AGENT
    assert said["accept-encoding"] == "gzip, deflate, br, zstd"
    assert set(said) == {"host", "user-agent", "accept", "accept-encoding"}


def test_validators_go_out_and_not_modified_comes_back() -> None:
    async def go() -> None:
        async with _serving(_head("304 Not Modified", 'ETag: "a1"')) as server, _client() as client:
            url = f"http://news.example:{server.port}/"
            dated = "mon, 2 mar 2026 7:00:00 gmt"
            request = Request(url=url, purpose="feed", etag='W/"a1-gzip"', last_modified=dated)
            got = await client.fetch(request)
            assert (got.status, got.body) == (304, b"")
            assert 'If-None-Match: W/"a1-gzip", W/"a1"\r\n' in server.heads[0]
            assert f"If-Modified-Since: {dated}\r\n" in server.heads[0]

    asyncio.run(go())


def test_given_headers_go_to_the_origin_and_no_further() -> None:
    key = "Basic ZGVzazpodW50ZXIy"

    async def go() -> tuple[Response, list[str]]:
        async with _serving(_redirecting) as server, _client() as client:
            url = f"http://news.example:{server.port}/away"
            given = {"authorization": key, "User-Agent": "Desk/2", "Host": "evil.example"}
            request = Request(url=url, purpose="feed", headers=given)
            return await client.fetch(request), server.heads

    got, (first, second) = asyncio.run(go())
    assert f"authorization: {key}\r\n" in first
    assert "User-Agent: Desk/2\r\n" in first
    assert AGENT not in first
    assert "evil" not in first
    assert key not in second
    assert f"User-Agent: {AGENT}\r\n" in second
    assert key not in repr(got)


@pytest.mark.parametrize("host", ["{name}.example", "127.0.0.1"])
def test_one_request_at_a_time_to_an_address(host: str) -> None:
    """The operator's own nets are not gated, and no other is at hand: so here they are."""
    running: list[str] = []
    most: list[int] = []

    async def slow(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader
        running.append(head)
        most.append(len(running))
        await asyncio.sleep(0.05)
        running.remove(head)
        writer.write(_full(FEED))

    async def go() -> None:
        async with _serving(slow) as server, _client(feed_seconds=0.4) as client:
            client._gate = AddressGate(())
            names = [host.format(name=name) for name in ("news", "cdn")] * 6
            asked = [
                client.fetch(Request(url=f"http://{name}:{server.port}/{n}", purpose="feed"))
                for n, name in enumerate(names)
            ]
            # Together they take longer than the deadline of one: waiting does not count.
            assert {got.body for got in await asyncio.gather(*asked)} == {FEED}

    asyncio.run(asyncio.wait_for(go(), 30))
    assert max(most) == 1
    assert len(most) == 12


def test_cookies_are_neither_kept_nor_sent_back() -> None:
    async def go() -> None:
        answer = _full(FEED, "Set-Cookie: session=1; Path=/")
        async with _serving(answer) as server, _client() as client:
            request = Request(url=f"http://news.example:{server.port}/", purpose="page")
            first = await client.fetch(request)
            await client.fetch(request)
            assert "set-cookie" not in first.headers
            assert "session" not in server.heads[1]

    asyncio.run(go())


def test_a_kept_connection_is_used_again() -> None:
    async def twice(_: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        writer.write(answer)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)

    async def go() -> int:
        async with _serving(twice) as server, _client() as client:
            request = Request(url=f"http://news.example:{server.port}/", purpose="page")
            await client.fetch(request)
            await client.fetch(request)
            return server.connections

    assert asyncio.run(go()) == 1


ENCODED = [
    ("gzip", "gzip", gzip.compress(FEED)),
    ("deflate", "deflate", zlib.compress(FEED)),
    ("br", "br", bytes(brotli.compress(FEED))),
    ("two", "br, gzip", gzip.compress(bytes(brotli.compress(FEED)))),
    ("wrong name for none", "utf-8", FEED),
]


@pytest.mark.parametrize(
    ("name", "body"), [row[1:] for row in ENCODED], ids=[row[0] for row in ENCODED]
)
def test_bodies_are_decoded(name: str, body: bytes) -> None:
    assert _response(_full(body, f"Content-Encoding: {name}")).body == FEED


def test_chunks_are_joined() -> None:
    body = b"3\r\n<rs\r\n8\r\ns></rss>\r\n0\r\n\r\n"
    assert _response(_head("200 OK", "Transfer-Encoding: chunked") + body).body == b"<rss></rss>"


def test_a_body_may_end_with_the_connection() -> None:
    assert _response(_head("200 OK") + FEED).body == FEED


def _bomb(name: str) -> bytes:
    zeros = bytes(40_000_000)
    packed = gzip.compress(zeros) if name == "gzip" else brotli.compress(zeros, quality=5)
    return _full(packed, f"Content-Encoding: {name}")


BROKEN = [
    ("short body", _head("200 OK", length=1000) + FEED, "truncated_transfer"),
    ("cut chunk", _head("200 OK", "Transfer-Encoding: chunked") + b"5\r\nab", "truncated_transfer"),
    (
        "cut gzip",
        _full(gzip.compress(FEED * 9)[:-8], "Content-Encoding: gzip"),
        "truncated_transfer",
    ),
    ("plain as gzip", _full(FEED, "Content-Encoding: gzip"), "bad_encoding"),
    ("unknown encoding", _full(FEED, "Content-Encoding: sdch"), "bad_encoding"),
    ("gzip bomb", _bomb("gzip"), "too_large"),
    ("br bomb", _bomb("br"), "too_large"),
    ("declared too long", _head("200 OK", length=WIRE_BYTES + 1) + b"x", "too_large"),
    ("a terabyte declared", _head("200 OK", length=1 << 40) + b"x", "too_large"),
    ("too long", _head("200 OK") + bytes(WIRE_BYTES + 1), "too_large"),
    ("no http", b"<rss></rss>", "http_5xx"),
    ("other protocol", b"SSH-2.0-OpenSSH_9.6\r\n", "http_5xx"),
    ("bad chunk", _head("200 OK", "Transfer-Encoding: chunked") + b"zz\r\n", "truncated_transfer"),
    ("large head", b"HTTP/1.1 200 OK\r\n" + b"X-A: a\r\n" * 50_000 + b"\r\n", "too_large"),
    ("switching protocols", b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "http_5xx"),
    ("endless header", b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 400_000 + b"\r\n\r\n", "too_large"),
    ("nothing", b"", "connect"),
    ("half a head", b"HTTP/1.1 200 OK\r\nConte", "connect"),
]


@pytest.mark.parametrize(
    ("answer", "reason"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_answer_has_a_reason(answer: bytes, reason: str) -> None:
    failure = _failure(answer)
    assert failure.reason == reason
    assert failure.message.startswith("http://news.example:")
    assert "\n" not in failure.message


def test_what_breaks_after_the_head_keeps_the_head() -> None:
    failure = _failure(_head("200 OK", 'ETag: "a1"', length=1000) + FEED)
    assert failure.response is not None
    assert (failure.response.status, failure.response.body) == (200, b"")
    assert failure.response.headers["etag"] == '"a1"'


def test_the_longest_body_is_taken() -> None:
    assert len(_response(_full(bytes(WIRE_BYTES))).body) == WIRE_BYTES


def test_a_page_may_be_decoded_to_less_than_a_feed() -> None:
    noise = b"".join(b"<p>%x</p>" % (n * 2654435761) for n in range(800_000))
    assert 10_000_000 < len(noise) < 25_000_000
    answer = _full(gzip.compress(noise, 1), "Content-Encoding: gzip")
    assert _response(answer, purpose="feed").body == noise
    assert _failure(answer, purpose="page").reason == "too_large"


@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "gzip"])
def test_robots_are_cut_and_not_refused(*, encoded: bool) -> None:
    body = b"Disallow: /a\n" * 80_000
    answer = _full(body)
    if encoded:
        answer = _full(gzip.compress(body), "Content-Encoding: gzip")
    assert _response(answer, purpose="robots").body == body[:MAX_BYTES]


STATUSES = [
    ("404 Not Found", "http_4xx"),
    ("410 Gone", "gone"),
    ("429 Too Many Requests", "rate_limited"),
    ("503 Service Unavailable", "rate_limited"),
    ("500 Internal Server Error", "http_5xx"),
]


@pytest.mark.parametrize(("status", "reason"), STATUSES)
def test_an_error_status_comes_with_its_body(status: str, reason: str) -> None:
    body = gzip.compress(b"<h1>Sorry</h1>")
    failure = _failure(_full(body, "Content-Encoding: gzip", "Retry-After: 90", status=status))
    assert failure.reason == reason
    assert isinstance(failure, GoneError) is (reason == "gone")
    assert failure.retry_after == timedelta(seconds=90)
    assert failure.response is not None
    assert failure.response.body == b"<h1>Sorry</h1>"


@pytest.mark.parametrize(
    ("answer", "length"),
    [
        (_full(bytes(500_000), status="404 Not Found"), 64 * 1024),
        (_head("404 Not Found", length=WIRE_BYTES * 2) + bytes(100_000), 64 * 1024),
        (_full(FEED, "Content-Encoding: gzip", status="404 Not Found"), 0),
        (_full(FEED, "Content-Encoding: sdch", status="404 Not Found"), 0),
        (_head("404 Not Found", length=1000) + FEED, 0),
    ],
    ids=["long", "longer than any", "not its encoding", "unknown encoding", "cut"],
)
def test_the_body_of_an_error_never_hides_the_status(answer: bytes, length: int) -> None:
    failure = _failure(answer)
    assert failure.reason == "http_4xx"
    assert failure.response is not None
    assert len(failure.response.body) == length


async def _redirecting(
    head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    del reader
    path = head.split()[1]
    host = head.partition("Host: ")[2].partition("\r\n")[0]
    port = host.partition(":")[2]
    targets = {
        "/caf%C3%A9": "/final",
        "/away": f"http://cdn.example:{port}/final",
        "/inside": "http://inside.example/secret",
        "/literal": "http://169.254.169.254/latest/",
    }
    if path == "/raw":
        writer.write(b"HTTP/1.1 301 Moved\r\nLocation: /caf\xc3\xa9\r\nContent-Length: 0\r\n\r\n")
    elif path in targets:
        writer.write(_full(b"moved", f"Location: {targets[path]}", status="302 ParsedEntry"))
    else:
        writer.write(_full(host.encode()))


def test_redirects_are_followed_across_hosts() -> None:
    server, got = _run(_redirecting, url="http://news.example:{port}/away")
    assert isinstance(got, Response)
    assert got.body == f"cdn.example:{server.port}".encode()
    assert got.hops == (Hop(url=f"http://news.example:{server.port}/away", status=302),)


def test_raw_bytes_of_a_location_reach_the_next_server() -> None:
    server, got = _run(_redirecting, url="http://news.example:{port}/raw")
    assert isinstance(got, Response)
    assert [hop.status for hop in got.hops] == [301, 302]
    assert "GET /caf%C3%A9 HTTP/1.1" in server.heads[1]


@pytest.mark.parametrize("path", ["inside", "literal"])
def test_a_redirect_inside_is_blocked(path: str) -> None:
    server, failure = _run(_redirecting, url="http://news.example:{port}/" + path)
    assert isinstance(failure, FetchError)
    assert failure.reason == "blocked_address"
    assert len(server.heads) == 1


BLOCKED = [
    ("literal", "http://127.0.0.1:{port}/"),
    ("name of loopback", "http://news.example:{port}/"),
    ("fullwidth digits", "http://\uff11\uff12\uff17.0.0.1:{port}/"),
    ("decimal", "http://2130706433:{port}/"),
    ("hex", "http://0x7f.1:{port}/"),
    ("short", "http://127.1:{port}/"),
    ("octal", "http://017700000001:{port}/"),
    ("octal parts", "http://0177.0.0.1:{port}/"),
    ("ipv6 loopback", "http://[::1]:{port}/"),
    ("nat64 of loopback", "http://[64:ff9b::7f00:1]:{port}/"),
    ("metadata", "http://169.254.169.254/latest/"),
    ("ipv4-mapped", "http://[::ffff:127.0.0.1]:{port}/"),
    ("name of a private address", "http://inside.example/"),
    ("port of a public literal", "http://93.184.216.34:22/"),
    ("port of a public name", "http://public.example:22/"),
]


@pytest.mark.parametrize("url", [row[1] for row in BLOCKED], ids=[row[0] for row in BLOCKED])
def test_nothing_is_sent_to_a_blocked_address(url: str) -> None:
    server, failure = _run(_full(FEED), url=url, allow_nets=())
    assert isinstance(failure, FetchError)
    assert failure.reason == "blocked_address"
    assert server.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.:{port}/",
        "http://news.example@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@nowhere.example/",
        "http://nowhere.example#@127.0.0.1:{port}/",
        "http://0x7f.0x0.0x0.0x1.:{port}/",
        "http://[::ffff:7f00:1%25lo]:{port}/",
    ],
)
def test_tricks_with_an_address_lead_nowhere(url: str) -> None:
    server, failure = _run(_full(FEED), url=url, allow_nets=())
    assert isinstance(failure, FetchError)
    assert failure.reason in {"bad_url", "dns", "blocked_address"}
    assert server.connections == 0


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://nowhere.example/", "dns"),
        ("https://news.example:{port}/", "tls"),
        ("gopher://news.example/", "bad_url"),
        ("http://me:secret@news.example:{port}/", "bad_url"),
    ],
)
def test_what_cannot_be_reached_has_a_reason(url: str, reason: str) -> None:
    failure = _failure(_full(FEED), url=url)
    assert failure.reason == reason
    assert failure.response is None
    assert "secret" not in failure.message


def test_a_closed_port_is_connect() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert _failure(_full(FEED), url=f"http://news.example:{port}/").reason == "connect"


async def _head_then_silence(
    head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(_head("200 OK", length=1000))
    await _silence(head, reader, writer)


async def _dripping(_: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_head("200 OK", length=100_000))
    while not reader.at_eof():
        writer.write(b"x")
        await asyncio.sleep(0.01)


async def _error_then_silence(
    head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(_head("404 Not Found", length=1000))
    await _silence(head, reader, writer)


async def _hinting(_: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not reader.at_eof():
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.001)


async def _many_headers(_: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not reader.at_eof():
        writer.write(b"X-A: " + b"a" * 8000 + b"\r\n")
        await writer.drain()


def test_headers_without_end_are_not_read_on() -> None:
    assert _failure(_many_headers, feed_seconds=20.0).reason == "too_large"


async def _other_protocol(
    _: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    await writer.drain()
    await reader.read()


def test_another_protocol_is_not_listened_to_for_long() -> None:
    failure = _failure(_other_protocol, feed_seconds=20.0)
    assert failure.reason == "http_5xx"


def _odd(*lines: bytes, first: bytes = b"HTTP/1.1 200 OK", end: bytes = b"\r\n") -> bytes:
    """An answer with a feed and these header lines, byte for byte; its length where none says it."""
    whole = (first, b"Content-Type: application/rss+xml", *lines)
    if not any(b"ength" in line or b"ncoding" in line for line in lines):
        whole += (b"Content-Length: %d" % len(FEED),)
    return end.join(whole) + end + end + FEED


LENGTH = b"Content-Length: %d" % len(FEED)
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(FEED), FEED)
ODD_HEADS = [
    ("line in quotes", _odd(b'"X-XSS-Protection: 0"')),
    ("line without a colon", _odd(b"garbage")),
    ("name with a blank", _odd(b"X Powered By: x")),
    ("name that is empty", _odd(b": x")),
    ("name beyond ASCII", _odd("Größe: 1".encode())),
    ("status line twice", _odd(b"HTTP/1.1 200 OK")),
    ("blank before the colon", _odd(b"X-A : x")),
    ("blank before the colon of the length", _odd(b"Content-Length : %d" % len(FEED))),
    ("folded line", _odd(b"X-A: a", b" b", b"\tc")),
    ("folded line at first", _odd(first=b"HTTP/1.1 200 OK\r\n folded")),
    ("control character", _odd(b"X-A: a\x01\x00b")),
    ("300 headers", _odd(*(b"X-%d: a" % n for n in range(300)))),
    ("5000 headers", _odd(LENGTH, *(b"X-%d: a" % n for n in range(5000)))),
    ("one header 300 times", _odd(*[b"Link: </a>"] * 300)),
    ("header of 9000 bytes", _odd(b"Content-Security-Policy: " + b"a" * 9000)),
    ("header of 60000 bytes", _odd(b"X-A: " + b"a" * 60_000)),
    ("line ends of Unix", _odd(b"X-A: a", end=b"\n")),
    ("length twice", _odd(LENGTH, LENGTH)),
    ("length as a list", _odd(LENGTH + b", %d" % len(FEED))),
    ("two lengths", _odd(b"Content-Length: 5", LENGTH)),
    ("length that is no number", _odd(b"Content-Length: N")),
    ("length with a sign", _odd(b"Content-Length: -1")),
    ("type twice", _odd(b"Content-Type: text/html")),
    ("coding twice", _head("200 OK", *["Transfer-Encoding: chunked"] * 2) + CHUNKED),
    ("length and chunks", _head("200 OK", "Transfer-Encoding: chunked", length=5) + CHUNKED),
    ("coding that is none", _odd(b"Transfer-Encoding: identity")),
    ("no reason", _odd(first=b"HTTP/1.1 200")),
    ("two blanks before the status", _odd(first=b"HTTP/1.1  200  OK")),
    ("small letters", _odd(first=b"http/1.1 200 ok")),
    ("odd version", _odd(first=b"HTTP/2 200")),
    ("no version", _odd(first=b"HTTP 200 OK")),
    ("radio", _odd(first=b"ICY 200 OK")),
    ("empty lines before", b"\r\n\r\n" + _odd()),
    ("bytes behind the end", _odd() + b"x" * 1000),
    ("hints before", b"HTTP/1.1 103 Early Hints\r\nLink </a>\r\n\r\n" + _odd(b"bad")),
]


@pytest.mark.parametrize("answer", [row[1] for row in ODD_HEADS], ids=[row[0] for row in ODD_HEADS])
def test_answer_that_curl_reads_is_read(answer: bytes) -> None:
    server, outcome = _run(answer)
    assert isinstance(outcome, Response), outcome
    assert (outcome.status, outcome.body) == (200, FEED)
    assert outcome.headers.get("content-type", "application/rss+xml") == "application/rss+xml"
    assert len(server.heads) == 1


@pytest.mark.parametrize("at", [1, 7, 20, 60, 100])
def test_head_that_comes_in_pieces_is_read(at: int) -> None:
    answer = _odd(b'"X: 0"', b"garbage")

    async def pieces(_: str, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for begin in range(0, len(answer), at):
            writer.write(answer[begin : begin + at])
            await writer.drain()
            await asyncio.sleep(0.001)

    assert _response(pieces).body == FEED


def test_folded_header_is_one_header() -> None:
    assert _response(_odd(b"X-A: a", b"  b")).headers["x-a"] == "a b"


def test_odd_error_is_still_that_error() -> None:
    failure = _failure(_odd(b'"X: 0"', first=b"HTTP/1.1 404 Not Found"))
    assert failure.reason == "http_4xx"


@pytest.mark.parametrize("line", [b"bad", b"X-A : a"])
def test_redirect_with_an_odd_head_is_guarded_like_any_other(line: bytes) -> None:
    answer = _odd(line, b"Location: http://10.0.0.1/feed", first=b"HTTP/1.1 301 Moved")
    assert _failure(answer).reason == "blocked_address"


def test_caps_hold_for_an_answer_with_an_odd_head() -> None:
    body = bytes(WIRE_BYTES + 1)
    assert (
        _failure(b"HTTP/1.1 200 OK\r\nbad\r\nConnection: close\r\n\r\n" + body).reason
        == "too_large"
    )


def test_deadline_holds_for_an_answer_with_an_odd_head() -> None:
    async def silent(_: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nbad\r\nContent-Length: 9\r\n\r\n<rss")
        await _silence("", reader, writer)

    assert _failure(silent, feed_seconds=0.3).reason == "timeout"


def test_connection_with_odd_heads_is_kept() -> None:
    """Two answers over one connection: the second head is waited for as the first was."""

    async def twice(_: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_odd(b'"X: 0"'))
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")
        writer.write(_odd(b"garbage"))

    async def go() -> list[bytes]:
        async with _serving(twice) as server, _client() as client:
            url = f"http://news.example:{server.port}/feed"
            bodies = [(await client.fetch(Request(url=url, purpose="feed"))).body for _ in range(2)]
            assert server.connections == 1
            return bodies

    assert asyncio.run(asyncio.wait_for(go(), 30)) == [FEED, FEED]


@pytest.mark.parametrize(
    ("answer", "settings", "reason"),
    [
        (_hinting, {"feed_seconds": 0.2}, "timeout"),
        (_silence, {"feed_seconds": 0.1}, "timeout"),
        (_head_then_silence, {"feed_seconds": 0.1}, "timeout"),
        (_dripping, {"feed_seconds": 0.1}, "timeout"),
        (_head_then_silence, {"rate_window_seconds": 0.1}, "too_slow"),
        (_dripping, {"rate_window_seconds": 0.1}, "too_slow"),
        (_error_then_silence, {"rate_window_seconds": 0.1}, "http_4xx"),
    ],
    ids=[
        "hints without end",
        "silent",
        "silent body",
        "dripping",
        "no byte",
        "too few bytes",
        "error without body",
    ],
)
def test_slow_servers_are_given_up(answer: Answer, settings: dict[str, float], reason: str) -> None:
    assert _failure(answer, **settings).reason == reason


def test_a_drip_that_is_fast_enough_is_taken() -> None:
    async def steady(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del head, reader
        writer.write(_head("200 OK", length=3000))
        for _ in range(30):
            writer.write(b"x" * 100)
            await asyncio.sleep(0.01)

    got = _response(steady, rate_window_seconds=0.2, minimum_rate=100.0)
    assert got.body == b"x" * 3000


def test_pages_have_their_own_deadline() -> None:
    settings = {"feed_seconds": 20.0, "page_seconds": 0.1}
    assert _failure(_silence, purpose="page", **settings).reason == "timeout"
    assert _failure(_silence, purpose="robots", **settings).reason == "timeout"


def test_the_loop_breathes_while_a_large_body_is_decoded() -> None:
    # 24 MB that arrive as 350 kB: a handful of reads, some ninety steps of decoding.
    noise = random.Random(7)  # noqa: S311 (the same bytes each time)
    body = b"".join(noise.randbytes(80) + bytes(8000) for _ in range(3000))
    answer = _full(gzip.compress(body), "Content-Encoding: gzip")

    async def go() -> int:
        turns = 0

        async def turning() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async with _serving(answer) as server, _client() as client:
            other = asyncio.create_task(turning())
            url = f"http://news.example:{server.port}/"
            got = await client.fetch(Request(url=url, purpose="feed"))
            other.cancel()
            assert got.body == body
        return turns

    assert asyncio.run(go()) >= len(body) // (256 * 1024)


KEY = ConnectionKey("news.example", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)  # fmt: skip
REASONS: list[tuple[str, Exception, bool, str]] = [
    ("looked up before", socket.gaierror(-2, "x"), False, "dns"),
    ("blocked before", BlockedAddressError(13, "x"), False, "blocked_address"),
    ("blocked", aiohttp.ClientConnectorError(KEY, BlockedAddressError(13, "x")), False, "blocked_address"),
    ("blocked name", aiohttp.ClientConnectorDNSError(KEY, BlockedAddressError(13, "x")), False, "blocked_address"),
    ("name", aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(-2, "x")), False, "dns"),
    ("refused", aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(111, "x")), False, "connect"),
    ("system's own timeout", aiohttp.ClientConnectorError(KEY, TimeoutError(110, "x")), False, "connect"),
    ("connect timeout", aiohttp.ConnectionTimeoutError("x"), False, "connect"),
    ("deadline", TimeoutError(), False, "timeout"),
    ("deadline in the body", TimeoutError(), True, "timeout"),
    ("handshake", aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "x")), False, "tls"),
    ("certificate", aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("x")), False, "tls"),
    ("tls in the body", ssl.SSLError(1, "x"), True, "tls"),
    ("hung up", aiohttp.ServerDisconnectedError(), False, "connect"),
    ("reset", ConnectionResetError(104, "x"), False, "connect"),
    ("reset in the body", ConnectionResetError(104, "x"), True, "truncated_transfer"),
    ("payload", aiohttp.ClientPayloadError("x"), True, "truncated_transfer"),
    ("host name", UnicodeError("label empty or too long"), False, "bad_url"),
    ("invalid url", aiohttp.InvalidURL("http://127.1"), False, "bad_url"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "answered", "reason"), [row[1:] for row in REASONS], ids=[row[0] for row in REASONS]
)
def test_every_exception_has_a_reason(error: Exception, *, answered: bool, reason: str) -> None:
    assert reason_of(error, answered=answered) == reason


def test_a_client_that_is_not_open_says_so() -> None:
    with pytest.raises(RuntimeError, match="not open"):
        asyncio.run(_asked_closed())


async def _asked_closed() -> Response:
    return await _client().fetch(Request(url="http://news.example/", purpose="feed"))


def _after_a_busy_one(name: str, busy: bytes) -> tuple[str, int]:
    """What fetching from `name` gives after a.blogs.example answered `busy`, and the requests made."""

    async def answer(head: str, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(busy if "Host: a.blogs.example" in head else _full(FEED))

    async def go() -> tuple[str, int]:
        outcomes = []
        async with _serving(answer) as server, _client() as client:
            for host in ("a.blogs.example", name):
                url = f"http://{host}:{server.port}/feed"
                try:
                    await client.fetch(Request(url=url, purpose="feed"))
                    outcomes.append("read")
                except FetchError as error:
                    outcomes.append(error.reason.value)
            return outcomes[-1], len(server.heads)

    return asyncio.run(asyncio.wait_for(go(), 30))


BUSY = [
    ("429", _full(b"", "Retry-After: 600", status="429 Too Many Requests"), "rate_limited", 1),
    ("429 without a time", _full(b"", status="429 Too Many Requests"), "rate_limited", 1),
    ("503 with a time", _full(b"", "Retry-After: 600", status="503 Busy"), "rate_limited", 1),
    ("503 without a time", _full(b"", status="503 Busy"), "read", 2),
    ("404", _full(b"", "Retry-After: 600", status="404 Not Found"), "read", 2),
    ("200", _full(FEED), "read", 2),
]


@pytest.mark.parametrize(
    ("busy", "outcome", "requests"), [row[1:] for row in BUSY], ids=[row[0] for row in BUSY]
)
def test_other_name_of_a_server_that_is_busy_is_not_asked(
    busy: bytes, outcome: str, requests: int
) -> None:
    assert _after_a_busy_one("b.blogs.example", busy) == (outcome, requests)


@pytest.mark.parametrize(
    "name", ["c.blogs.example", "news.example"], ids=["other_address", "other_owner"]
)
def test_other_server_is_asked_although_a_name_is_like_it(name: str) -> None:
    outcome, _ = _after_a_busy_one(name, BUSY[0][1])
    assert outcome != "rate_limited"
