"""The paragraphs of an article, without what the page shows above them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.html
from lxml import etree

from pipeline import text
from pipeline.articles import markup
from pipeline.articles.head import words
from pipeline.articles.titles import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_TEXT = 1_000_000
"""Characters; a longer text is cut and marked as truncated."""

FRONT_LINES = 6
"""Lines at the start of a text that may be headline, dek, byline or date."""

BODY_LINE = 80
"""Characters; a line that stays and is longer begins the body: sub-heads after it are the body's."""

LONGEST_FRONT = 1000
"""Characters; a header element that holds more than this holds the article."""

_BODY_MARK = re.compile(
    r"(?:^|\s)(?:article-?body|(?:article|story|post|entry|news)[_-]*(?:body|content|text))(?:$|\s)",
    re.IGNORECASE,
)
_BREAKS = frozenset(["p", "head", "item", "quote", "row", "lb", "list", "table", "code", "div"])
_FRONT_MARK = re.compile(
    r"(?:^|[\s_-])(?:dek|standfirst|stand-first|sub-?head(?:line|ing)?|sub-?title|by-?line|author|dateline|strapline"
    r"|article-summary|kicker|headline|timestamp|pubdate|published)(?:$|[\s_-])",
    re.IGNORECASE,
)


def joined(lines: list[str]) -> tuple[str, bool]:
    """Return (text, truncated): the lines cleaned and joined, at most LONGEST_TEXT characters."""
    whole = text.clean("\n".join(lines))
    return whole[:LONGEST_TEXT].strip(), len(whole) > LONGEST_TEXT


def paragraphs(body: etree._Element) -> list[str]:
    """Return the lines of trafilatura's result: a paragraph, heading, item or row each.

    Cells of a row are set apart by " | ".
    """
    lines: list[str] = []
    parts: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        starts = event == "start"
        if element.tag in _BREAKS:
            lines.append("".join(parts))
            parts.clear()
        elif element.tag == "cell" and starts and parts:
            parts.append(" | ")
        parts.append((element.text if starts else element.tail) or "")
    lines.append("".join(parts))
    flat = (" ".join(line.split()) for joined in lines for line in joined.split("\n"))
    return [line.strip(" |") for line in flat if line.strip(" |")]


def marked(tree: lxml.html.HtmlElement) -> list[str]:
    """Return the lines of the first element that is marked as the article's body, if there is one."""
    for element in tree.iter("div", "section", "article", "main"):
        marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        if _BODY_MARK.search(marks):
            return markup.lines(lxml.html.tostring(element, encoding="unicode"), chrome=False)
    return []


def without_front(lines: list[str], tree: lxml.html.HtmlElement, title: str | None) -> list[str]:
    """Return `lines` without those at the start that repeat the headline, the dek or the byline.

    Such a line equals the title or the whole text of an h1 or of an element that the page sets apart:
    inside `header` or `hgroup`, or of a class such as dek, standfirst, subtitle, byline, dateline.
    """
    front = set(_front_keys(tree)) | ({key(title)} if title else set())
    kept: list[str] = []
    for number, line in enumerate(lines[:FRONT_LINES]):
        if key(line) not in front:
            kept.append(line)
            if len(line) > BODY_LINE:
                return kept + lines[number + 1 :]
    return kept + lines[FRONT_LINES:]


def _front_keys(tree: lxml.html.HtmlElement) -> Iterator[str]:
    for element in tree.iter(
        "h1", "header", "hgroup", "p", "div", "h2", "h3", "span", "time", "ul"
    ):
        if element.tag in {"h1", "header", "hgroup"} or _FRONT_MARK.search(
            element.get("class") or ""
        ):
            yield from _keys(element)


def _keys(element: lxml.html.HtmlElement) -> Iterable[str]:
    whole = words(element)
    if len(whole) > LONGEST_FRONT:
        return []
    return [
        key(whole),
        *(key(words(part)) for part in element.iter("p", "div", "h2", "h3", "span", "time")),
    ]
