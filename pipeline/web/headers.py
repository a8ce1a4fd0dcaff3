"""What is said and heard in HTTP headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.web.decode import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Request

MAX_VALUE = 8 * 1024
"""Characters kept of one header."""

_ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, "
    "text/html;q=0.5, */*;q=0.1",
    "page": "text/html, application/xhtml+xml, */*;q=0.5",
    "robots": "text/plain, */*;q=0.5",
}
# Servers returned tags of 5 kB and with control characters: those are not sent back.
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")
_CODED_TAG = re.compile(r'[-;](?:gzip|br|zstd)"\Z')
# Where a list of two makes no sense, the first counts.
_FIRST_ONLY = {"location", "etag", "last-modified", "date", "retry-after", "content-type"}
# What frames the message, says what can be decoded, or asks for a part: never a feed's own.
_NEVER_GIVEN = {
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_NEVER_KEPT = {"set-cookie", "set-cookie2"}  # no credentials in what is stored
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def asking(request: Request, user_agent: str) -> dict[str, str]:
    """Return a request's headers: who asks, for what, and what is known already.

    Validators go as they came, byte for byte; one that is no visible ASCII, or above 1,000
    characters, does not go. No cookie, no Referer. A feed's own headers (`Request.headers`) go
    beside ours, or in place of User-Agent and Accept.
    """
    said = {
        "User-Agent": user_agent,
        "Accept": _ACCEPT[request.purpose],
        "Accept-Encoding": ACCEPTED,
    }
    given = _given(request)
    names = {name.lower() for name in given}
    said = {name: value for name, value in said.items() if name.lower() not in names} | given
    if request.etag and _VALIDATOR.fullmatch(request.etag):
        said["If-None-Match"] = _tags(request.etag)
    if request.last_modified and _VALIDATOR.fullmatch(request.last_modified):
        said["If-Modified-Since"] = request.last_modified
    return said


def kept(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return a response's headers by lower-case name, each value at most MAX_VALUE characters.

    Repeated values are joined by a comma, or the first one counts where only one can; cookies
    are left out. Bytes are read as UTF-8, else latin-1 (a Location keeps such bytes, percent-
    encoded). Control characters become U+FFFD, so that a tag with one is seen to be no tag.
    """
    heard: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name = raw_name.decode("latin-1").lower()
        if name in _NEVER_KEPT or (name in _FIRST_ONLY and name in heard):
            continue
        value = _value(raw_value, escape=name == "location")
        heard[name] = (f"{heard[name]}, {value}" if name in heard else value)[:MAX_VALUE]
    return heard


def _given(request: Request) -> dict[str, str]:
    """The headers that an operator gave a feed, without those that are not to be given."""
    if request.purpose != "feed":
        return {}
    return {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in _NEVER_GIVEN
        and _TOKEN.fullmatch(name)
        and not _CONTROL.search(value)
    }


def _tags(etag: str) -> str:
    """The stored tag, and the one it was before a server marked it with its compression.

    Apache sends `"a-gzip"` and then knows only `"a"` (its bug 45023); a list is legal (RFC 9110
    section 13.1.2).
    """
    bare = _CODED_TAG.sub('"', etag)
    return etag if bare == etag else f"{etag}, {bare}"


def _value(raw: bytes, *, escape: bool) -> str:
    try:
        value = raw.decode()
    except UnicodeDecodeError:
        value = raw.decode("latin-1")
        if escape:
            value = _NOT_ASCII.sub(lambda found: f"%{ord(found.group()):02X}", value)
    return _CONTROL.sub("\ufffd", value)
