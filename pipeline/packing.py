"""Bodies as they are kept: zstd-compressed, known by the sha256 of what was compressed."""

from __future__ import annotations

import hashlib
import sys

from pipeline.model import PackedBody

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def digest(body: bytes) -> bytes:
    """Return the sha256 under which a body is kept."""
    return hashlib.sha256(body).digest()


def packed(body: bytes) -> PackedBody:
    """Return a body as it is kept."""
    return PackedBody(sha256=digest(body), data=zstd.compress(body), size=len(body))


def unpacked(data: bytes) -> bytes:
    """Return the bytes of a kept body."""
    return zstd.decompress(data)
