"""Heads of answers: what is regular stays byte for byte, what is not becomes regular."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.web.response_head import MAX_HEADERS, MAX_VALUE, mended

REGULAR = [
    b"HTTP/1.1 200 OK\r\n\r\n",
    b"HTTP/1.0 404 Not Found\r\nContent-Length: 5\r\nX-A:b\r\n\r\n",
    b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n",
    "HTTP/1.1 200 Größe\r\nX-A: Größe\r\nX-B:\r\n\r\n".encode(),
]


@pytest.mark.parametrize("head", REGULAR)
def test_regular_head_stays(head: bytes) -> None:
    assert mended(head) == head


@pytest.mark.parametrize("head", [b"SSH-2.0\r\n\r\n", b"HTTP/1.1 20 OK\r\n\r\n", b"\r\n\r\n", b""])
def test_what_is_no_head_stays(head: bytes) -> None:
    assert mended(head) == head


def _headers(*lines: bytes) -> list[bytes]:
    """The headers of a head with these lines and one that is none, mended."""
    whole = mended(b"\r\n".join((b"HTTP/1.1 200 OK", b"bad", *lines, b"", b"")))
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
    assert whole.endswith(b"\r\n\r\n")
    return whole.split(b"\r\n")[1:-2]


MENDED = [
    ("nothing else", (), []),
    ("blank before the colon", (b"X-A \t: b",), [b"X-A: b"]),
    ("blanks around the value", (b"X-A:   b  ",), [b"X-A: b"]),
    ("folded", (b"X-A: b", b"\tc", b" d"), [b"X-A: b c d"]),
    ("folded behind a bad line", (b"X-A: b", b"bad", b" c"), [b"X-A: b"]),
    ("colons in the value", (b"X-A: b:c",), [b"X-A: b:c"]),
    ("control character", (b"X-A: b\x00c\x7f",), [b"X-A: b c"]),
    ("repeated", (b"X-A: b", b"X-A: c"), [b"X-A: b", b"X-A: c"]),
    ("same length", (b"Content-Length: 5", b"content-length: 5"), [b"Content-Length: 5"]),
    ("last length", (b"Content-Length: 5", b"Content-Length: 6"), [b"Content-Length: 6"]),
    ("no length", (b"Content-Length: x",), [b"Connection: close"]),
    (
        "no length kept alive",
        (b"Connection: keep-alive", b"Content-Length: x"),
        [b"Connection: close"],
    ),
    (
        "chunks before a length",
        (b"Transfer-Encoding: Chunked, chunked", b"Content-Length: 5"),
        [b"Transfer-Encoding: chunked"],
    ),
    ("no coding", (b"Transfer-Encoding: identity", b"Content-Length: 5"), [b"Content-Length: 5"]),
]


@pytest.mark.parametrize(
    ("lines", "expected"), [row[1:] for row in MENDED], ids=[row[0] for row in MENDED]
)
def test_head_is_mended(lines: tuple[bytes, ...], expected: list[bytes]) -> None:
    assert _headers(*lines) == expected


def test_value_and_number_of_headers_are_bounded() -> None:
    (name_and_value,) = _headers(b"X-A: " + b"b" * 2 * MAX_VALUE)
    assert len(name_and_value) == len(b"X-A: ") + MAX_VALUE
    assert len(_headers(*[b"X-A: b"] * 2 * MAX_HEADERS)) == MAX_HEADERS


PIECES = st.sampled_from(
    [
        b"X-A",
        b":",
        b" ",
        b"\t",
        b"\n",
        b"\r\n",
        b"\r",
        b"5",
        b"chunked",
        b"\x00",
        b"\xe9",
        b'"',
        b",",
        b"Content-Length: ",
        b"Transfer-Encoding: ",
        b"Connection: close\r\n",
    ]
)


@given(st.lists(PIECES, max_size=20).map(b"".join))
def test_what_is_mended_is_regular(lines: bytes) -> None:
    once = mended(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n\r\n")
    assert mended(once) == once


@pytest.mark.parametrize(
    "part", [b"X-A: b\r\n", b"X", b" \r\n", b"\r", b"Content-Length: 1\r\n"], ids=repr
)
def test_hostile_repetition_stays_linear(part: bytes) -> None:
    started = time.process_time()
    mended(b"HTTP/1.1 200 OK\r\n" + part * 40_000 + b"\r\n\r\n")
    assert time.process_time() - started < 3  # quadratic would take minutes
