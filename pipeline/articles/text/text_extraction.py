"""A page's text: by trafilatura, and by plainer readings where that cannot be had.

The only home of trafilatura. Its default mode compares its own reading with readability's and
justext's, which is dear: that is asked for only where it could win (`_is_sure`). Figures are in
bench/RESULTS.md.
"""

from __future__ import annotations

import logging
import re
from copy import copy
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import trafilatura
from lxml import etree
from trafilatura.settings import Document, use_config

from pipeline import text
from pipeline.articles.text import body, limits, markup, preparation, script_data

if TYPE_CHECKING:
    import lxml.html

    from pipeline.articles.facts.json_ld import Linked

SHORT_TEXT = 250
"""Characters; with less than this trafilatura may have missed the article."""

SURE_TEXT = 750
"""Characters of paragraphs from which trafilatura rests on its own reading alone."""

LONG_TEXT = 3000
"""Characters from which trafilatura does not ask what share of the page its text is."""

MUCH_LONGER = 3
"""How many times longer than trafilatura's text prose found by nothing but line length must be."""

FAR_SHORTER = 2
"""How many times longer articleBody is than the part of it that the page shows."""

TRAFILATURA = f"trafilatura/{version('trafilatura')}"
FAST = f"trafilatura-fast/{version('trafilatura')}"

# What trafilatura takes for a sign that its own reading went wrong, when it is left in the text.
_UNCLEAN = (
    "aside",
    "audio",
    "button",
    "fieldset",
    "figure",
    "footer",
    "iframe",
    "input",
    "label",
    "link",
    "nav",
    "noindex",
    "noscript",
    "object",
    "option",
    "select",
    "source",
    "svg",
    "time",
)

# What trafilatura takes off by itself, before it reads.
_NEVER_TEXT = (
    "head",
    "script",
    "style",
    "noscript",
    "svg",
    "iframe",
    "object",
    "embed",
    "canvas",
    "video",
    "audio",
    "picture",
    "map",
    "nav",
    "footer",
    "aside",
    "dialog",
    "menu",
    "button",
    "input",
    "select",
    "textarea",
    "datalist",
    "fieldset",
    "label",
    "link",
)
_CHROME = ("a", "header", "form", "figure")
_BLOCK = re.compile(r"</?(?:p|br|div|li|h[1-6]|tr|blockquote)\b", re.IGNORECASE)
_NO_LETTERS = re.compile(r"\W+")
_NO_RESCUE = use_config()
_NO_RESCUE.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a step writes no log line


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedText:
    """A text as its lines, a paragraph each; `extractor` is the way it was read and its version.

    `why` says in a sentence why this way was taken.
    """

    lines: list[str]
    extractor: str
    why: str = ""

    @property
    def length(self) -> int:
        """Characters of all lines."""
        return sum(map(len, self.lines))


def reading(
    tree: lxml.html.HtmlElement, source: str, url: str, linked: Linked, *, large: bool = False
) -> ExtractedText:
    """Return the text of the page.

    Of a page too `large` or too deep the lines of the source that are prose. Of another one
    trafilatura's; where that is next to nothing the first of these that has more: the element marked
    as the body (of texts under 250 characters trafilatura makes one line with the headline in it),
    JSON-LD's articleBody, the data of the scripts, the prose of the source. JSON-LD's articleBody
    and the data of the scripts also where the page shows only a part of it.
    """
    large = large or limits.is_tangled(tree)
    found = by_lines(source) if large else _by_trafilatura(tree, url)
    article_body = linked.body or ""
    is_longer = len(article_body) > found.length or len(found.lines) == 1
    told = ExtractedText(lines=_told(article_body) if is_longer else [], extractor="json_ld/1")
    whole = _whole_of_part(found, told, tree, large=large)
    if whole is not None:
        return whole
    if told.lines and _is_told(found, told, source):
        return _because(told, "the page shows nothing but articleBody, as one line", found)
    if found.length >= SHORT_TEXT:
        return _because(found, "the page is read by its lines" if large else "enough text", told)
    if large:
        longest, other = (told, found) if told.length > found.length else (found, told)
        return _because(longest, "the longer text of a page too large to be read as a whole", other)
    return _recovered(tree, source, found, told)


def _whole_of_part(
    found: ExtractedText, told: ExtractedText, tree: lxml.html.HtmlElement, *, large: bool
) -> ExtractedText | None:
    """The whole text, where the page shows a part of it and its data holds the rest."""
    if told.lines and _shows_part(found, told):
        return _because(told, "articleBody is far longer than the part that the page shows", found)
    if large or found.length >= LONG_TEXT:
        return None
    carried = ExtractedText(lines=script_data.lines(tree), extractor="script_data/1")
    if not _shows_part(found, carried):
        return None
    because = "the scripts' data is far longer than the part that the page shows"
    return _because(carried, because, found)


def _recovered(
    tree: lxml.html.HtmlElement, source: str, found: ExtractedText, told: ExtractedText
) -> ExtractedText:
    marked = body.marked(tree)
    if marked and all(line in " ".join(found.lines) for line in marked):
        taken = ExtractedText(lines=marked, extractor="marked/1")
        return _because(taken, "a short text, all of it in the element marked as the body", found)
    if told.length > found.length:
        return _because(told, "articleBody is longer than the little text of the page", found)
    carried = ExtractedText(lines=script_data.lines(tree), extractor="script_data/1")
    if carried.length > max(SHORT_TEXT, found.length):
        return _because(carried, "the page shows next to nothing of what its scripts hold", found)
    long = by_lines(source)
    if long.length > max(SHORT_TEXT, MUCH_LONGER * found.length):
        return _because(long, "its lines hold much more prose than was found otherwise", found)
    return _because(found, "next to no text, and no other way has more", told, carried, long)


def _because(taken: ExtractedText, reason: str, *others: ExtractedText) -> ExtractedText:
    """The text with the reason why it was taken, and how much the other ways had found."""
    found = [f"{one.extractor} {one.length}" for one in (taken, *others) if one.length]
    counted = f" (characters: {', '.join(found)})" if found else ""
    return replace(taken, why=reason + counted)


def by_lines(source: str) -> ExtractedText:
    """Return the prose of a page outside navigation, footers and links; read in linear time."""
    return ExtractedText(lines=markup.prose(source), extractor="blocks/1")


def _told(article_body: str) -> list[str]:
    """The lines of an articleBody: HTML, or text that may have tags within its lines."""
    if not markup.has_tags(article_body):
        return markup.plain_lines(article_body)
    is_html = _BLOCK.search(article_body)
    return markup.lines(article_body if is_html else article_body.replace("\n", "<br>"))


def _shows_part(found: ExtractedText, told: ExtractedText) -> bool:
    """Whether articleBody is far longer than the text and has most of it."""
    if told.length < FAR_SHORTER * found.length or not found.length:
        return False
    whole = _letters(" ".join(told.lines))
    return 2 * sum(len(line) for line in found.lines if _letters(line) in whole) > found.length


def _is_told(found: ExtractedText, told: ExtractedText, source: str) -> bool:
    """Whether the text is articleBody, which trafilatura takes itself, as one line, on an empty page."""
    if len(found.lines) != 1 or not all(line in found.lines[0] for line in told.lines):
        return False
    return len(told.lines) > 1 or found.lines[0] not in markup.lines(source)


def _letters(shown: str) -> str:
    return _NO_LETTERS.sub("", shown)


def _by_trafilatura(tree: lxml.html.HtmlElement, url: str) -> ExtractedText:
    for cell in tree.iter("td", "th"):  # layout: 300 cells of 65,000 rows and columns take minutes
        cell.attrib.pop("rowspan", None)
        cell.attrib.pop("colspan", None)
    _tell_apart(tree)
    preparation.keep_what_is_read(tree)
    etree.strip_tags(tree, "q")  # within a line; trafilatura would take it for a quote of its own
    rest = copy(tree)
    etree.strip_elements(rest, *_NEVER_TEXT, with_tail=False)
    quick = _extracted(rest, url, fast=True, config=_NO_RESCUE)
    if quick is not None and _is_sure(quick, rest):
        return ExtractedText(lines=body.paragraphs(quick), extractor=FAST)
    whole = _extracted(tree, url)
    return ExtractedText(
        lines=[] if whole is None else body.paragraphs(whole), extractor=TRAFILATURA
    )


def _tell_apart(tree: lxml.html.HtmlElement) -> None:
    """Mark a paragraph that repeats the one before it: trafilatura would drop it."""
    for paragraph in tree.iter("p"):
        before = paragraph.getprevious()
        if before is not None and before.tag == "p" and _flat(before) == _flat(paragraph):
            paragraph.text = body.REPEATED + text.clean(paragraph.text or "")


def _extracted(tree: lxml.html.HtmlElement, url: str, **options: Any) -> etree._Element | None:
    try:
        found = trafilatura.bare_extraction(tree, url=url, include_comments=False, **options)
    except Exception:  # noqa: BLE001 - a parser of hostile input: what it cannot read has no text
        return None
    return found.body if isinstance(found, Document) else None


def _is_sure(found: etree._Element, rest: lxml.html.HtmlElement) -> bool:
    """Whether trafilatura's default mode would return the same (its rules, read from 2.3.1).

    It prefers readability's text only if that is more than twice as long, or its own is unclean,
    mostly tables or without paragraphs; it tries again where a short text is under a fifth of the
    page, and takes what is half as long again. Links and headers are taken off `rest`: readability leaves out what is dense with links.
    """
    length, shown = len(_flat(found)), len(_flat(rest))
    paragraphs, tables = (sum(1 for _ in found.iter(tag)) for tag in ("p", "table"))
    unclean = next(found.iter(*_UNCLEAN), None) is not None
    if length < SURE_TEXT or unclean or tables > paragraphs:
        return False
    etree.strip_elements(rest, *_CHROME, with_tail=False)
    told = sum(len(_flat(paragraph)) for paragraph in rest.iter("p"))
    prose = len(_flat(rest))
    covers = length >= LONG_TEXT or length >= 0.2 * shown or prose <= 1.5 * length
    return told >= SURE_TEXT and covers and prose <= 2 * length


def _flat(element: etree._Element) -> str:
    return " ".join(
        etree.tostring(element, method="text", encoding="unicode", with_tail=False).split()
    )
