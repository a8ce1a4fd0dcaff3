"""What the rules on kinds and walls look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.articles.facts.titles import headlines

if TYPE_CHECKING:
    import lxml.html

    from pipeline.articles.facts.json_ld import Linked
    from pipeline.articles.facts.meta_tags import Head

NOTICE_TEXT = 1500
"""Characters of text at most on a page that might be a wall, a teaser, a video or a gallery."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read: `source` is its decoded HTML, `lines` are the article text that was found."""

    tree: lxml.html.HtmlElement
    head: Head
    linked: Linked
    title: str | None
    lines: list[str]
    source: str = ""

    @property
    def length(self) -> int:
        """Characters of article text."""
        return sum(map(len, self.lines))

    @property
    def is_short(self) -> bool:
        """Whether the text is short enough for a page without an article of its own."""
        return self.length <= NOTICE_TEXT

    @property
    def is_dated(self) -> bool:
        """Whether JSON-LD says when the article was published: no wall does."""
        return self.linked.published is not None

    @property
    def og_type(self) -> str:
        """og:type in lower case, or nothing."""
        return (self.head.first("og:type") or "").lower()

    @property
    def says_article(self) -> bool:
        """Whether the head calls the page an article."""
        return "article" in self.og_type or bool(self.head.first("article:published_time"))

    @property
    def names(self) -> list[str]:
        """The headline and all h1."""
        return [name for name in (self.title, *headlines(self.tree)) if name]
