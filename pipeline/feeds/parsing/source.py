"""From the bytes of a response to the text of the document."""

from __future__ import annotations

import re
import zlib
from itertools import repeat

from pipeline import text

# What a compressed document (a sitemap, mostly) may grow to: the cap of decoded bodies.
LARGEST_BYTES = 25_000_000
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""")


def inflated(body: bytes) -> tuple[bytes, bool]:
    """Return (`body` without its gzip wrapping, whether all of it could be unpacked)."""
    if not body.startswith(b"\x1f\x8b"):
        return body, True
    unpacker = zlib.decompressobj(wbits=31)
    try:
        whole = unpacker.decompress(body, LARGEST_BYTES)
    except zlib.error:
        return b"", False
    return whole, unpacker.eof


def document(body: bytes, content_type: str | None) -> str:
    """Return the text of a document, without white space at its ends.

    The charset is found in this order: byte order mark, valid UTF-8, HTTP header, XML declaration,
    windows-1252 (RFC 7303 section 3, and text.decode for why valid UTF-8 comes first).
    """
    if wide := _wide(body[:4]):
        return body.decode(wide, "replace").strip("\ufeff\x00 \t\r\n")
    declared = _DECLARED.search(body[:1000])
    labels = [
        text.header_charset(content_type),
        declared.group(1).decode("ascii") if declared else None,
    ]
    if any(text.codec(label) == "utf-8" for label in labels) and _is_disproved(body):
        labels = [label for label in labels if text.codec(label) != "utf-8"]
    return text.decode(body, *labels).strip("\ufeff\x00 \t\r\n")


def _is_disproved(body: bytes) -> bool:
    """Whether bytes that are said to be UTF-8 hold more that is none than characters that are.

    In other charsets hardly any two bytes make a character of UTF-8; a document that does, and is
    damaged or cut in places, stays UTF-8.
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        as_utf8 = body.decode("utf-8", "replace")
        damaged = as_utf8.count("\ufffd")
        return damaged > sum(map(str.__gt__, as_utf8, repeat("\x7f"))) - damaged
    return False


def _wide(start: bytes) -> str | None:
    """The encoding of a document that shows it by the NULs around its `<` (XML 1.0, appendix F)."""
    if start in {b"\xff\xfe\x00\x00", b"<\x00\x00\x00"}:
        return "utf-32-le"
    if start in {b"\x00\x00\xfe\xff", b"\x00\x00\x00<"}:
        return "utf-32-be"
    if start[:2] == b"<\x00" or start[:2] == b"{\x00":
        return "utf-16-le"
    return "utf-16-be" if start[:2] in {b"\x00<", b"\x00{"} else None
