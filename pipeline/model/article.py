"""What a page says, and where its article stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from pipeline.model.story import Signature


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A time of publication, and who states it: one of the closed list published_source."""

    source: str
    stated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, extracted and normalized. `text` has one paragraph a line.

    `extractor` is `path/package-version`: the way the text was found. `published_source` is one
    of json_ld, meta, page_text, url (feed and feed_updated are decided where the feed is known).
    `dates` has each source that states a date once, the one believed first.
    `truncated` is true when our caps cut the text.
    """

    url: str
    title: str | None
    text: str
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_source: str | None = None
    dates: tuple[StatedDate, ...] = ()
    description: str | None = None
    language: str | None = None
    image_url: str | None = None
    tags: tuple[str, ...] = ()
    section: str | None = None
    page_kind: str | None = None
    canonical_url: str | None = None
    extractor: str = ""
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DueArticle:
    """An article that was claimed: its place in the queue, and what its feeds' settings say.

    `fetch_pages` is None unless a feed that shows it has a setting of its own.
    """

    article_id: int
    url: str
    host: str
    due_at: datetime
    lease_token: UUID
    stage: str
    outcome: str
    attempts: int
    deaths: int
    expiries: int
    unchanged_checks: int
    failing_since: datetime | None
    fetched_at: datetime | None
    first_fetched_at: datetime | None
    fetch_pages: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """What one entry said of an article: the feed's side of the facts."""

    url: str | None
    title: str | None
    summary: str | None
    content: str | None
    authors: list[str]
    language: str | None
    published_at: datetime | None
    feed_updated_at: datetime | None
    categories: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A text that the article had; `title` and `text` are given where they are to be compared."""

    digest: bytes
    is_current: bool
    seen_at: datetime
    title: str | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """A text to be stored: the article, what recognises it, and how it differs from the last.

    `change_kind` is None when no revision is to be shown; the present one takes a wording that is
    newer all the same. `signature` and `changed_at` are None when headline and text are exactly the
    present ones. `is_newest` is false for an answer older than the one that gave the present text,
    `is_returning` true when an earlier revision has exactly this headline and text.
    """

    article: Article
    digest: bytes
    signature: Signature | None
    word_count: int
    site: str
    text_source: str
    fetched_at: datetime
    change_kind: str | None
    changed_at: datetime | None
    is_newest: bool
    is_returning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLook:
    """What the queue remembers of an article and when it is asked for next (None: never)."""

    outcome: str
    due_at: datetime | None
    stage: str = "recheck"
    attempts: int = 0
    deaths: int = 0
    unchanged_checks: int = 0
    reason: str | None = None
    message: str | None = None
    failing_since: datetime | None = None
    failed_at: datetime | None = None
