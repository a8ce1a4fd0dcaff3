"""Content-encodings undone in bounded steps, so that a bomb is stopped long before it is held.

gzip, deflate, br and zstd as in RFC 9110 section 8.4.1, RFC 7932 and RFC 8878.
"""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING, Protocol

import brotli  # type: ignore[import-untyped]  # it has no annotations

from pipeline.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
"""The Accept-Encoding we send: just what is decoded here."""

# One step's output in bytes: about a millisecond of work, so that an event loop breathes.
STEP = 256 * 1024
# Two are seen in practice (a compressing proxy before a compressing server), sixty in attacks.
_MAX_LAYERS = 2
# Of 1,250 real pages and feeds above 50 kB none packs better than 38:1 (measured with deflate,
# br and zstd; deflate itself ends at 1032:1). Small bodies prove nothing.
_MAX_RATIO = 100
_RATIO_FREE_BYTES = 1_000_000
# RFC 9659: a zstd content-coding needs no window above 8 MB; a frame may ask for 2 GB.
_ZSTD_OPTIONS: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
_GZIP_START = b"\x1f"
_ZSTD_STARTS = (b"\x28", *(bytes([start]) for start in range(0x50, 0x60)))
# Not encodings but what servers write in this header to say that there is none.
_PLAIN = {"", "identity", "none", "utf-8"}
_DEFLATE_HEADER_BYTES = 2


class _Codec(Protocol):
    """One encoding being undone."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Give what `data` decodes to, in steps of about STEP bytes."""

    def ended(self) -> bool:
        """Say whether the end marker was reached."""


class Decoder:
    """A body's encodings, undone as the bytes arrive."""

    def __init__(self, content_encoding: str | None, *, cap: int) -> None:
        """`content_encoding` is the header as sent; `cap` is in decoded bytes.

        Raises FetchError bad_encoding for an encoding that is not decoded here.
        """
        names = [name.strip().lower() for name in (content_encoding or "").split(",")]
        names = [name for name in names if name not in _PLAIN]
        if len(names) > _MAX_LAYERS:
            raise FetchError("bad_encoding", f"{len(names)} content-encodings")
        # The header lists them in the order applied (RFC 9110 section 8.4).
        self._layers = [_Layer(name, cap) for name in reversed(names)]

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give the decoded bytes of the next `data`, in pieces of at most about 2 * STEP.

        Raises FetchError: too_large beyond the cap, or when more than 1 MB came out of less
        than a hundredth of that; bad_encoding for bytes that are not of the declared encoding.
        """
        return _through(self._layers, data)

    def finish(self) -> None:
        """Raise FetchError truncated_transfer when an end marker never came.

        A body of no bytes at all is whole: servers declare an encoding for empty bodies too.
        """
        if any(layer.taken and not layer.codec.ended() for layer in self._layers):
            raise FetchError("truncated_transfer", "encoded body stops before its end marker")


class _Layer:
    """One encoding with its accounts: bytes taken in, bytes given out."""

    def __init__(self, name: str, cap: int) -> None:
        self.codec = _codec(name)
        self.taken = 0
        self._given = 0
        self._name = name
        self._cap = cap

    def pieces(self, data: bytes) -> Iterator[bytes]:
        self.taken += len(data)
        try:
            for piece in self.codec.pieces(data):
                self._account(piece)
                yield piece
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise FetchError("bad_encoding", f"not {self._name}: {error}") from error

    def _account(self, piece: bytes) -> None:
        self._given += len(piece)
        if self._given > self._cap:
            raise FetchError("too_large", f"more than {self._cap} decoded bytes")
        if self._given > max(_RATIO_FREE_BYTES, self.taken * _MAX_RATIO):
            raise FetchError("too_large", f"{self._given} bytes out of {self.taken} ({self._name})")


def _through(layers: Sequence[_Layer], data: bytes) -> Iterator[bytes]:
    if not layers:
        if data:
            yield data
        return
    for piece in layers[0].pieces(data):
        yield from _through(layers[1:], piece)


def _codec(name: str) -> _Codec:
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    if name == "deflate":
        return _Deflate()
    if name == "br":
        return _Brotli()
    if name == "zstd":
        return _Zstd()
    raise FetchError("bad_encoding", f"content-encoding {name[:40]!r}")


class _Gzip:
    """RFC 1952: members one after the other; zero padding behind the last is left alone."""

    def __init__(self) -> None:
        self._engine = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._engine.eof:
                if not data.startswith(_GZIP_START):
                    return
                self._engine = zlib.decompressobj(16 + zlib.MAX_WBITS)
            yield from _inflated(self._engine, data)
            data = self._engine.unused_data

    def ended(self) -> bool:
        return self._engine.eof


class _Deflate:
    """The zlib format (RFC 1950) as the name means, or the bare RFC 1951 that some servers send."""

    def __init__(self) -> None:
        self._head = b""
        self._engine: zlib._Decompress | None = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._engine is None:
            data = self._head = self._head + data
            if len(data) < _DEFLATE_HEADER_BYTES:
                return
            self._engine = zlib.decompressobj(_deflate_bits(data))
        if not self._engine.eof:
            yield from _inflated(self._engine, data)

    def ended(self) -> bool:
        return self._engine is not None and self._engine.eof


def _deflate_bits(head: bytes) -> int:
    """RFC 1950 section 2.2: method 8, window at most 32 kB, two bytes divisible by 31."""
    method_and_window, check = head[0], int.from_bytes(head[:2])
    is_zlib = method_and_window & 0x8F == 8 and check % 31 == 0  # noqa: PLR2004 (the RFC's numbers)
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def _inflated(engine: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """All output of `data`; a full step may leave more inside even when the input is used up."""
    piece = engine.decompress(data, STEP)
    yield piece
    while engine.unconsumed_tail or (len(piece) == STEP and not engine.eof):
        piece = engine.decompress(engine.unconsumed_tail, STEP)
        yield piece


class _Brotli:
    """RFC 7932. The library grows its buffer in blocks: a step gives up to about 2 * STEP."""

    def __init__(self) -> None:
        self._engine = brotli.Decompressor()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._engine.is_finished():
            return
        piece = self._engine.process(data, output_buffer_limit=STEP)
        yield piece
        while piece and not self._engine.is_finished():
            piece = self._engine.process(b"", output_buffer_limit=STEP)
            yield piece

    def ended(self) -> bool:
        return bool(self._engine.is_finished())


class _Zstd:
    """RFC 8878: frames one after the other, skippable ones among them."""

    def __init__(self) -> None:
        self._engine = zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data or not (self._engine.needs_input or self._engine.eof):
            if self._engine.eof:
                if not data.startswith(_ZSTD_STARTS):
                    return
                self._engine = zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
            yield self._engine.decompress(data, STEP)
            data = self._engine.unused_data if self._engine.eof else b""

    def ended(self) -> bool:
        return self._engine.eof
