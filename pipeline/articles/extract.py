"""A page's article: its text by trafilatura, its facts as the page states them.

The only home of trafilatura. Its default mode: `fast=True` costs .6 to 2.1 points of F1,
`favor_precision` up to 8.6 on pages that are not news (dev halves of six corpora).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import trafilatura
from trafilatura.settings import Document

from pipeline import text
from pipeline.articles import body, head, json_ld, kind, markup, metadata
from pipeline.errors import NoArticleError
from pipeline.model import Article, Response

if TYPE_CHECKING:
    import lxml.html

SHORT_TEXT = 250
"""Characters; with less than this trafilatura may have missed the article."""

MUCH_LONGER = 3
"""How many times longer than trafilatura's text prose found by nothing but line length must be."""

PROSE_LINE = 80
"""Characters from which a line is prose rather than navigation."""

TRAFILATURA = f"trafilatura/{version('trafilatura')}"

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a step writes no log line
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    lines: list[str]
    extractor: str


def article(page: Response) -> Article:
    """Return the article of a fetched page: its text one paragraph a line, and its facts.

    Raises NoArticleError: not_html, bad_encoding, no_text, soft_404, paywall, consent_wall, bot_wall
    or listing. Time and memory are not bounded here.
    """
    source = markup.source(page)
    if markup.is_plain(page, source):
        return _plain(page.url, source)
    tree = markup.tree(source)
    if tree is None:
        raise NoArticleError("no_text", f"{page.url} has no element")
    heading = head.head(tree, page.url)
    linked = json_ld.linked(tree)
    facts = metadata.facts(tree, heading, linked, page.fetched_at)
    found = _text(tree, source, page.url, linked)
    lines = body.without_front(found.lines, tree, facts.title)
    seen = kind.Page(tree, heading, linked, facts.title, lines)
    _refuse_walls(page.url, seen, source)
    whole, truncated = body.joined(lines)
    return Article(
        url=page.url,
        title=facts.title,
        text=whole,
        authors=facts.authors,
        published_at=facts.published_at,
        published_source=facts.published_source,
        description=facts.description,
        language=facts.language,
        image_url=facts.image_url,
        tags=facts.tags,
        section=facts.section,
        page_kind=kind.page_kind(seen),
        canonical_url=facts.canonical_url,
        extractor=found.extractor,
        truncated=truncated,
    )


def _plain(url: str, source: str) -> Article:
    """A text/plain page: its lines are the paragraphs, the first one the title."""
    lines = markup.plain_lines(source)
    whole, truncated = body.joined(lines[1:] or lines)
    if not whole:
        raise NoArticleError("no_text", f"{url} is empty")
    title = text.line(lines[0], metadata.LONGEST_TITLE)
    return Article(url=url, title=title, text=whole, extractor="plain/1", truncated=truncated)


def _text(tree: lxml.html.HtmlElement, source: str, url: str, linked: json_ld.Linked) -> _Text:
    """Trafilatura's text; where that is next to nothing, another reading.

    In this order: the element marked as the body (of texts under 250 characters trafilatura makes one
    line with the headline in it), JSON-LD's articleBody if longer, the long lines of the source.
    """
    found = _Text(lines=_by_trafilatura(tree, url), extractor=TRAFILATURA)
    if _length(found.lines) >= SHORT_TEXT:
        return found
    marked = body.marked(tree)
    if marked and all(line in " ".join(found.lines) for line in marked):
        return _Text(lines=marked, extractor="marked/1")
    linked_lines = markup.lines(linked.body or "")
    if _length(linked_lines) > _length(found.lines):
        return _Text(lines=linked_lines, extractor="json_ld/1")
    prose = [line for line in markup.lines(source, chrome=False) if len(line) >= PROSE_LINE]
    if _length(prose) > max(SHORT_TEXT, MUCH_LONGER * _length(found.lines)):
        return _Text(lines=prose, extractor="blocks/1")
    return found


def _by_trafilatura(tree: lxml.html.HtmlElement, url: str) -> list[str]:
    try:
        found = trafilatura.bare_extraction(tree, url=url, include_comments=False)
    except Exception:  # noqa: BLE001 - a parser of hostile input: what it cannot read has no text
        return []
    return body.paragraphs(found.body) if isinstance(found, Document) else []


def _refuse_walls(url: str, page: kind.Page, source: str) -> None:
    shown = markup.lines(source) if _length(page.lines) <= kind.NOTICE_TEXT else []
    reason = kind.wall(page, shown)
    if reason:
        raise NoArticleError(
            reason, f"{url} shows {page.title!r} and {_length(page.lines)} characters"
        )


def _length(lines: list[str]) -> int:
    return sum(map(len, lines))
