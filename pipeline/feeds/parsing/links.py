"""Addresses in feeds and pages: absolute, http(s), without credentials, or not at all."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from pipeline import text, urls
from pipeline.errors import BadUrlError

# Longer ones are no addresses of articles; browsers and servers stop near here.
LONGEST = 2048
# WHATWG URL Standard, 4.4: tabs and newlines inside an address are dropped.
_DROPPED = re.compile(r"[\t\r\n]")

# `www.paper.example/a`: a host name whose scheme was left out; `www.html` is a file.
_WWW = re.compile(
    r"www\.(?:[a-z0-9-]{1,63}\.)+(?P<last>[a-z][a-z0-9-]{1,62})(?=[/?#:]|$)",
    re.IGNORECASE,
)
_FILES = {"html", "htm", "xhtml", "php", "asp", "aspx", "jsp", "xml", "rss", "json", "txt", "pdf"}
# One slash after the scheme: browsers read two (WHATWG URL Standard, 4.4, "special authority
# slashes state").
_FEED_SCHEME = re.compile(r"\s*(?:feeds?|pcast|itpc|podcast):(?=[^\s])", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_SLASHES = re.compile(r"(https?):[/\\](?=[^/\\])", re.IGNORECASE)

_AMPERSAND = re.compile(r"&(?:amp|#0{0,4}38|#x26);", re.IGNORECASE)


def absolute(reference: str | None, base: str) -> str | None:
    """Return `reference` resolved against `base`, or None if that is no address to be stored.

    Stored addresses are http or https, have a host, at most 2,048 characters and no credentials.
    An `&` that was escaped twice is read as `&`. A host name that begins with `www.`, or is that
    of `base`, needs no scheme: it gets that of `base`.
    """
    if not reference or len(reference) > 2 * LONGEST:
        return None
    written = _AMPERSAND.sub("&", _DROPPED.sub("", text.clean(reference).strip()))
    try:
        parts = urlsplit(_joined(base, written))
        usable = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:  # brackets that are no IPv6 address
        return None
    url = parts.geturl().replace(" ", "%20")
    return url if usable and len(url) <= LONGEST else None


def _joined(base: str, written: str) -> str:
    if _ABSOLUTE.match(written) or not written:
        return written
    return urljoin(base, _SLASHES.sub(r"\1://", _with_scheme(written, base), count=1))


def joined(base: str | None, reference: str) -> str:
    """Return `reference` resolved against an xml:base, which may itself be relative or broken."""
    if not base or _is_host(reference.strip(), base):
        return reference
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def without_feed_scheme(written: str, base: str = "") -> str:
    """Return an address of the schemes of feed readers (`feed://a/b`, `feed:https://a/b`) as http(s).

    They never named a protocol: of what follows `feed://` the host decides, with the scheme of
    `base` where it is the same host.
    """
    found = _FEED_SCHEME.match(written)
    if not found:
        return written
    rest = written[found.end() :]
    if not rest.startswith("//"):
        return rest
    host = urlsplit(f"http:{rest}").netloc
    is_secure = base.startswith("https:") and urlsplit(base).netloc == host
    return f"https:{rest}" if is_secure else f"http:{rest}"


def is_public(url: str) -> bool:
    """Return whether an absolute address names a host that others could reach, by its looks."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local"))


def is_same_site(first: str, second: str) -> bool:
    """Return whether two addresses are under one registrable domain."""
    try:
        return urls.site(first) == urls.site(second)
    except BadUrlError:
        return False


def _with_scheme(written: str, base: str) -> str:
    if not _is_host(written, base):
        return written
    return f"http://{written}" if base[:5].lower() == "http:" else f"https://{written}"


def _is_host(written: str, base: str) -> bool:
    """Whether a reference begins with a host name: `www.`, or the very host of `base`."""
    found = _WWW.match(written)
    if found is not None:
        return found["last"].lower() not in _FILES
    first = re.split(r"[/?#]", written, maxsplit=1)[0].lower()
    return "." in first and f"//{first}/" in f"{base.lower()}/"
