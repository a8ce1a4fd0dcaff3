"""The parts of an address, and the address as it goes on the wire."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from tld import get_fld
from yarl import URL

from pipeline.errors import BadUrlError

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_MAX_LENGTH = 2048  # characters; what browsers and servers agree on
_MAX_HOST = 253  # characters (RFC 1035); IDNA of a longer one costs seconds
_DEFAULT_PORTS = {"http": 80, "https": 443}
# A name before a colon is a scheme, unless a port follows: `example.org:8080/x` has none.
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d{1,5}(?:[/?#]|$))")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_DROPPED = re.compile(r"[\t\r\n]")  # the WHATWG URL standard removes them wherever they stand
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CREDENTIALS = re.compile(r"(?:^|(?<=//))[^/@]*@")
_TO_ENCODE = re.compile(r"[^\x21-\x7e]+")


def fetchable(url: str) -> str:
    """Return `url` as it is put on the wire: ASCII, no fragment, at most 2,048 characters.

    Surrounding space, tabs and line breaks go; a non-ASCII host becomes IDNA, other non-ASCII
    characters and spaces are percent-encoded as UTF-8; every other byte stays as written.

    Raises:
        BadUrlError: not http(s), no valid host, credentials, control characters, too long.
    """
    wanted = _DROPPED.sub("", url.strip()).partition("#")[0]
    parts = split(wanted)
    if not parts.scheme:
        raise BadUrlError(f"no scheme: {shown(url)}")
    if "@" in parts.netloc:
        raise BadUrlError(f"credentials in an address of {parts.hostname}")
    if _CONTROL.search(wanted):
        raise BadUrlError(f"control character: {shown(url)}")
    name = authority(parts)
    if not parts.netloc.isascii():
        wanted = wanted.replace(parts.netloc, name, 1)
    try:
        wanted = _TO_ENCODE.sub(lambda found: quote(found.group()), wanted)
    except UnicodeEncodeError as error:
        raise BadUrlError(f"not Unicode text: {shown(url)}") from error
    if len(wanted) > _MAX_LENGTH:
        raise BadUrlError(f"longer than {_MAX_LENGTH} characters: {shown(url)}")
    return wanted


def host(url: str) -> str:
    """Return the lower-case ASCII host with a non-default port: the key of the politeness gate.

    `example.org`, `127.0.1.1:8901`, `[::1]:8080`. Raises BadUrlError.
    """
    return authority(split(url))


def origin(url: str) -> str:
    """Return `scheme://host[:port]` in lower case, without a default port. Raises BadUrlError."""
    parts = split(url)
    if not parts.scheme:
        raise BadUrlError(f"no scheme: {shown(url)}")
    return f"{parts.scheme}://{authority(parts)}"


def site(url: str) -> str:
    """Return the registrable domain (`example.co.uk`) by the bundled public suffix list.

    Under a suffix that the list does not know, the last two labels, as its algorithm has it
    (publicsuffix.org/list: the prevailing rule is `*`); an IP address is its own site. Raises
    BadUrlError.
    """
    name = ascii_host(split(url).hostname or "")
    if name.startswith("[") or name.replace(".", "").isdigit():
        return name
    return registrable(name) or ".".join(name.rsplit(".", 2)[-2:])


def split(url: str) -> SplitResult:
    """Return the parts of an http(s) address; `example.org/x` and `//example.org/x` have no scheme.

    Raises:
        BadUrlError: another scheme, no host, a port that is none, broken brackets.
    """
    text = url.strip()
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in _DEFAULT_PORTS:
        raise BadUrlError(f"scheme {scheme[1][:40]}: {shown(url)}")
    try:
        parts = urlsplit(text if scheme or text.startswith("//") else f"//{text}")
        _ = parts.port  # raises when it is not a number below 65,536
    except ValueError as error:
        raise BadUrlError(f"no host and port: {shown(url)}") from error
    name = parts.hostname
    if not name or "%" in name or len(name) > _MAX_HOST:
        raise BadUrlError(f"no host: {shown(url)}")
    return parts


def authority(parts: SplitResult, name: str | None = None) -> str:
    """Return the host (or `name` in its place) with its port unless that is the scheme's own.

    Raises:
        BadUrlError: a host that cannot be.
    """
    name = name or ascii_host(parts.hostname or "")
    port = parts.port
    return name if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


@lru_cache(maxsize=16_384)
def ascii_host(name: str) -> str:
    """Return a host in lower case and IDNA, without the root's dot; IPv6 shortened in brackets.

    Raises:
        BadUrlError: a name that cannot stand in the DNS (RFC 1035 lengths; `_` is let through).
    """
    if ":" in name:
        try:
            return f"[{IPv6Address(name)}]"
        except ValueError as error:
            raise BadUrlError(f"host {name[:80]!r}: {error}") from error
    plain = name.lower()
    if not plain.isascii():
        try:
            plain = (URL.build(scheme="http", host=plain).raw_host or "").lower()
        except ValueError as error:
            raise BadUrlError(f"host {name[:80]!r}: {error}") from error
    plain = plain.removesuffix(".")
    if not _HOST.fullmatch(plain):
        raise BadUrlError(f"host {name[:80]!r}")
    return plain


@lru_cache(maxsize=16_384)
def registrable(name: str) -> str | None:
    """Return the registrable domain of an ASCII host, or None where no public suffix is known."""
    if name.startswith("["):
        return None
    found: str | None = get_fld(f"http://{name}/", fail_silently=True)
    return found


@lru_cache(maxsize=16_384)
def name_owner(host: str) -> str | None:
    """Return the domain whose owner hands out the name of a host (with port or without).

    By the suffixes under which domains are sold: `tumblr.com` of `a.tumblr.com`, and `github.io`
    of `a.github.io`, although the public suffix list counts that among its private suffixes.
    None for an IP address.
    """
    name = host.partition(":")[0]
    if host.startswith("[") or name.replace(".", "").isdigit():
        return None
    found: str | None = get_fld(f"http://{name}/", fail_silently=True, search_private=False)
    return found or ".".join(name.rsplit(".", 2)[-2:])


def shown(url: str) -> str:
    """Return `url` for a message: quoted, cut, and without what may be credentials."""
    return repr(_CREDENTIALS.sub("***@", url)[:200])
