"""What a worker does with a page, in one trip: its article, what recognises it, its packed bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline import packing
from pipeline.articles import extract
from pipeline.articles.facts import merge
from pipeline.articles.text import feed_text
from pipeline.stories import signature

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import Article, EntryFacts, PackedBody, Response, Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page that was read: the article with what only its feeds said, and what is stored of it."""

    article: Article
    signature: Signature
    packed: PackedBody | None


def page(response: Response, entries: Sequence[EntryFacts]) -> ReadPage:
    """Return what a fetched page says.

    Raises:
        NoArticleError: there is no article on it.
    """
    read = _read(extract.article(response), entries)
    return replace(read, packed=packing.packed(response.body))


def from_feed(carried: str, url: str, now: datetime, entries: Sequence[EntryFacts]) -> ReadPage:
    """Return the article as its feeds carry it, a summary too.

    Raises:
        NoArticleError: there is no text in what they carry.
    """
    return _read(feed_text.from_entry(carried, url, now), entries)


def whole_from_feed(
    content: str, summary: str, url: str, entries: Sequence[EntryFacts]
) -> ReadPage:
    """Return the article of a feed that carries the whole of it.

    Raises:
        NoArticleError: what it carries is a summary.
    """
    return _read(feed_text.whole(content, summary, url), entries)


def _read(article: Article, entries: Sequence[EntryFacts]) -> ReadPage:
    whole = merge.completed(article, entries)
    return ReadPage(article=whole, signature=signature.of(whole.text), packed=None)
