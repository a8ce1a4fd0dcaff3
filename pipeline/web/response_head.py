"""Heads of HTTP answers that the client's parser refuses and curl reads, made into ones it takes.

aiohttp (3.14) can be told how many and how long headers may be, but not to pass over a line that
is none. So its protocol is given the head of an answer when it is complete, mended where it needs
to be; everything else, connections, bodies and deadlines, stays as it is, and nothing is asked twice.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

MAX_HEAD = 300 * 1024
"""Bytes of one head, as curl has it."""

MAX_HEADERS = 1000
"""Headers of one head that are passed on; the first count."""

MAX_VALUE = 16 * 1024
"""Bytes of one header that are passed on: twice what is kept."""

_END = re.compile(rb"\r?\n\r?\n")
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # RFC 9110 section 5.6.2
_VALUE = rb"[\t\x20-\x7e\x80-\xff]{0,16384}"
_REGULAR = re.compile(
    rb"HTTP/1\.[01] [1-9]\d\d[^\r\n\x00]*\r\n(?:" + _TOKEN + rb":" + _VALUE + rb"\r\n)*\r\n"
)
_FRAMING = re.compile(rb"\n(content-length|transfer-encoding):[ \t]*([^\r]*)", re.IGNORECASE)
_STATUS = re.compile(
    rb"(?:HTTP(?:/(\d)(?:\.(\d))?)?|ICY)[ \t]+(\d{3})(?!\d)[ \t]*(.*)", re.IGNORECASE
)
_NAME = re.compile(_TOKEN)
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_DIGITS = re.compile(rb"\d{1,18}")


class HeadTooLargeError(aiohttp.ClientError):
    """The head of an answer does not end within MAX_HEAD bytes."""


class TolerantHandler(ResponseHandler):
    """aiohttp's side of a connection, with the heads of answers mended before they are parsed."""

    _head: bytearray | None = None

    def set_response_params(self, **params: Any) -> None:
        """Expect an answer: its head comes first."""
        self._head = bytearray()
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        """Take bytes of an answer; a head is passed on when it is complete."""
        if self._head is None or self._parser is None:
            self._parse(data)
            return
        searched = max(len(self._head) - 3, 0)
        self._head += data if self._head else data.lstrip(b"\r\n")
        if not _may_begin(self._head):
            self._give_up()
            return
        end = _END.search(self._head, searched)
        if (len(self._head) if end is None else end.end()) > MAX_HEAD:
            self._refuse()
        elif end is not None:
            self._pass_on(bytes(self._head[: end.end()]), bytes(self._head[end.end() :]))

    def _pass_on(self, head: bytes, rest: bytes) -> None:
        given = mended(head)
        # Of 1xx another head follows (RFC 9110 section 15.2).
        self._head = bytearray() if given.startswith(b"HTTP/1.1 1") else None
        super().data_received(given)
        if rest:
            self.data_received(rest)

    def _parse(self, data: bytes) -> None:
        """Parse bytes of a body; where they are none, whoever reads the body is told at once."""
        super().data_received(data)
        error, body = self.exception(), self._payload
        if error is not None and body is not None and not body.is_eof():
            body.set_exception(aiohttp.ClientPayloadError(f"broken body: {error}"))

    def connection_lost(self, exc: BaseException | None) -> None:
        """Pass on what came of a head that will never be complete."""
        if self._head and self._parser is not None:
            self._give_up()
        super().connection_lost(exc)

    def _give_up(self) -> None:
        """Let the parser say what is wrong with what is no head, or only half of one."""
        head, self._head = bytes(self._head or b""), None
        super().data_received(head)

    def _refuse(self) -> None:
        self._head = None
        self.set_exception(HeadTooLargeError(f"a head of more than {MAX_HEAD} bytes"))
        if self.transport is not None:
            self.transport.close()


class TolerantConnector(aiohttp.TCPConnector):
    """aiohttp's connector, whose connections read the heads that curl reads.

    There is no option for it: `_factory` makes the protocol of each connection, and a test on
    sockets tells when a new version calls it otherwise.
    """

    def __init__(self, **options: Any) -> None:
        """`options` are those of aiohttp."""
        super().__init__(**options)
        made = partial(TolerantHandler, loop=asyncio.get_running_loop())
        self._factory = made  # type: ignore[assignment]  # a partial of a subclass


def _may_begin(head: bytearray) -> bool:
    """Whether bytes are the beginning of a head, as far as they go."""
    start = bytes(head[:4]).upper()
    return any(start.startswith(name) or name.startswith(start) for name in (b"HTTP", b"ICY "))


def mended(head: bytes) -> bytes:
    """Return a head that HTTP/1.1 parsers take; what is no head of HTTP comes back as it is.

    Left out are lines that are no header (no colon, no name in front of it), white space in front
    of the colon, and headers beyond MAX_HEADERS. Folded lines are joined (RFC 9112 section 5.2),
    control characters become spaces, long values are cut. Of several lengths the last counts, as in
    curl; none where the answer is chunked (RFC 9112 section 6.3) or the length is no number.
    """
    few = head.count(b"\n") <= MAX_HEADERS
    if few and _REGULAR.fullmatch(head) and _is_framed_once(head):
        return head
    status, *lines = head.strip(b"\r\n").split(b"\n")
    found = _STATUS.fullmatch(status.rstrip(b"\r"))
    if not found:
        return head
    headers = _framed(_headers(lines))
    version = b"HTTP/1.0" if found[1] == b"1" and found[2] == b"0" else b"HTTP/1.1"
    first = b"%s %s %s" % (version, found[3], _CONTROL.sub(b" ", found[4]))
    return b"\r\n".join([first, *(b"%s: %s" % pair for pair in headers), b"", b""])


def _is_framed_once(head: bytes) -> bool:
    """Whether a head says at most once, and legibly, where its body ends."""
    framing = _FRAMING.findall(head)
    if len(framing) != 1:
        return not framing
    name, value = (one.strip().lower() for one in framing[0])
    return value == b"chunked" if name.startswith(b"t") else bool(_DIGITS.fullmatch(value))


def _headers(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    is_header = False
    for raw in lines:
        line = _CONTROL.sub(b" ", raw.rstrip(b"\r"))
        if line[:1] in {b" ", b"\t"}:
            if is_header:
                name, value = found[-1]
                found[-1] = name, (value + b" " + line.strip())[:MAX_VALUE]
            continue
        name, colon, value = line.partition(b":")
        is_header = (
            bool(colon) and len(found) < MAX_HEADERS and bool(_NAME.fullmatch(name.rstrip()))
        )
        if is_header:
            found.append((name.rstrip(), value.strip()[:MAX_VALUE]))
    return found


def _framed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Headers that say in one way where the body ends."""
    named = [(name.lower(), value) for name, value in headers]
    codings = b",".join(value.lower() for name, value in named if name == b"transfer-encoding")
    lengths = [value for name, value in named if name == b"content-length"]
    kept = [
        pair for pair in headers if pair[0].lower() not in {b"content-length", b"transfer-encoding"}
    ]
    if b"chunked" in codings:
        return [*kept, (b"Transfer-Encoding", b"chunked")]
    last = lengths[-1].rpartition(b",")[2].strip() if lengths else b""
    if _DIGITS.fullmatch(last):
        return [*kept, (b"Content-Length", last)]
    if lengths or codings:  # then the body ends with the connection
        kept = [pair for pair in kept if pair[0].lower() != b"connection"]
        return [*kept, (b"Connection", b"close")]
    return kept
