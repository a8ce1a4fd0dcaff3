"""What lets a reader in: headers that an operator wants sent with a feed's requests."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote, urlsplit

from pipeline.errors import BadUrlError, UsageError

AUTHORIZATION = "Authorization"
# What frames a message or concerns one connection only (RFC 9110 sections 7.6.1 and 8.6, RFC 9112
# section 6), what the client decides by itself, and what would make an answer partial or
# conditional on something else than the document we have.
_REFUSED = frozenset(
    {
        *("host", "content-length", "content-encoding", "transfer-encoding", "te", "trailer"),
        *("connection", "keep-alive", "upgrade", "expect", "http2-settings"),
        *("proxy-authorization", "proxy-authenticate", "proxy-connection"),
        *("accept-encoding", "range", "a-im"),
        *("if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"),
    }
)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")  # token (RFC 9110 section 5.6.2)
# Field values (section 5.5) without obs-text, and no longer than servers take.
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]{0,7998}[\x21-\x7e])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DROPPED = re.compile(r"[\t\r\n]")  # the WHATWG URL standard removes them wherever they stand


def parted(address: str) -> tuple[str, dict[str, str]]:
    """Return an address without the name and password in it, and the headers that carry them.

    What holds none, or is no http(s) address, is returned as it is. Raises BadUrlError for a
    name or password that cannot be sent.
    """
    whole = _DROPPED.sub("", address.strip())
    try:
        parts = urlsplit(whole)
    except ValueError:  # brackets that are no IPv6 address: others say so better
        return address, {}
    told, at, host = parts.netloc.rpartition("@")
    if not at or parts.scheme not in {"http", "https"}:
        return address, {}
    bare = whole.replace(parts.netloc, host, 1)
    user, _, password = told.partition(":")
    try:
        return bare, {AUTHORIZATION: basic(unquote(user), unquote(password))} if told else {}
    except UsageError as error:
        raise BadUrlError(f"{error}, in an address of {host[:200]!r}") from error


def basic(user: str, password: str) -> str:
    """Return the value of an Authorization header for a name and password (RFC 7617, UTF-8).

    Raises UsageError for what the scheme cannot carry: a colon in the name, control characters.
    """
    if ":" in user or _CONTROL.search(user + password):
        raise UsageError("a name with a colon, or a control character in name or password")
    told = f"{user}:{password}".encode("utf-8", "surrogateescape")
    return f"Basic {base64.b64encode(told).decode('ascii')}"


def header(name: str, value: str) -> tuple[str, str]:
    """Return a header as it is kept: its name in one spelling (they have no case), its value.

    Raises UsageError for a name that is none or is not the operator's to set, and for a value
    that HTTP cannot carry; the value is not repeated, it may be a secret.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name[:100]!r} is no name of a header")
    if name.lower() in _REFUSED:
        raise UsageError(f"{name} belongs to the connection: it cannot be set for a feed")
    if not _VALUE.fullmatch(value):
        raise UsageError(
            f"the value of {name} cannot be sent: visible ASCII, on one line, at most 8,000 characters"
        )
    return spelled(name), value


def spelled(name: str) -> str:
    """Return the one spelling under which a header's name is kept: `X-Api-Key`."""
    return "-".join(part.capitalize() for part in name.split("-"))
