"""The namespaces of feeds, by meaning: each has a prefix of ours, whatever its spelling."""

from __future__ import annotations

import re
from functools import lru_cache

_SPACES = {
    "": (
        "http://purl.org/rss/1.0",
        "http://purl.org/net/rss1.1",
        "http://my.netscape.com/rdf/simple/0.9",
        "http://channel.netscape.com/rdf/simple/0.9",
        "http://backend.userland.com/rss",
        "http://backend.userland.com/rss2",
        "http://backend.userland.com/rss091",
        "http://backend.userland.com/rss092",
        "http://backend.userland.com/rss093",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://cyber.law.harvard.edu/rss",
        "http://cyber.law.harvard.edu/rss/rss.html",
        "http://www.rssboard.org/rss-specification",
    ),
    "atom:": ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns"),
    "content:": ("http://purl.org/rss/1.0/modules/content",),
    "dc:": ("http://purl.org/dc/elements/1.1", "http://purl.org/dc/elements/1.0"),
    "dcterms:": ("http://purl.org/dc/terms",),
    "feedburner:": (
        "http://rssnamespace.org/feedburner/ext/1.0",
        "http://www.pheedo.com/namespace/pheedo",
    ),
    "itunes:": (
        "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "http://example.com/dtds/podcast-1.0.dtd",
    ),
    "media:": ("http://search.yahoo.com/mrss", "http://tools.search.yahoo.com/mrss"),
    "news:": ("http://www.google.com/schemas/sitemap-news/0.9",),
    "rdf:": ("http://www.w3.org/1999/02/22-rdf-syntax-ns",),
    "sitemap:": (
        "http://www.sitemaps.org/schemas/sitemap/0.9",
        "http://www.google.com/schemas/sitemap/0.84",
        "http://www.google.com/schemas/sitemap/0.9",
    ),
    "sy:": ("http://purl.org/rss/1.0/modules/syndication",),
    "video:": ("http://www.google.com/schemas/sitemap-video/1.1",),
    "xhtml:": ("http://www.w3.org/1999/xhtml",),
}
# Namespaces of modules that are known but hold nothing that is read here: none of their
# elements stands in for one of ours.
_OTHERS = (
    "http://purl.org/rss/1.0/modules/slash",
    "http://wellformedweb.org/CommentAPI",
    "http://www.georss.org/georss",
    "http://www.opengis.net/gml",
    "http://www.google.com/schemas/sitemap-image/1.1",
    "http://purl.org/syndication/thread/1.0",
    "http://purl.org/syndication/history/1.0",
    "http://www.w3.org/2007/app",
    "http://www.w3.org/2003/01/geo/wgs84_pos",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1998/Math/MathML",
)
UNKNOWN = "?:"
"""The prefix of a namespace that is not known."""

# What everyone means by a prefix, for documents that forgot to declare it.
WELL_KNOWN = {
    prefix.removesuffix(":"): uris[0] + ("#" if prefix == "rdf:" else "")
    for prefix, uris in _SPACES.items()
    if prefix
} | {
    "a10": "http://www.w3.org/2005/Atom",
    "atom10": "http://www.w3.org/2005/Atom",
    "a": "http://www.w3.org/2005/Atom",
    "dct": "http://purl.org/dc/terms",
    "html": "http://www.w3.org/1999/xhtml",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
    "rss": "http://purl.org/rss/1.0",
    "slash": "http://purl.org/rss/1.0/modules/slash",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI",
    "georss": "http://www.georss.org/georss",
}
_SCHEME = re.compile(r"^https?:/*", re.IGNORECASE)


def _meaning(uri: str) -> str:
    """A namespace name without what people spell differently: scheme, case, end, `www.`."""
    bare = _SCHEME.sub("", uri.strip()).rstrip("/#").lower()
    return bare.removeprefix("www.")


_PREFIXES = {_meaning(uri): "other:" for uri in _OTHERS} | {
    _meaning(uri): prefix for prefix, uris in _SPACES.items() for uri in uris
}
_PREFIXES[""] = ""


@lru_cache(maxsize=4096)
def prefix(uri: str) -> str:
    """Return our prefix for a namespace name (`dc:`), `""` for none and RSS's, UNKNOWN for others.

    Names are compared by meaning: http and https, a slash or `#` at the end, the case of letters
    and `www.` make no difference. (Namespaces in XML 1.0 section 2.3 compares the characters; the
    names of feeds are written by hand, and no two known ones differ by this only.)
    """
    return _PREFIXES.get(_meaning(uri), UNKNOWN)
