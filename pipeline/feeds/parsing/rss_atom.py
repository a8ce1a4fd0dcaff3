"""RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0: from the tree to what the document says.

One mapping for all of them, because real feeds mix them: atom:link in RSS, dc:creator everywhere.
"""

from __future__ import annotations

import base64
import binascii
from html import escape
from typing import TYPE_CHECKING

from pipeline.feeds.parsing import links, update_hints, xml
from pipeline.feeds.parsing.raw import RawDocument, RawEnclosure, RawEntry, TextKind, ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

FORMATS = {"rss": "rss", "channel": "rss", "rdf:rdf": "rdf", "rdf": "rdf"}
FORMATS |= {"atom:feed": "atom", "feed": "atom", "atom:entry": "atom"}
_ENTRIES = {"item", "atom:entry", "entry"}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

# Each list is in order of preference; only direct children count, so that the title of a picture
# or of a quoted source is never taken for the entry's own. Last come names in a namespace that
# nobody knows (`?:`), for what has no better name.
_TITLES = ("title", "atom:title", "dc:title", "?:title")
_LINKS = ("link", "atom:link", "?:link")
_PUBLISHED = (
    *("pubdate", "atom:published", "published", "atom:issued", "issued", "dc:date"),
    *("dcterms:issued", "dcterms:created", "atom:created", "created"),
    *("date", "?:pubdate", "?:published", "?:issued", "?:date"),
)
_UPDATED = (
    *("atom:updated", "updated", "atom:modified", "modified", "dcterms:modified"),
    *("?:updated", "?:modified"),
)
_CONTENTS = (
    *("content:encoded", "atom:content", "content"),
    *("xhtml:body", "body", "xhtml:div", "fullitem"),
    *("encoded", "?:encoded", "?:content", "?:full-text"),
)
_SUMMARIES = (
    *("description", "atom:summary", "summary", "dc:description", "itunes:summary"),
    *("?:description", "?:summary"),
)
# What holds media, each with a description of its own (Media RSS 1.5.1).
_MEDIA = ("media:group", "media:content")
_TWO_TEXTS = {"description", "summary"}
_LANGUAGES = ("language", "dc:language", "?:language")


def document(root: Element) -> RawDocument:
    """Return what the feed under `root` says; `root` is named by one of FORMATS.

    Where no entry is where it should be, those in foreign namespaces are taken.
    """
    elements = list(_entries(root)) or list(_entries(xml.brought_home(root)))
    inside = xml.children(root)
    channel = next(iter(inside.get("channel", ())), root)
    about = xml.children(channel)
    title, title_kind = _title(about)
    return RawDocument(
        format=FORMATS[xml.name(root)],
        title=title,
        title_kind=title_kind,
        links=tuple(_links(about)),
        language=_first(about, _LANGUAGES) or _language(channel),
        authors=_authors(about),
        entries=tuple(_entry(element) for element in ends(elements)),
        total=len(elements),
        ttl_seconds=update_hints.ttl_seconds(about),
        skip_hours=update_hints.skip_hours(about),
        skip_days=update_hints.skip_days(about),
    )


def _entries(root: Element) -> Iterator[Element]:
    """The entries in document order, without entries quoted inside an entry."""
    for element in root.iter("*"):
        if xml.name(element) in _ENTRIES:
            above = element.iterancestors()
            if not any(xml.name(ancestor) in _ENTRIES for ancestor in above):
                yield element


def _entry(element: Element) -> RawEntry:
    inside = xml.children(element)
    links_ = tuple(_links(inside))
    guid, guid_is_link = _guid(element, inside, has_link=bool(links_))
    title, title_kind = _title(inside)
    summary, content = _bodies(inside)
    return RawEntry(
        guid=guid,
        guid_is_link=guid_is_link,
        links=links_,
        title=title,
        title_kind=title_kind,
        published=tuple(xml.texts(inside, _PUBLISHED)),
        updated=tuple(xml.texts(inside, _UPDATED)),
        authors=_authors(inside),
        content=content,
        summary=summary,
        language=_first(inside, _LANGUAGES) or _language(element),
        enclosures=tuple(_enclosures(inside)),
        categories=tuple(_categories(inside)),
    )


def _first(inside: xml.Children, names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(_html, xml.found(inside, names))), None)


def _title(inside: xml.Children) -> tuple[str | None, TextKind | None]:
    """The title as written, and what it is declared to be (RFC 4287 3.1, Atom 0.3 `type`)."""
    for element in xml.found(inside, _TITLES):
        kind = _title_kind(element)  # before the element is emptied
        if _is_base64(element):
            written: str | None = _decoded(xml.words(element) or "")
        else:
            written = xml.markup(element)
        if written:
            return written, kind
    return None, None


def _title_kind(element: Element) -> TextKind | None:
    said = (xml.attribute(element, "type") or "").lower()
    if len(element) or said.endswith("html"):
        return "html"
    return "text" if said in {"text", "text/plain"} else None


def _guid(element: Element, inside: xml.Children, *, has_link: bool) -> tuple[str | None, bool]:
    """The identifier as written, and whether it may stand for a link that is missing.

    An `id` of a foreign namespace may number anything; it is one where there is no link either.
    """
    for guid in inside.get("guid", ()):
        if written := xml.words(guid):
            return written, _is_permalink(guid)
    about = str(element.get(_RDF_ABOUT, "")).strip()
    foreign = ("?:guid",) if has_link else ("?:guid", "?:id")
    own = next(xml.texts(inside, ("atom:id", "id")), None) or about
    return own or next(xml.texts(inside, foreign), None), True


def _is_permalink(guid: Element) -> bool:
    said = xml.attribute(guid, "isPermaLink") or xml.attribute(guid, "ispermalink")
    return (said or "true").lower() == "true"


def _links(inside: xml.Children) -> Iterator[str]:
    """Addresses of the entry itself: the publisher's own, RSS's, then Atom's, HTML first."""
    yield from xml.texts(inside, ("feedburner:origlink",))
    alternates = []
    for link in xml.found(inside, _LINKS):
        href = xml.attribute(link, "href")
        if not href and (written := xml.words(link) or xml.foreign_attribute(link, "href")):
            yield links.joined(link.base, written)
        elif not href:
            continue
        elif (xml.attribute(link, "rel") or "alternate").rpartition("/")[2] == "alternate":
            kind = xml.attribute(link, "type") or "text/html"
            alternates.append((kind != "text/html", links.joined(link.base, href)))
    yield from (href for _, href in sorted(alternates, key=lambda pair: pair[0]))


def _authors(inside: xml.Children) -> tuple[str, ...]:
    """Names as given by the first way that names anyone: Atom, Dublin Core, RSS, iTunes."""
    written = inside.get("author", []) + inside.get("atom:author", [])
    people = [about for author in written if (about := xml.children(author))]
    ways = (
        (name for about in people for name in xml.texts(about, ("atom:name", "name"))),
        xml.texts(inside, ("dc:creator", "dc:author")),
        (name for author in written if len(author) == 0 and (name := xml.words(author))),
        xml.texts(inside, ("itunes:author",)),
        xml.texts(inside, ("creator",)),
        xml.texts(inside, ("?:creator", "?:author")),
    )
    return next((names for way in ways if (names := tuple(way))), ())


def _bodies(inside: xml.Children) -> tuple[str | None, str | None]:
    """(summary, content). Where an item has both `description` and `summary`, the second is more.

    RSS has no `summary`; a feed that borrows it gives two texts, in this order, and none is lost.
    """
    content = _body(inside, _CONTENTS)
    both = [name for name in inside if name in _TWO_TEXTS]  # in document order
    if content is None and len(both) == len(_TWO_TEXTS):
        first, second = (_body(inside, (name,)) for name in both)
        return first or second, second if first else None
    summary = _body(inside, _SUMMARIES)
    if summary is None and content is None:
        summary = _of_media(inside)
    return summary, content


def _of_media(inside: xml.Children) -> str | None:
    """What is said of the media of an entry: of one without a text of its own it is the text."""
    holders = (xml.children(holder) for holder in xml.found(inside, _MEDIA))
    found = (_body(one, ("media:description",)) for one in (inside, *holders))
    return next(filter(None, found), None)


def _body(inside: xml.Children, names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(_html, xml.found(inside, names))), None)


def _html(element: Element) -> str | None:
    """The HTML in a text construct (RFC 4287 3.1 and 4.1.3; Atom 0.3 has `mode` as well).

    Text that says it is plain is escaped; a picture or other bytes in place of a text are nothing.
    """
    kind = (xml.attribute(element, "type") or "").lower()
    written = xml.markup(element)
    if written and _is_base64(element):
        return _decoded(written)
    if written and kind in {"text", "text/plain"} and len(element) == 0:
        return escape(written, quote=False)
    textual = "/" not in kind or kind.startswith("text/") or kind.endswith(("xml", "html"))
    return written if textual else None


def _is_base64(element: Element) -> bool:
    said = (xml.attribute(element, "type"), xml.attribute(element, "mode"))
    return said[0] == "application/octet-stream" or said[1] == "base64"


def _decoded(written: str) -> str | None:
    try:
        return base64.b64decode(written).decode("utf-8", "replace").strip() or None
    except (binascii.Error, ValueError):
        return None


def _language(element: Element) -> str | None:
    """The xml:lang in force at an element; the nearest one counts (XML 1.0, 2.12)."""
    above = (element, *element.iterancestors())
    return next((str(lang) for e in above if (lang := e.get(f"{_XML}lang"))), None)


def _enclosures(inside: xml.Children) -> Iterator[RawEnclosure]:
    for element in xml.found(inside, ("enclosure", "link", "atom:link", "?:enclosure")):
        enclosing = xml.name(element).endswith("enclosure") or element.get("rel") == "enclosure"
        if not enclosing:
            continue
        href = xml.attribute(element, "url") or xml.attribute(element, "href")
        if href := href or xml.foreign_attribute(element, "url"):
            yield RawEnclosure(
                url=links.joined(element.base, href),
                media_type=xml.attribute(element, "type"),
                length=xml.attribute(element, "length"),
            )


def _categories(inside: xml.Children) -> Iterator[str]:
    known = ("category", "atom:category", "dc:subject")
    names = known if any(map(inside.get, known)) else ("?:category", "?:subject")
    for element in xml.found(inside, names):
        label = xml.attribute(element, "label") or xml.attribute(element, "term")
        if name := label or xml.words(element):
            yield name
