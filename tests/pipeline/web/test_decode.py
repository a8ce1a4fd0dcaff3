from __future__ import annotations

import gzip
import random
import sys
import zlib
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # it has no annotations
import pytest

from pipeline.errors import FetchError
from pipeline.web.decode import STEP, Decoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CAP = 25_000_000


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=5))


ENCODERS: list[tuple[str, str, Callable[[bytes], bytes]]] = [
    ("gzip", "gzip", gzip.compress),
    ("x-gzip", "x-gzip", gzip.compress),
    ("deflate zlib", "deflate", zlib.compress),
    ("deflate raw", "deflate", _raw_deflate),
    ("brotli", "br", _brotli),
    ("zstd", "zstd", zstd.compress),
]
EACH = pytest.mark.parametrize(
    ("name", "encode"), [row[1:] for row in ENCODERS], ids=[row[0] for row in ENCODERS]
)
TEXT = b"".join(b"<item><title>Bulletin %d</title></item>" % n for n in range(20_000))

NOISE = random.Random(7).randbytes(1_000_000)  # noqa: S311 (the same bytes each time)


def _chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def _pieces(name: str | None, data: bytes, size: int = 65_536, cap: int = CAP) -> list[bytes]:
    decoder = Decoder(name, cap=cap)
    pieces = [piece for chunk in _chunks(data, size) for piece in decoder.feed(chunk)]
    decoder.finish()
    return pieces


def _decoded(name: str | None, data: bytes, size: int = 65_536, cap: int = CAP) -> bytes:
    return b"".join(_pieces(name, data, size, cap))


def _reason(name: str, data: bytes, cap: int = CAP) -> str:
    with pytest.raises(FetchError) as raised:
        _decoded(name, data, cap=cap)
    return raised.value.reason


@EACH
@pytest.mark.parametrize("size", [1, 7, 1000, 10_000_000])
def test_a_body_comes_back_however_it_was_cut(
    name: str, encode: Callable[[bytes], bytes], size: int
) -> None:
    body = TEXT if size > 7 else TEXT[:50_000]
    assert _decoded(name, encode(body), size) == body


@EACH
def test_steps_are_bounded(name: str, encode: Callable[[bytes], bytes]) -> None:
    pieces = _pieces(name, encode(TEXT + NOISE))
    assert max(map(len, pieces)) <= 2 * STEP
    assert sum(map(len, pieces)) == len(TEXT) + len(NOISE)


@EACH
@pytest.mark.parametrize("length", [STEP - 1, STEP, STEP + 1, 2 * STEP])
def test_a_body_that_ends_at_a_step_is_whole(
    name: str, encode: Callable[[bytes], bytes], length: int
) -> None:
    body = (TEXT + NOISE)[:length]
    assert _decoded(name, encode(body), 10_000_000) == body


@pytest.mark.parametrize("more", range(20, 30))
def test_the_last_byte_may_hold_more_than_a_step(more: int) -> None:
    # Bare deflate has no trailer: a step can be full when all input is used up already.
    body = bytes(STEP + more)
    assert _decoded("deflate", _raw_deflate(body)) == body


@EACH
def test_bombs_are_stopped_early(name: str, encode: Callable[[bytes], bytes]) -> None:
    bomb = encode(bytes(60_000_000))
    decoder = Decoder(name, cap=CAP)
    given: list[int] = []
    with pytest.raises(FetchError) as raised:
        given.extend(len(p) for chunk in _chunks(bomb, 65_536) for p in decoder.feed(chunk))
    assert raised.value.reason == "too_large"
    assert sum(given) <= 100 * 65_536


@EACH
def test_the_cap_is_in_decoded_bytes(name: str, encode: Callable[[bytes], bytes]) -> None:
    body = TEXT[:500_000]
    assert _decoded(name, encode(body), cap=500_000) == body
    assert _reason(name, encode(body), cap=499_999) == "too_large"


@EACH
def test_small_bodies_may_pack_as_well_as_they_like(
    name: str, encode: Callable[[bytes], bytes]
) -> None:
    assert _decoded(name, encode(bytes(900_000))) == bytes(900_000)


@EACH
@pytest.mark.parametrize("lost", [1, 5, 200])
def test_a_missing_end_is_a_truncated_transfer(
    name: str, encode: Callable[[bytes], bytes], lost: int
) -> None:
    assert _reason(name, encode(TEXT[:20_000])[:-lost]) == "truncated_transfer"


@EACH
def test_what_is_not_encoded_is_bad_encoding(name: str, encode: Callable[[bytes], bytes]) -> None:
    del encode
    assert _reason(name, b"<rss><channel><title>plain</title></channel></rss>") == "bad_encoding"


@pytest.mark.parametrize(
    ("name", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress)], ids=["gzip", "zlib"]
)
def test_damage_is_noticed_by_a_checksum(name: str, encode: Callable[[bytes], bytes]) -> None:
    data = bytearray(encode(TEXT[:200_000]))
    data[-1] ^= 1
    assert _reason(name, bytes(data)) == "bad_encoding"


@EACH
def test_no_bytes_are_an_empty_body(name: str, encode: Callable[[bytes], bytes]) -> None:
    assert _decoded(name, b"") == b""
    assert _decoded(name, encode(b"")) == b""


@pytest.mark.parametrize(
    ("name", "encode"), [("gzip", gzip.compress), ("zstd", zstd.compress)], ids=["gzip", "zstd"]
)
@pytest.mark.parametrize("size", [1, 10_000])
def test_members_follow_each_other(name: str, encode: Callable[[bytes], bytes], size: int) -> None:
    assert _decoded(name, encode(b"one ") + encode(b"two"), size) == b"one two"


@pytest.mark.parametrize(
    ("name", "encode"), [row[1:] for row in ENCODERS if row[1] != "br"], ids=lambda v: str(v)[:8]
)
def test_padding_behind_the_end_is_ignored(name: str, encode: Callable[[bytes], bytes]) -> None:
    assert _decoded(name, encode(b"body") + bytes(20)) == b"body"


def test_a_second_member_must_be_whole_too() -> None:
    assert (
        _reason("gzip", gzip.compress(b"one") + gzip.compress(b"two")[:-4]) == "truncated_transfer"
    )


@pytest.mark.parametrize(
    "header",
    [None, "", "identity", "none", "UTF-8", " , identity"],
)
def test_no_encoding_leaves_bytes_as_they_are(header: str | None) -> None:
    assert _decoded(header, b"\x1f\x8b as it is") == b"\x1f\x8b as it is"


def test_two_encodings_are_undone_from_the_last() -> None:
    assert _decoded("br, gzip", gzip.compress(_brotli(TEXT)), 1000) == TEXT
    assert _decoded("GZIP,identity, gzip", gzip.compress(gzip.compress(TEXT))) == TEXT


def test_a_bomb_in_a_bomb_is_stopped() -> None:
    assert _reason("gzip, gzip", gzip.compress(gzip.compress(bytes(60_000_000)))) == "too_large"


def test_the_outer_encoding_is_bounded_though_nothing_comes_out() -> None:
    inner = gzip.compress(b"short") + bytes(60_000_000)
    assert _reason("gzip, gzip", gzip.compress(inner)) == "too_large"


@pytest.mark.parametrize("header", ["gzip, gzip, gzip", "compress", "gzip, sdch", "aws-chunked"])
def test_other_encodings_are_refused(header: str) -> None:
    with pytest.raises(FetchError) as raised:
        Decoder(header, cap=CAP)
    assert raised.value.reason == "bad_encoding"


def test_a_zstd_frame_may_not_ask_for_a_huge_window() -> None:
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 27}
    packer = zstd.ZstdCompressor(options=options)
    frame = packer.compress(TEXT) + packer.flush()
    assert _reason("zstd", frame) == "bad_encoding"
