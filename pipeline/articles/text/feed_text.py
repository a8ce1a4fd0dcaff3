"""The article that a feed entry carries itself: where pages are not fetched, or gave no text."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from pipeline import sentences, text
from pipeline.articles.text import body, markup
from pipeline.errors import NoArticleError
from pipeline.model import Article

if TYPE_CHECKING:
    from datetime import datetime

EXTRACTOR = "feed/1"

LEAST_PROSE = 250
"""Characters of prose in a text that can stand in for a page's."""

LEAST_WORDS = 80
"""The same in words, for scripts of one character a word."""

LEAST_LINE = 80
"""Characters of a line that is prose without a full stop at its end."""

LEAST_OF_SUMMARY = 2
"""Paragraphs that tell a whole text in the place of a summary from a summary."""

# Feeds that give the beginning only end it so; a line about the source may follow.
_CUT = re.compile(
    r"(?:…|\.\.\.)[\W_]*[^.!?]{0,40}$"
    r"|^\W*(?:continue reading|read (?:more|on)|weiterlesen|mehr lesen|lire (?:la suite|plus)|leer más|seguir leyendo|continua a leggere|leggi tutto|leia mais|lees (?:verder|meer)|читать далее|czytaj (?:dalej|więcej))\b",
    re.IGNORECASE,
)


def from_entry(content: str, url: str, fetched_at: datetime) -> Article:  # noqa: ARG001 - see below
    """Return the article in the HTML or text of an entry: each block one line, no facts.

    Text without any tag keeps its own lines, and HTML that was escaped twice is unescaped once more.
    The facts come from the entry itself, its date too; `fetched_at` is taken as every reader of
    something fetched takes it. Raises NoArticleError no_text when no word is left.
    """
    article = _article(content, url)
    if not article.text:
        raise NoArticleError("no_text", f"the entry for {url} carries no text")
    return article


def whole(content: str, summary: str, url: str) -> Article:
    """Return the article that an entry carries whole, for a page that gave none.

    The content counts, and a summary of several paragraphs: feeds without contents put their texts
    there. Raises NoArticleError no_text for less than some sentences, and for an excerpt.
    """
    article = _article(content, url)
    if not _is_whole(article.text, least_lines=1):
        article = _article(summary, url)
        if not _is_whole(article.text, least_lines=LEAST_OF_SUMMARY):
            raise NoArticleError("no_text", f"the entry for {url} carries no whole text")
    return article


def _is_whole(carried: str, *, least_lines: int) -> bool:
    lines = carried.split("\n")
    prose = [line for line in lines if len(line) >= LEAST_LINE or sentences.ends(line)]
    if len(prose) < least_lines or any(_CUT.search(line) for line in lines[-2:]):
        return False
    long_enough = sum(map(len, prose)) >= LEAST_PROSE
    return long_enough or text.word_count("\n".join(prose)) >= LEAST_WORDS


def _article(content: str, url: str) -> Article:
    lines = _lines(content)
    if not markup.has_tags(content) and markup.has_tags(unescaped := html.unescape(content)):
        lines = _lines(unescaped)
    joined, truncated = body.joined(lines)
    return Article(url=url, title=None, text=joined, extractor=EXTRACTOR, truncated=truncated)


def _lines(content: str) -> list[str]:
    return (
        markup.lines(content)
        if markup.has_tags(content)
        else markup.plain_lines(html.unescape(content))
    )
