"""Lists of feeds as readers exchange them: OPML 2.0 (opml.org/spec2.opml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline import text
from pipeline.feeds.parsing import xml
from pipeline.model.listing import BadLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element

    from pipeline.model.listing import ListedFeed

LONGEST_NAME = 300
"""Characters of a title or of a path of folders."""

# What feeds are called in `type` (OPML 2.0 says rss), and where programs put their addresses: the
# names are xmlUrl and htmlUrl, by the specification.
_FEED_TYPES = ("rss", "atom", "rdf", "feed", "json", "xml")
_ADDRESSES = (
    "xmlurl",
    "xmluri",
    "xmlhref",
    "feedurl",
    "feeduri",
    "rssurl",
    "atomurl",
    "rss",
    "feed",
)
_ADDRESSES_IF_TYPED = ("url", "uri", "href", "link", "src")
_SITES = ("htmlurl", "htmluri", "htmlhref", "siteurl", "weburl", "homepage", "website")
_TITLES = ("title", "text", "name")
_JOINTS = re.compile(r"[-_.:]")
_FIRST_ATTRIBUTES = etree.XPath("@*[position() <= 64]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?(?:\]\s*>|\Z)|>|\Z)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """An outline that is, or should be, a feed: what it says, as written."""

    line: int
    url: str | None
    title: str | None
    site_url: str | None
    category: str | None


def outlines(document: str) -> tuple[list[Outline], list[BadLine]]:
    """Return the feeds of an OPML text in document order, and where the text itself is broken.

    Nested outlines are folders. The usual faults are mended and what can be read of a broken
    document is; folders deeper than 250 are not. Nothing is expanded or loaded: a document type
    and the entities in it are dropped before the parser sees them.
    """
    plain = _DOCTYPE.sub(lambda found: "\n" * found[0].count("\n"), document)
    mended = xml.repaired(plain)
    cut = plain.count("\n") - mended.count("\n")  # lines in front of the document
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )
    root = _root(mended, parser)
    faults = {fault.line: _said(fault.message) for fault in reversed(list(parser.error_log))}
    bad = [BadLine(line=line + cut, reason=reason) for line, reason in sorted(faults.items())]
    return list(_outlines(root, cut)) if root is not None else [], bad


def category(path: str | None) -> str | None:
    """Return a path of folders in its one form: no empty names, no spaces around the slashes."""
    names = (text.line(name, LONGEST_NAME) for name in (path or "").split("/"))
    return text.line("/".join(filter(None, names)), LONGEST_NAME)


def document(feeds: Iterable[ListedFeed]) -> bytes:
    """Return an OPML 2.0 document of feeds: folders, then feeds, each in order of their names.

    It says nothing of when it was made, so the same feeds make the same bytes.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Broadsheet"
    folders: dict[tuple[str, ...], Element] = {(): etree.SubElement(root, "body")}
    named = ((category(feed.category), text.line(feed.title, LONGEST_NAME), feed) for feed in feeds)
    rows = [
        (tuple(path.split("/")) if path else (), name or "", feed) for path, name, feed in named
    ]
    for path, name, feed in sorted(rows, key=lambda row: (row[0], row[1], row[2].url)):
        said = {"type": "rss", "text": name or feed.url, "title": name, "xmlUrl": feed.url}
        said["htmlUrl"] = text.clean(feed.site_url or "")
        outline = etree.SubElement(_folder(folders, path), "outline")
        for key, value in said.items():
            if value:
                outline.set(key, value)
    etree.indent(root)
    written = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return bytes(written) + b"\n"


def _folder(folders: dict[tuple[str, ...], Element], path: tuple[str, ...]) -> Element:
    """The element of a path of folders, made with those above it when it is new."""
    if path not in folders:
        parent = _folder(folders, path[:-1])
        folders[path] = etree.SubElement(parent, "outline", text=path[-1])
    return folders[path]


def _root(document: str, parser: etree.XMLParser) -> Element | None:
    try:
        return etree.fromstring(document.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing in it could be read
        return None


def _outlines(root: Element, cut: int) -> Iterator[Outline]:
    path: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end"), tag="{*}outline"):
        if event == "end":
            path.pop()
            continue
        found = _outline(element, path, cut)
        path.append((_named(element) or "") if found is None else "")
        if found is not None:
            yield found


def _outline(element: Element, path: Sequence[str], cut: int) -> Outline | None:
    """A feed, or what should be one; None for a folder, whatever its type, and for a bookmark.

    A folder is what holds outlines and has no address of a feed.
    """
    said = _said_of(element)
    is_typed = said.get("type", "").lower().startswith(_FEED_TYPES)
    url = _first(said, _ADDRESSES) or (_first(said, _ADDRESSES_IF_TYPED) if is_typed else None)
    site_url = _first(said, _SITES)
    holds_others = next(element.iterchildren("{*}outline"), None) is not None
    if url is None and (holds_others or not (site_url or is_typed)):
        return None
    line: Any = element.sourceline  # the stubs do not know its type
    filed = said.get("category", "").split(",")[0]
    # Where a feed has no title, its address stands in `text`, which no outline goes without.
    name = _first(said, _TITLES)
    return Outline(
        line=(line or 0) + cut,
        url=url,
        title=text.line(name, LONGEST_NAME) if "title" in said or name != url else None,
        site_url=site_url,
        category=category("/".join(path)) or category(filed),
    )


def _named(element: Element) -> str | None:
    return _first(_said_of(element), _TITLES)


def _first(said: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((said[name] for name in names if name in said), None)


def _said_of(element: Element) -> dict[str, str]:
    """The attributes of an outline that say something, by names without case, `_` and `-`.

    At most 64 of them: to list all of very many is quadratic in lxml.
    """
    found: Any = _FIRST_ATTRIBUTES(element)
    said: dict[str, str] = {}
    for value in found:
        name = str(value.attrname).rpartition("}")[2].lower()
        if written := str(value).strip():
            said.setdefault(_JOINTS.sub("", name), written)
    return said


def _said(message: str) -> str:
    return f"broken XML: {text.line(message, 200)}"
