"""When two documents of a feed are the same one: nothing but the time of their making differs."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# In the head, before the first entry: when the document was built, which many systems set anew
# for each answer (a tenth of feeds in bench/newsweb, to be like the web). The dates of entries
# count, and so does everything else that a feed says of itself.
_FIRST_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_BUILT = re.compile(rb"<(lastBuildDate|pubDate|updated|dc:date)>[^<]{0,100}</\1>")
_CDATA = b"<![CDATA["
_OPENING = re.compile(rb"<!--|<!\[CDATA\[")


def digest(body: bytes) -> bytes:
    """Return a sha256 that two documents share if they differ in build date and comments only.

    Comments are where caches and plugins write when they ran, and how long it took.
    """
    whole = b"".join(_without_comments(body))
    entry = _FIRST_ENTRY.search(whole)
    head = entry.start() if entry else 0
    counted = hashlib.sha256(_BUILT.sub(b"", whole[:head]))
    counted.update(memoryview(whole)[head:])
    return counted.digest()


def _without_comments(body: bytes) -> Iterator[bytes]:
    """The pieces between comments; what stands in CDATA is text, whatever it looks like."""
    start = position = 0
    while opening := _OPENING.search(body, position):
        closing = b"]]>" if opening.group() == _CDATA else b"-->"
        end = body.find(closing, opening.end())
        if end < 0:
            break
        position = end + len(closing)
        if closing == b"-->":
            yield body[start : opening.start()]
            start = position
    yield body[start:]
