"""What a page says, and where its article stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from pipeline.model.story import Signature
    from pipeline.reasons import Reason


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
    `language` is that of the text, `declared_language` what the page, or else a feed, says it is.
    `truncated` is true when our caps cut the text. `access` is metered where the text is a teaser of an
    article that is not free, free where the page says that everybody may read it, else None.
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
    declared_language: str | None = None
    image_url: str | None = None
    tags: tuple[str, ...] = ()
    section: str | None = None
    page_kind: str | None = None
    canonical_url: str | None = None
    extractor: str = ""
    truncated: bool = False
    access: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleState:
    """An article's place in the queue: claimed, decided anew, and written as one value.

    `due_at` is None when nothing is planned (stage done). `attempts` counts claims that were worked
    on since the last success, `deaths` the workers that its page killed, `expiries` the leases
    that ended unfinished, `unchanged_checks` the checks in a row that found no change.
    """

    stage: str
    outcome: str
    due_at: datetime | None
    attempts: int = 0
    deaths: int = 0
    expiries: int = 0
    unchanged_checks: int = 0
    reason: Reason | None = None
    message: str | None = None
    failing_since: datetime | None = None
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueArticle:
    """An article that was claimed: its state, its text's origin, and what its feeds' settings say.

    `url_key` is the comparison key that the article has owned since it was found. `text_source` is
    None while it has no text, `access` that of the text. `fetch_pages` is None unless a feed that shows it has a setting.
    """

    article_id: int
    url: str
    url_key: str
    host: str
    due_at: datetime
    lease_token: UUID
    state: ArticleState
    fetched_at: datetime | None = None
    first_fetched_at: datetime | None = None
    text_source: str | None = None
    access: str | None = None
    fetch_pages: bool | None = None

    @property
    def item_id(self) -> int:
        """The id among the items of its queue."""
        return self.article_id

    @property
    def has_whole_page(self) -> bool:
        """Whether its text is its page's, and more than what a paywall shows."""
        return self.text_source == "page" and self.access != "metered"


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
    `revision_count` is how many revisions the article has with this text.
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
    revision_count: int
    is_returning: bool = False
