"""The XML of a feed as a tree: read strictly, or after repairs that change no meaning.

Names are `title`, `atom:title`, `dc:date`: lower-case, with a prefix of ours for the name space,
whatever prefix the document chose.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from html import escape
from html.entities import html5
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_SPACES = {
    "": (
        "",
        "http://purl.org/rss/1.0",
        "http://purl.org/net/rss1.1#",
        "http://my.netscape.com/rdf/simple/0.9",
        "http://channel.netscape.com/rdf/simple/0.9",
        "http://backend.userland.com/rss",
        "http://backend.userland.com/rss2",
        "http://backend.userland.com/rss091",
        "http://backend.userland.com/rss092",
        "http://backend.userland.com/rss093",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://cyber.law.harvard.edu/rss",
        "http://www.rssboard.org/rss-specification",
    ),
    "atom:": ("http://www.w3.org/2005/atom", "http://purl.org/atom/ns#", "http://purl.org/atom/ns"),
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
    "rdf:": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#",),
    "sitemap:": (
        "http://www.sitemaps.org/schemas/sitemap/0.9",
        "https://www.sitemaps.org/schemas/sitemap/0.9",
        "http://www.google.com/schemas/sitemap/0.84",
        "http://www.google.com/schemas/sitemap/0.9",
    ),
    "sy:": ("http://purl.org/rss/1.0/modules/syndication",),
    "video:": ("http://www.google.com/schemas/sitemap-video/1.1",),
    "xhtml:": ("http://www.w3.org/1999/xhtml",),
}
_PREFIXES = {uri: prefix for prefix, uris in _SPACES.items() for uri in uris}
_ROOTS = {"rss", "channel", "rdf", "feed", "urlset", "sitemapindex"}

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BEGIN = re.compile(
    r"<(?:\?xml|!DOCTYPE|(?:\w{1,20}:)?(?:rss|feed|rdf|urlset|channel)\b)", re.IGNORECASE
)
_SECTION = re.compile(
    r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<!DOCTYPE[^\[>]*(?:\[.*?(?:\]\s*>|\Z)|>|\Z))",
    re.DOTALL,
)
_REFERENCE = re.compile(
    r"&(?:#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));?|([A-Za-z][A-Za-z0-9]{0,31});)?", re.IGNORECASE
)
_DECLARED = re.compile(r"<!ENTITY\s+([^\s%]{1,64})\s")
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}


def strict(text: str) -> Element | None:
    """Return the root of a well-formed document, or None. No network, no external entity."""
    parser = etree.XMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return _at_home(root)


def repaired(text: str) -> str:
    """Return `text` with the usual faults mended, in linear time.

    Mended are: anything before the document begins, characters and references that XML does not
    allow, `&` that begins no reference, and HTML's named characters.
    """
    begin = _BEGIN.search(text)
    declared = _XML_NAMES | set(_DECLARED.findall(text))
    parts = _SECTION.split(_ILLEGAL.sub("", text[begin.start() if begin else 0 :]))
    for index in range(0, len(parts), 2):  # every second part is a section to leave alone
        parts[index] = _REFERENCE.sub(lambda found: _reference(found, declared), parts[index])
    return "".join(parts)


def _reference(found: re.Match[str], declared: set[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if hexadecimal or decimal:
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        legal = code <= sys.maxunicode and not _ILLEGAL.match(chr(code))
        return f"&#{code};" if legal else ""
    if name in declared:
        return found[0]
    character = html5.get(f"{name};") if name else None
    return escape(character) if character else "&amp;" + found[0][1:]


def _at_home(root: Element) -> Element:
    """A root in a name space nobody knows takes its children home: they are plain RSS or Atom."""
    uri, _, local = root.tag.rpartition("}")
    if uri and local.lower() in _ROOTS and _prefix(uri[1:]) == "?:":
        for element in root.iter(f"{uri}}}*"):
            element.tag = element.tag.rpartition("}")[2]
    return root


@lru_cache(maxsize=4096)
def _prefix(uri: str) -> str:
    return _PREFIXES.get(uri.strip().rstrip("/").lower(), "?:")


@lru_cache(maxsize=4096)
def _name(tag: str) -> str:
    uri, _, local = tag.rpartition("}")
    return _prefix(uri[1:]) + local.lower()


def name(element: Element) -> str:
    """Return the name of an element with our prefix, lower-case: `title`, `dc:date`."""
    return _name(str(element.tag))


def children(element: Element) -> dict[str, list[Element]]:
    """Return the direct children of an element by their names, each list in document order."""
    by_name: dict[str, list[Element]] = {}
    for child in element.iterchildren("*"):
        by_name.setdefault(name(child), []).append(child)
    return by_name


def attribute(element: Element, wanted: str) -> str | None:
    """Return an attribute, stripped, None if it is absent or empty.

    By name only: listing the attributes of an element is quadratic in lxml (11 s for 50,000).
    """
    return str(element.get(wanted, "")).strip() or None


def words(element: Element) -> str | None:
    """Return the text of an element and all in it, stripped, or None."""
    return "".join(map(str, element.itertext())).strip() or None


def markup(element: Element) -> str | None:
    """Return what is inside an element as HTML, or None.

    Text alone is HTML that was escaped; child elements are XHTML written in place, and a single
    div around it all is no part of it (RFC 4287 3.1.1.3).
    """
    if len(element) == 0:
        return str(element.text or "").strip() or None
    for inner in element.iter("*"):
        inner.tag = str(inner.tag).rpartition("}")[2]
    home = _moved(element)
    if len(home) == 1 and home[0].tag == "div" and not str(home.text or "").strip():
        home = home[0]
    inside = (str(etree.tostring(child, encoding="unicode", method="html")) for child in home)
    return (escape(str(home.text or ""), quote=False) + "".join(inside)).strip() or None


def _moved(element: Element) -> Element:
    """The inside of an element, out of the document: no name space is declared again."""
    home = etree.Element("div")
    home.text = element.text
    home.extend(list(element))
    etree.cleanup_namespaces(home)
    return home
