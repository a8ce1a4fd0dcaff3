"""A page's tree before it is read: what readers see as text and an extractor would take for chrome.

Extractors drop whole kinds of element: controls, figures, paragraphs that are links. Publishers
use them inside articles too. Each rule says what a reader sees, and changes the tree so that it is
read as that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from pipeline import sentences

if TYPE_CHECKING:
    import lxml.html

LINKED_SENTENCE_WORDS = 10
"""Words of a paragraph that is one link, from which it is a sentence of the article: headlines of
other articles are shorter, and end without a full stop."""

MOST_PARTS = 200
MOST_BESIDE = 20
"""Bounds of what is looked at for one element: pages are made to be slow."""

_INLINE = ("time", "button", "label")
_TEXT_BLOCKS = frozenset(("p", "li", "td", "th", "dd", "blockquote", "figcaption"))
_MEDIA = ("img", "picture", "video", "audio", "iframe", "svg", "table", "object", "embed", "canvas")
_NOT_BODY = frozenset(("nav", "aside", "footer", "header", "li", "form"))
_BODY_CLASS = re.compile(
    r"(?:^|[\s_-])(?:article|story|post|entry)[_-]*(?:body|content|text)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


def keep_what_is_read(tree: lxml.html.HtmlElement) -> None:
    """Change the tree in place; linear in its elements."""
    _unwrap_words_of_sentences(tree)
    _unwrap_quotes_in_figures(tree)
    _unwrap_linked_sentences(tree)
    _unwrap_layout_tables(tree)
    _join_parts_of_the_body(tree)


def _unwrap_words_of_sentences(tree: lxml.html.HtmlElement) -> None:
    """A `time`, `button` or `label` between words of one block is one of its words.

    Not one at the end of its block, as in a byline, nor one that stands alone, as controls do.
    """
    for element in list(tree.iter(*_INLINE)):
        block = element.getparent()
        if block is None or block.tag not in _TEXT_BLOCKS:
            continue
        before = element.getprevious()
        told = (block.text if before is None else before.tail) or ""
        if _LETTER.search(told) and _LETTER.search(element.tail or ""):
            element.drop_tag()


def _unwrap_quotes_in_figures(tree: lxml.html.HtmlElement) -> None:
    """A figure of nothing but a quotation is a part of the text."""
    for figure in list(tree.iter("figure")):
        quotes = next(figure.iter("blockquote"), None) is not None
        if quotes and next(figure.iter(*_MEDIA), None) is None:
            figure.tag = "div"
            for name in ("class", "id"):
                figure.attrib.pop(name, None)


def _unwrap_layout_tables(tree: lxml.html.HtmlElement) -> None:
    """A table with one cell a row that holds quotations or lists is a way to set text, no data.

    Not one with links or other tables in it: that is the frame of a page, or a menu.

    An extractor keeps a cell's own words only, not the text after a quotation in it.
    """
    for table in list(tree.iter("table")):
        rows = list(islice(table.iter("tr"), MOST_PARTS))
        is_single = all(sum(1 for _ in row.iterchildren("td", "th")) == 1 for row in rows)
        blocks = next(table.iter("blockquote", "ul", "ol"), None) is not None
        others = sum(1 for _ in table.iter("table")) - 1
        is_frame = others > 0 or next(table.iter("a", "caption", "form"), None) is not None
        if not rows or not is_single or not blocks or is_frame:
            continue
        for part in list(table.iter("table", "thead", "tbody", "tfoot", "tr", "td", "th")):
            part.tag = "div"
        for quote in list(table.iter("blockquote", "ul", "ol")):
            _wrap_tail(quote)


def _wrap_tail(element: lxml.html.HtmlElement) -> None:
    """Make the bare text after an element a paragraph."""
    above = element.getparent()
    if above is None or not _LETTER.search(element.tail or ""):
        return
    paragraph = above.makeelement("p")
    paragraph.text, element.tail = element.tail, None
    above.insert(above.index(element) + 1, paragraph)


def _unwrap_linked_sentences(tree: lxml.html.HtmlElement) -> None:
    """A paragraph that is one link and ends as a sentence is a sentence of the article.

    Where other paragraphs stand beside it; in a list, an aside or a footer it leads elsewhere.
    """
    for link in list(tree.iter("a")):
        paragraph = _sole_paragraph(link)
        if paragraph is None or any(above.tag in _NOT_BODY for above in paragraph.iterancestors()):
            continue
        words = "".join(link.itertext()).split()
        is_sentence = len(words) >= LINKED_SENTENCE_WORDS and sentences.ends(words[-1])
        if is_sentence and _has_prose_beside(paragraph):
            link.drop_tag()


def _sole_paragraph(link: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    """The paragraph that holds nothing but this link, in bold or not."""
    element = link
    while (above := element.getparent()) is not None and len(above) == 1:
        if (above.text or "").strip() or (element.tail or "").strip():
            return None
        if above.tag == "p":
            return above
        if above.tag not in {"strong", "b", "em", "i", "span"}:
            return None
        element = above
    return None


def _has_prose_beside(paragraph: lxml.html.HtmlElement) -> bool:
    """Whether a sibling, or a sibling of its wrapper, holds a paragraph of text without a link."""
    above = paragraph.getparent()
    if above is None:
        return False
    places = (
        [above]
        if len(above) > 1
        else [place for place in (above.getparent(),) if place is not None]
    )
    return any(
        (other.text or "").strip() and sentences.ends("".join(other.itertext()).strip())
        for place in places
        for other in islice(place.iter("p"), MOST_BESIDE)
        if other is not paragraph
    )


def _join_parts_of_the_body(tree: lxml.html.HtmlElement) -> None:
    """Siblings of one class that names a body are the parts of one body, in wrappers alike or not.

    Pages set advertisements between them. Not parts with a heading that is a link: those are
    teasers of other articles; nor one without a sentence: that is a box of something else.
    """
    groups: defaultdict[tuple[object, ...], list[lxml.html.HtmlElement]] = defaultdict(list)
    kept = []  # lxml makes an element's object anew when nothing holds it: its id would change
    for element in tree.iter("div", "section"):
        name = element.get("class") or ""
        if _BODY_CLASS.search(name):
            above = element.getparent()
            is_alone = above is not None and len(above) == 1
            place = above.getparent() if is_alone else above
            kept.append(place)
            groups[id(place), element.tag, name].append(element)
    for first, *rest in groups.values():
        parts = [first, *rest]
        if 0 < len(rest) <= MOST_PARTS and all(map(_is_part, parts)):
            for part in rest:
                first.extend(list(part))


def _is_part(element: lxml.html.HtmlElement) -> bool:
    """Whether an element holds sentences, and no teaser of another article."""
    told = any(sentences.ends("".join(one.itertext()).strip()) for one in element.iter("p"))
    return told and not _is_teaser(element)


def _is_teaser(part: lxml.html.HtmlElement) -> bool:
    headings = part.iter("h1", "h2", "h3", "h4")
    return any(next(heading.iter("a"), None) is not None for heading in headings)
