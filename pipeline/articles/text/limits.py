"""What no page may do to its readers: the sizes beyond which it is cut, or read line by line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    import lxml.html

LONGEST_DATA_URI = 1000
"""Characters; longer ones are pictures and fonts. A 19 MB one before the text loses the text."""

LONGEST_TAG = 3000
"""Characters of a tag, or MOST_EQUALS of a page, from which attributes are counted."""

MOST_EQUALS = 20_000

MOST_ATTRIBUTES = 100
"""Attributes of a tag; where there are more all are left out: libxml2 compares each with each, and
what reads the tree takes minutes over thousands."""

LONGEST_DATA = 3_000_000
"""Characters of a script of data at most that is looked at."""

MOST_TAGS = 40_000
"""Tags of a page from which it is read line by line: the largest of 1,484 real ones has 20,000, and
what builds a tree of it and walks about in it is slower than linear."""

LARGEST = 5_000_000
"""Characters of a page, without its programs, from which it is read line by line."""

MOST_STEPS = 10_000_000
"""Elements of a page times its levels of nesting from which it is read line by line: trafilatura
asks of each level what is below it."""

LINK_STEPS = 30
"""Elements that a link is as slow as (5 s for 3,000 links below 1,900 levels)."""

DEEPEST = 2048
"""Nested elements at which libxml2 gives up a tree: what is below is not in it."""

_ELEMENTS = etree.XPath("count(//*)")
_LINKS = etree.XPath("count(//a)")
_CROWDED = re.compile(
    r"(<[a-zA-Z][\w-]*+)"
    r"(?:[\s/]+[^\s=<>\"'/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"']++))?+)"
    rf"{{{MOST_ATTRIBUTES + 1},}}+[\s/]*+>?"
)
_SCRIPT = re.compile(r"<script\b([^<>]*)>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_DATA_URI = re.compile(r"data:[^\s\"'<>()]*")


def short(decoded: str) -> str:
    """Return the page without long data URIs and without the attributes of tags that have too many."""
    cut = _DATA_URI.sub(_short_uri, decoded)
    long = (f"<{part}" for part in cut.split("<") if len(part) > LONGEST_TAG)
    if cut.count("=") > MOST_EQUALS or any(map(_CROWDED.match, long)):
        return _CROWDED.sub(r"\1>", cut)
    return cut


def without_programs(decoded: str) -> str:
    """Return the page without the text of its scripts but data of up to LONGEST_DATA characters."""
    kept: list[str] = []
    at = 0
    while (begin := _SCRIPT.search(decoded, at)) and (
        end := _SCRIPT_END.search(decoded, begin.end())
    ):
        is_data = "json" in begin.group(1).lower() and end.start() - begin.end() <= LONGEST_DATA
        kept.append(decoded[at : end.start() if is_data else begin.end()])
        at = end.start()
    return "".join((*kept, decoded[at:]))


def is_large(decoded: str) -> bool:
    """Whether the page is too large for a tree of all of it; `start` is what one is made of."""
    return len(decoded) > LARGEST or decoded.count("<") > MOST_TAGS


def start(decoded: str) -> str:
    """Return the first MOST_TAGS tags of the page, at most LARGEST characters: its head and more."""
    return "<".join(decoded[:LARGEST].split("<", MOST_TAGS + 1)[: MOST_TAGS + 1])


def is_tangled(tree: lxml.html.HtmlElement) -> bool:
    """Whether a page is too deep for a tree, or too much stands deep on it to look at each level."""
    elements, links = (int(float(str(count(tree)))) for count in (_ELEMENTS, _LINKS))
    too_deep = min(MOST_STEPS // (elements + LINK_STEPS * links) + 1, DEEPEST)
    return elements >= too_deep and bool(tree.getroottree().xpath("/*" * too_deep))


def _short_uri(uri: re.Match[str]) -> str:
    return uri.group() if uri.end() - uri.start() <= LONGEST_DATA_URI else "data:,"
