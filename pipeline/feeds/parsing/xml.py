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
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.feeds.parsing.namespaces import UNKNOWN, prefix
from pipeline.text import without_c1

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Element

    Children = Mapping[str, list[Element]]

# What the root of each kind of document is called, and the namespaces where it is at home.
_HOMES = {
    **dict.fromkeys(("rss", "channel", "item"), ("",)),
    "rdf": ("rdf:", ""),
    **dict.fromkeys(("feed", "entry"), ("atom:", "")),
    **dict.fromkeys(("urlset", "sitemapindex"), ("sitemap:", "")),
}
_ROOTS = {"rss", "channel", "rdf", "feed", "urlset", "sitemapindex"}
_ATTRIBUTE_SPACES = 50  # namespaces in scope that are tried for an attribute

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BEGIN = re.compile(
    r"<(?:\?xml|!DOCTYPE|(?:\w{1,20}:)?(?:rss|feed|rdf|urlset|sitemapindex|channel)\b)",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<!DOCTYPE[^\[>]*(?:\[.*?(?:\]\s*>|\Z)|>|\Z))",
    re.DOTALL,
)
_REFERENCE = re.compile(
    r"&(?:#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));?|([A-Za-z][A-Za-z0-9]{0,31});)?", re.IGNORECASE
)
# Characters 128 to 159 by number, which are windows-1252 (WHATWG HTML, "numeric character
# reference end state"), and as they stand in UTF-8.
_C1_REFERENCE = re.compile(rb"&#(?:0{0,4}(1[2-5][0-9])|[xX]0{0,4}([89][0-9a-fA-F]));")
_DECLARED = re.compile(r"<!ENTITY\s+([^\s%]{1,64})\s")
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}


def strict(text: str) -> Element | None:
    """Return the root of a well-formed document, or None. No network, no external entity."""
    parser = etree.XMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(_without_c1_references(text.encode("utf-8", "replace")), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return _at_home(root)


def _without_c1_references(document: bytes) -> bytes:
    return _C1_REFERENCE.sub(_c1, document) if b"&#" in document else document


def _c1(found: re.Match[bytes]) -> bytes:
    code = int(found[1]) if found[1] else int(found[2], 16)
    return without_c1(chr(code)).encode() if 0x80 <= code < 0xA0 else found[0]  # noqa: PLR2004


def repaired(text: str) -> str:
    """Return `text` with the usual faults mended, in linear time.

    Mended are: anything before the document begins, characters and references that XML does not
    allow, `&` that begins no reference, and HTML's named characters.
    """
    begin = _BEGIN.search(text)
    declared = _XML_NAMES | set(_DECLARED.findall(text))
    parts = _SECTION.split(_ILLEGAL.sub("", text[begin.start() if begin else 0 :]))
    if len(parts) > 1 and parts[-2].startswith("<!--") and not parts[-2].endswith("-->"):
        # A comment without its end is none, or it would take all that follows with it.
        first, *others = _SECTION.split(parts[-2].replace("<!--", "&lt;!--"))
        parts[-3:] = [parts[-3] + first, *others]
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
    """A root in a namespace that is not its own takes its children home: they are plain names.

    So an RSS document whose default namespace is Atom's, or nobody's, is RSS.
    """
    uri, _, local = root.tag.rpartition("}")
    if uri and local.lower() in _ROOTS and prefix(uri[1:]) not in _HOMES[local.lower()]:
        _take_home(root, {(uri, root.prefix)})
    return root


def brought_home(root: Element) -> Element:
    """Return `root` with channels and entries of foreign namespaces, and what is in these, at home."""
    foreign: set[tuple[str, str | None]] = set()
    for element in root.iter(*_STRUCTURE):
        uri, _, local = element.tag.rpartition("}")
        if uri and prefix(uri[1:]) not in {"content:", *_HOMES[local.lower()]}:
            foreign.add((uri, element.prefix))
    _take_home(root, foreign)
    return root


_STRUCTURE = ("{*}channel", "{*}item", "{*}entry", "{*}Channel", "{*}Item", "{*}Entry")


def _take_home(root: Element, spaces: set[tuple[str, str | None]]) -> None:
    """Take elements out of namespaces (`{uri`, and how it is written).

    One that is known keeps what is written with another prefix: `dc:creator` stays one where
    Dublin Core's is the default namespace as well.
    """
    for uri, written in spaces:
        is_known = prefix(uri[1:]) != UNKNOWN
        for element in root.iter(f"{uri}}}*"):
            if not is_known or element.prefix == written:
                element.tag = element.tag.rpartition("}")[2]


@lru_cache(maxsize=4096)
def _name(tag: str) -> str:
    uri, _, local = tag.rpartition("}")
    return prefix(uri[1:]) + local.lower()


def name(element: Element) -> str:
    """Return the name of an element with our prefix, lower-case: `title`, `dc:date`."""
    return _name(str(element.tag))


def children(element: Element) -> dict[str, list[Element]]:
    """Return the direct children of an element by their names, each list in document order."""
    by_name: dict[str, list[Element]] = {}
    for child in element.iterchildren("*"):
        by_name.setdefault(name(child), []).append(child)
    return by_name


def found(inside: Children, names: tuple[str, ...]) -> Iterator[Element]:
    """Yield the children under any of `names`, those of the first name first."""
    for name in names:
        yield from inside.get(name, ())


def texts(inside: Children, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the texts of the children under any of `names` that have one."""
    for element in found(inside, names):
        if written := words(element):
            yield written


def attribute(element: Element, wanted: str) -> str | None:
    """Return an attribute, stripped, None if it is absent or empty.

    By name only: listing the attributes of an element is quadratic in lxml (11 s for 50,000).
    """
    return str(element.get(wanted, "")).strip() or None


def foreign_attribute(element: Element, wanted: str) -> str | None:
    """Return an attribute that stands in a namespace (`xlink:href`), as `attribute` does."""
    spaces = islice(element.nsmap.values(), _ATTRIBUTE_SPACES)
    found = (attribute(element, f"{{{uri}}}{wanted}") for uri in spaces if uri)
    return next(filter(None, found), None)


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
