"""Feed addresses on a page and in a robots.txt, the likeliest first."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from lxml import etree

from pipeline import text
from pipeline.feeds.parsing import links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from pipeline.model import Document, Response

# More than this no page offers in earnest; each is a request.
MOST_CANDIDATES = 40
# What is looked at: more links, or longer ones, are no help and cost time.
_MOST_ANCHORS = 2000
_LONGEST_ALIKE = 300
_MOST_SITEMAPS = 3
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)

# Types that say feed (the WHATWG link type `alternate`, jsonfeed.org, and what is seen). Plain
# application/json is not one: WordPress links its API so.
_FEED_TYPES = re.compile(
    r"\s*(?:application/(?:x[.-])?(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:text|application)/xml"
    r"|text/(?:rss|atom)(?:\+xml)?|application/(?:rss|atom))\s*(?:;|$)",
    re.IGNORECASE,
)
_LOOKS_LIKE_FEED = re.compile(
    r"""^https?://[^/?#]+/(?:[^?#]*/)?
        (?: (?:feeds?|rss|atom|rdf)[0-9.]{0,4}(?:\.(?:xml|json|rss|atom|php|aspx?))?/?
          | (?:feeds?|rss|atom)/[^?#]{0,80}\.(?:xml|json|php)
          | [^/?#]{0,80}\.(?:rss|atom|rdf)
          | (?:index|[a-z0-9_-]{0,40}(?:feed|rss|atom)[a-z0-9_-]{0,40})\.(?:xml|json|rdf)
        )(?:[?#]|$)
      | ^https?://[^?#]+\?(?:[^#]*&)?(?:feed|format|type|output)=(?:rss2?|atom|rdf|feed)\b
      | ^https?://(?:feeds|rss)\.[^/?#]+/[^?#]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_USUAL_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")


def candidates(page: Response) -> tuple[str, ...]:
    """Return addresses that may be feeds of a page: at most 40, absolute, no duplicates.

    First the feeds that the page itself names (link rel=alternate, in document order), then what
    it links to and looks like a feed, then the usual places on its host. Nothing was asked for.
    """
    root = _root(page)
    base = _base(root, page.url)
    named = _named(root) if root is not None else ()
    linked = _linked(root) if root is not None else ()
    absolute = (links.absolute(href, base) for href in named)
    alike = (url for href in linked if _is_alike(url := links.absolute(href, base)))
    usual = (links.absolute(path, page.url) for path in _USUAL_PATHS)
    found = dict.fromkeys(url.partition("#")[0] for url in chain(absolute, alike, usual) if url)
    return tuple(found)[:MOST_CANDIDATES]


def sitemaps(robots: Response) -> tuple[str, ...]:
    """Return sitemaps that a robots.txt names and that may hold news: at most 3, likeliest first.

    Those whose address says news come first. A site can have hundreds that list all it ever
    published (sitemaps.org, "Specifying the Sitemap location in your robots.txt file").
    """
    told = text.clean(text.decode(robots.body))
    named = (links.absolute(found, robots.url) for found in _SITEMAP.findall(told))
    found = dict.fromkeys(url for url in named if url)
    return tuple(sorted(found, key=lambda url: "news" not in url.lower()))[:_MOST_SITEMAPS]


def has_news(document: Document) -> bool:
    """Return whether a document is a feed and no mere list of pages: a sitemap with headlines."""
    return document.format != "sitemap" or any(entry.title for entry in document.entries)


def _root(page: Response) -> Element | None:
    label = text.header_charset(page.headers.get("content-type"))
    whole = text.clean(text.decode(page.body, label)).encode()
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        return etree.fromstring(whole, parser) if whole.strip() else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def _base(root: Element | None, url: str) -> str:
    """The page's base element, resolved, or its address."""
    element = next(root.iter("base"), None) if root is not None else None
    href = str(element.get("href", "")) if element is not None else ""
    return links.absolute(href, url) or url


def _named(root: Element) -> Iterator[str]:
    for link in _elements(root, "link"):
        relations = str(link.get("rel", "")).lower().split()
        is_feed = _FEED_TYPES.match(str(link.get("type", ""))) is not None
        if "feed" in relations or ("alternate" in relations and is_feed):
            yield str(link.get("href", ""))


def _linked(root: Element) -> Iterator[str]:
    for anchor in islice(_elements(root, "a"), _MOST_ANCHORS):
        yield str(anchor.get("href", ""))


def _elements(root: Element, tag: str) -> Iterator[Element]:
    """Elements of a page; what stands behind </html> becomes a sibling of the root."""
    return chain.from_iterable(top.iter(tag) for top in (root, *root.itersiblings()))


def _is_alike(url: str | None) -> bool:
    short = url is not None and len(url) <= _LONGEST_ALIKE
    return short and _LOOKS_LIKE_FEED.search(url or "") is not None
