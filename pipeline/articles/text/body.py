"""The paragraphs of an article, without its headline and without pointers to other articles."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree

from pipeline import text
from pipeline.articles.facts.meta_tags import leads_on, words
from pipeline.articles.facts.titles import key
from pipeline.articles.text import markup

LONGEST_TEXT = 1_000_000
"""Characters; a longer text is cut and marked as truncated."""

FRONT_LINES = 6
"""Lines at the start of a text among which the headline may stand once more."""

BODY_LINE = 80
"""Characters; a line that stays and is longer begins the body: what follows is the body's."""

LABEL_WORDS = 3
"""Words at most of a label before a link, as in "Read more: ..."."""

POINTER_WORDS = 4
"""Words of a link from which it is another article's headline; a shorter one may be a sub-head."""

REPEATED = "\N{INVISIBLE SEPARATOR}"
"""What tells a paragraph from an equal one before it; it is in no line."""

_BODY_MARK = re.compile(
    r"(?:^|\s)(?:article-?body|(?:article|story|post|entry|news)[_-]*(?:body|content|text))(?:$|\s)",
    re.IGNORECASE,
)
_LINES = frozenset(["p", "head", "item", "cell"])
_BREAKS = frozenset(["p", "head", "item", "quote", "row", "lb", "list", "table", "code", "div"])


def joined(lines: list[str]) -> tuple[str, bool]:
    """Return (text, truncated): the lines cleaned and joined, at most LONGEST_TEXT characters."""
    whole = text.readable("\n".join(lines))
    return whole[:LONGEST_TEXT].strip(), len(whole) > LONGEST_TEXT


def paragraphs(body: etree._Element) -> list[str]:
    """Return the lines of trafilatura's result: a paragraph, heading, item or row each.

    Cells of a row are set apart by " | ". Code inside a paragraph is a part of its line.
    """
    lines: list[str] = []
    parts: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        starts = event == "start"
        if element.tag == "code" and _is_inline(element):
            parts.append(" " * (starts and _follows_code(element)))
        elif element.tag in _BREAKS:
            lines.append("".join(parts))
            parts.clear()
        elif element.tag == "cell" and starts and parts:
            parts.append(" | ")
        parts.append((element.text if starts else element.tail) or "")
    lines.append("".join(parts))
    shown = "\n".join(lines).replace(REPEATED, "")
    flat = (" ".join(line.split()) for line in shown.split("\n"))
    return [line.strip(" |") for line in flat if line.strip(" |")]


def _is_inline(element: etree._Element) -> bool:
    """Whether it is code within a line of text; a block of code has lines of its own."""
    above = element.getparent()
    within = above is not None and above.tag in _LINES
    return within and len(element) == 0 and "\n" not in (element.text or "")


def _follows_code(element: etree._Element) -> bool:
    before = element.getprevious()
    return before is not None and before.tag == "code" and not before.tail


def marked(tree: lxml.html.HtmlElement) -> list[str]:
    """Return the lines of the first element that is marked as the article's body, if there is one."""
    for element in tree.iter("div", "section", "article", "main"):
        marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        if _BODY_MARK.search(marks):
            return markup.lines(lxml.html.tostring(element, encoding="unicode"), chrome=False)
    return []


def separated(lines: list[str], source: str) -> list[str]:
    """Return the lines of the page's blocks that one line is made of; `lines` where it is not.

    Of a text under 250 characters trafilatura makes one line, with the headline in it.
    """
    if len(lines) != 1:
        return lines
    rest, parts = lines[0], []
    for block in markup.lines(source):
        if rest.startswith(block):
            parts.append(block)
            rest = rest[len(block) :].lstrip()
    return lines if rest else parts


def own(lines: list[str], tree: lxml.html.HtmlElement, title: str | None, url: str) -> list[str]:
    """Return `lines` without the headline at their start, and without lists of other articles around the body.

    Such a list is made of lines that are nothing but a link to another page of the same site, with a label of
    up to three words before it or without; it stands before the first paragraph or after the last. Not on a
    page that is mostly such lines: that is a list itself. Links between paragraphs stay,
    as readers meet them, and so do descriptions and bylines (bench/RESULTS.md).
    """
    body = _without_headline(lines, tree, title)
    links = _links(tree, url, {_target(line) for line in body} | set(body))
    own = [line not in links and _target(line) not in links for line in body]
    paragraphs = [at for at, line in enumerate(body) if own[at] and len(line) > BODY_LINE]
    inside = range(paragraphs[0], paragraphs[-1]) if paragraphs else range(0)
    kept = [line for at, line in enumerate(body) if own[at] or at in inside]
    return kept if 2 * sum(map(len, kept)) > sum(map(len, body)) else body


def _without_headline(
    lines: list[str], tree: lxml.html.HtmlElement, title: str | None
) -> list[str]:
    headlines = {key(words(heading)) for heading in tree.iter("h1")} | {key(title or "")}
    kept: list[str] = []
    for number, line in enumerate(lines[:FRONT_LINES]):
        if key(line) not in headlines:
            kept.append(line)
            if len(line) > BODY_LINE:
                return kept + lines[number + 1 :]
    return kept + lines[FRONT_LINES:]


def _links(tree: lxml.html.HtmlElement, url: str, wanted: set[str]) -> set[str]:
    """Those of `wanted` that are headlines linked to other pages of the site."""
    found: set[str] = set()
    for link in tree.iter("a"):
        shown = " ".join(link.text_content().split())
        if shown in wanted and len(shown.split()) >= POINTER_WORDS and leads_on(link, url):
            found.add(shown)
    return found


def _target(line: str) -> str:
    """What stands after a label, or the line."""
    label, _, rest = line.partition(":")
    return rest.strip() if rest and len(label.split()) <= LABEL_WORDS else line
