"""The article that a feed entry carries itself, for when pages are not fetched."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from pipeline.articles import body, markup
from pipeline.errors import NoArticleError
from pipeline.model import Article

if TYPE_CHECKING:
    from datetime import datetime

EXTRACTOR = "feed/1"


def from_entry(content: str, url: str, fetched_at: datetime) -> Article:  # noqa: ARG001 - see below
    """Return the article in the HTML or text of an entry: each block one line, no facts.

    Text without any tag keeps its own lines, and HTML that was escaped twice is unescaped once more.
    The facts come from the entry itself, its date too; `fetched_at` is taken as every reader of
    something fetched takes it. Raises NoArticleError no_text when no word is left.
    """
    lines = _lines(content)
    if not markup.has_tags(content) and markup.has_tags(unescaped := html.unescape(content)):
        lines = _lines(unescaped)
    whole, truncated = body.joined(lines)
    if not whole:
        raise NoArticleError("no_text", f"the entry for {url} carries no text")
    return Article(url=url, title=None, text=whole, extractor=EXTRACTOR, truncated=truncated)


def _lines(content: str) -> list[str]:
    return (
        markup.lines(content)
        if markup.has_tags(content)
        else markup.plain_lines(html.unescape(content))
    )
