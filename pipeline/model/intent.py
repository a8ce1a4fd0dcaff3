"""What a decision may look at, and what it says is to be written.

`pipeline.storage` loads facts and applies intents, and holds no rule; `pipeline.decide` makes an
intent of a claim, an outcome and the facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model.article import ArticleState, ArticleText, DueArticle, Revision
    from pipeline.model.feed import Poll, Rejected
    from pipeline.model.feed_state import DueFeed, FeedState, NextPoll
    from pipeline.model.web import FetchRecord, HostHold, Response


@dataclass(frozen=True, slots=True)
class Claimant:
    """An article that owns one of a page's addresses.

    `may_get_text`: it waits for its first answer, or somebody is asking for it now.
    """

    article_id: int
    alias_of: int | None
    has_text: bool
    may_get_text: bool
    is_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What the decision on a page looks at, read in the transaction that writes.

    `revisions` are the article's texts in the order seen; the present one and those next to the
    answer's time with headline and text. `owner` is the other article that owns one of the page's
    addresses, None when all are its own.
    """

    revisions: tuple[Revision, ...] = ()
    owner: Claimant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCheck:
    """A check of a page that brought no new text, and what it says of the page."""

    checked_at: datetime
    page_state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageIntent:
    """All that is written of an article's page, in one transaction.

    `state` None leaves the article's place in the queue as it is. `is_postponed`: the claim is
    taken back as if it had not been made, due again at `state.due_at`. `reclassified` is the digest of the text seen
    after a late one, and how it differs now. `alias_of` is the article that this one turned out to
    be, `absorbed` the article that turned out to be this one. `revives_aliases`: the articles that
    gave way to this one are asked for themselves.
    """

    due: DueArticle
    decided_at: datetime
    state: ArticleState | None
    is_postponed: bool = False
    fetch: FetchRecord | None = None
    text: ArticleText | None = None
    reclassified: tuple[bytes, str] | None = None
    check: PageCheck | None = None
    alias_of: int | None = None
    absorbed: int | None = None
    revives_aliases: bool = False
    hold: HostHold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDescription:
    """What a document says of its feed; None keeps the last value."""

    title: str | None
    site_url: str | None
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollIntent:
    """All that is written of a poll, beside the entries that are stored before the decision.

    One that is not `is_charged` leaves the feed's last error as it was. `keeps_body`: the bytes of
    the answer are kept. `fetches` are further requests of the poll (the sitemaps of an index).
    `moved_to` is the feed's address from now on, with its host.
    """

    feed: DueFeed
    poll: Poll
    response: Response | None
    state: FeedState
    next_poll: NextPoll
    is_charged: bool = True
    keeps_body: bool = False
    rejected: tuple[Rejected, ...] = ()
    description: FeedDescription | None = None
    moved_to: tuple[str, str] | None = None
    fetches: tuple[FetchRecord, ...] = ()
    holds: tuple[HostHold, ...] = ()
