"""Addresses in feeds and pages: absolute, http(s), without credentials, or not at all."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from pipeline import text

# Longer ones are no addresses of articles; browsers and servers stop near here.
LONGEST = 2048
# WHATWG URL Standard, 4.4: tabs and newlines inside an address are dropped.
_DROPPED = re.compile(r"[\t\r\n]")

_AMPERSAND = re.compile(r"&(?:amp|#0{0,4}38|#x26);", re.IGNORECASE)


def absolute(reference: str | None, base: str) -> str | None:
    """Return `reference` resolved against `base`, or None if that is no address to be stored.

    Stored addresses are http or https, have a host, at most 2,048 characters and no credentials.
    An `&` that was escaped twice is read as `&`.
    """
    if not reference or len(reference) > 2 * LONGEST:
        return None
    written = _AMPERSAND.sub("&", _DROPPED.sub("", text.clean(reference).strip()))
    try:
        parts = urlsplit(urljoin(base, written) if written else "")
        usable = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:  # brackets that are no IPv6 address
        return None
    url = parts.geturl().replace(" ", "%20")
    return url if usable and len(url) <= LONGEST else None


def joined(base: str | None, reference: str) -> str:
    """Return `reference` resolved against an xml:base, which may itself be relative or broken."""
    try:
        return urljoin(base, reference) if base else reference
    except ValueError:
        return reference
