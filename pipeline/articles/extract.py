"""A page's article: its text as it was read, its facts as the page states them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline import text
from pipeline.articles.facts import json_ld, language, meta_tags, metadata
from pipeline.articles.kinds import non_articles, page_kind, paywalls
from pipeline.articles.kinds.page import Page
from pipeline.articles.text import body, limits, markup, text_extraction
from pipeline.errors import NoArticleError
from pipeline.model import Article, Response

if TYPE_CHECKING:
    from pipeline.articles.facts.metadata import Facts
    from pipeline.articles.kinds.non_articles import Wall
    from pipeline.articles.text.text_extraction import ExtractedText

LONGEST_HEADLINE = 200
"""Characters of the first line of a plain text that is its headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found on a page, before it is decided whether that is an article.

    `shown` are the lines of an article that a paywall lets through: where there is a `wall` and they
    are none, the page has no article.
    """

    page: Page
    facts: Facts
    text: ExtractedText
    wall: Wall | None
    shown: list[str]


def article(page: Response) -> Article:
    """Return the article of a fetched page: its text one paragraph a line, and its facts.

    Of an article behind a paywall that is what the page shows of it (page_kind teaser, access metered).

    Raises NoArticleError: not_html, bad_encoding, no_text, soft_404, paywall, consent_wall, bot_wall
    or listing. Time and memory are not bounded here.
    """
    read = reading(page)
    return read if isinstance(read, Article) else decided(page.url, read)


def reading(page: Response) -> Reading | Article:
    """Return what was found on a page; of plain text, which leaves nothing to find, its article.

    Raises NoArticleError: not_html, bad_encoding, no_text. Time and memory are not bounded here.
    """
    source = markup.source(page)
    if markup.is_plain(page, source):
        return _plain(page.url, source)
    large = limits.is_large(source)
    if large:
        source = limits.without_programs(source)
        large = limits.is_large(source)
    tree = markup.tree(limits.start(source) if large else source)
    if tree is None:
        raise NoArticleError("no_text", f"{page.url} has no element")
    heading = meta_tags.head(tree, page.url)
    linked = json_ld.linked(tree, heading)
    facts = metadata.facts(tree, heading, linked, page.fetched_at)
    found = text_extraction.reading(tree, source, page.url, linked, large=large)
    lines = body.own(found.lines, tree, facts.title, page.url)
    seen = Page(tree, heading, linked, facts.title, lines, source)
    wall = non_articles.wall(seen)
    return Reading(page=seen, facts=facts, text=found, wall=wall, shown=_shown(seen, wall))


def decided(url: str, read: Reading) -> Article:
    """Return the article of a page that was read; raises NoArticleError for a wall in its place."""
    facts, seen = read.facts, read.page
    if read.wall and not read.shown:
        shown = f"title {seen.title!r}, {seen.length} characters of text"
        raise NoArticleError(read.wall.reason, f"{url} shows {read.wall.sign} ({shown})")
    whole, truncated = body.joined(read.shown or seen.lines)
    return Article(
        url=url,
        title=facts.title,
        text=whole,
        authors=facts.authors,
        published_at=facts.published_at,
        published_source=facts.published_source,
        dates=facts.dates,
        description=facts.description,
        language=language.plainly(whole, facts.language) or facts.language,
        declared_language=facts.language,
        image_url=facts.image_url,
        tags=facts.tags,
        section=facts.section,
        page_kind="teaser" if read.shown else page_kind.page_kind(seen),
        canonical_url=facts.canonical_url,
        extractor=read.text.extractor,
        truncated=truncated,
        access="metered" if read.shown or paywalls.is_teaser(seen) else paywalls.access(seen),
    )


def _plain(url: str, source: str) -> Article:
    """A text/plain page: its lines are the paragraphs, the first one the title.

    A first line too long for a headline is the first paragraph too.
    """
    lines = markup.plain_lines(source)
    titled = len(lines) > 1 and len(lines[0]) <= LONGEST_HEADLINE
    whole, truncated = body.joined(lines[1:] if titled else lines)
    if not whole:
        raise NoArticleError("no_text", f"{url} is empty")
    title = text.line(lines[0], metadata.LONGEST_TITLE)
    return Article(url=url, title=title, text=whole, extractor="plain/1", truncated=truncated)


def _shown(page: Page, wall: Wall | None) -> list[str]:
    """The lines of an article that a paywall lets through; nothing of a page without a paywall."""
    if wall is None or wall.reason != "paywall":
        return []
    lines = body.separated(page.lines, page.source)
    own = body.own(lines, page.tree, page.title, page.head.url)
    return paywalls.teaser(replace(page, lines=own))
