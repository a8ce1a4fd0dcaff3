"""What asking and reading can come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.errors import IngestError
    from pipeline.feeds.identity.parsed_feed import ParsedFeed
    from pipeline.model import Article, PackedBody, Response, Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Nothing came, or nothing in it; `response` is what did come.

    `instead` is the article as its feeds carry it, for want of one that has its page's text.
    """

    error: IngestError
    at: datetime
    response: Response | None = None
    instead: PageRead | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """What we have already: a 304 (not_modified), or the same bytes again (unchanged)."""

    response: Response
    outcome: str

    @property
    def at(self) -> datetime:
        """When the answer came."""
        return self.response.fetched_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap that an index named, as it was asked for: what came, what went wrong."""

    url: str
    at: datetime
    response: Response | None
    error: IngestError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRead:
    """A document that differs from the last one, with the sitemaps asked for if it is an index."""

    response: Response
    parsed: ParsedFeed
    children: tuple[Child, ...] = ()

    @property
    def at(self) -> datetime:
        """When the answer came."""
        return self.response.fetched_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """An article; `response` is None when its text is the feed's own.

    `packed` is the body of the answer as it is kept, where a worker has packed it.
    """

    article: Article
    signature: Signature
    at: datetime
    response: Response | None
    packed: PackedBody | None = None
