"""The values that travel through the flow, in the order in which they travel.

All times are aware UTC datetimes or None, absent text is None, lists are tuples. Every value
pickles: the heavy steps run in other processes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One document to ask for; validators are sent back byte for byte."""

    url: str
    purpose: Literal["feed", "page", "robots"]
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed: the address that answered, and with which status."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered. Only `url` and `body` need to be given by hand.

    `url` is the address that answered (after redirects, which stand in `hops`), header names
    are lower-case, `body` is decoded from its content-encoding.
    """

    url: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fetched_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    hops: tuple[Hop, ...] = ()
    duration_seconds: float = 0.0

    @property
    def requested_url(self) -> str:
        """The address that was asked for first."""
        return self.hops[0].url if self.hops else self.url


Fetch = Callable[[Request], Awaitable[Response]]
"""The one seam: the live web and a recorded one look the same from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A media file an entry points to; `length` is in bytes, as declared."""

    url: str
    media_type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item of a feed, as the feed tells it. `content` and `summary` are HTML or text as given.

    `guid` is the raw identifier, never resolved. `url` is absolute and http(s), or None.
    `published_raw` is the date as written (cut to 100 characters); `published_at` is None when
    it cannot be read or lies outside 1990 .. fetch + 24 h. `flags` names what had to be
    guessed: no_zone, title_from_body, feed_author, published_from_updated, date_out_of_bounds.
    """

    guid: str | None = None
    url: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None
    content: str | None = None
    language: str | None = None
    position: int = 0
    enclosures: tuple[Enclosure, ...] = ()
    categories: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed document: what it says of itself, its hints for the poller, and its entries.

    `format` is rss, atom, rdf, json or sitemap. `ttl_seconds` is the longest of the document's
    own wishes (ttl, sy:updatePeriod), `skip_hours` are hours of the day in GMT. `total` counts
    all entries seen, `entries` at most the cap, newest first in document order.
    """

    format: str
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    total: int = 0
    ttl_seconds: float | None = None
    skip_hours: tuple[int, ...] = ()
    recovered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, extracted and normalized. `text` has one paragraph a line.

    `extractor` is `path/package-version`: the way the text was found. `published_source` is one
    of json_ld, meta, page_text, url (feed and feed_updated are decided where the feed is known).
    `truncated` is true when our caps cut the text.
    """

    url: str
    title: str | None
    text: str
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_source: str | None = None
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
class Fingerprint:
    """What recognises a text: `text_hash` its exact words, `hashes` its winnowed shingles."""

    text_hash: bytes
    token_count: int
    hashes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoryText:
    """A text to be grouped with others that tell the same."""

    id: int
    url: str
    title: str | None
    text: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFeed:
    """A feed that was claimed for polling, with what the poll and the schedule need of it."""

    feed_id: int
    url: str
    host: str
    due_at: datetime
    lease_token: UUID
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: bytes | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    failure_streak: int = 0
    failing_since: datetime | None = None
    gone_streak: int = 0
    gone_since: datetime | None = None
    moved_to: str | None = None
    moved_streak: int = 0
    moved_since: datetime | None = None
    entry_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the entries of one document: seen is the sum of the other five."""

    new: int = 0
    known: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: int = 0

    @property
    def seen(self) -> int:
        """All entries of the document."""
        return self.new + self.known + self.updated + self.skipped + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When a feed is asked again and why, and what the schedule remembers of it.

    `interval_seconds` is the policy's own wish, before hints, jitter and back-off. `entry_rate`
    is in new entries a day. `due_at` is None when it is not asked again (`state` gone).
    """

    due_at: datetime | None
    reason: str
    interval_seconds: float | None
    entry_rate: float | None
    state: Literal["active", "gone"] = "active"


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
    checks: int
    unchanged_checks: int
    failing_since: datetime | None
    fetched_at: datetime | None
    first_fetched_at: datetime | None
    fetch_pages: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWord:
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
class Found:
    """An entry of a document, ready to be stored: what it is known by and where it leads.

    `url`, `url_key`, `site` and `host` are None when it leads nowhere, for `reason`.
    """

    entry: Entry
    identity: bytes
    rung: str
    content_digest: bytes
    url: str | None = None
    url_key: str | None = None
    site: str | None = None
    host: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An entry that cannot be stored, and why."""

    entry: Entry
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What became of a document's entries; `refused` are those that Postgres did not take."""

    new: int
    known: int
    updated: int
    refused: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll as it is recorded; `reason` and `message` are None unless it failed."""

    polled_at: datetime
    outcome: str
    status: int | None
    duration_seconds: float
    bytes: int
    counts: Counts
    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """What the feed's state remembers after a poll (see table ingest.feed_state)."""

    etag: str | None
    last_modified: str | None
    body_sha256: bytes | None
    last_success_at: datetime | None
    failure_streak: int = 0
    failing_since: datetime | None = None
    gone_streak: int = 0
    gone_since: datetime | None = None
    moved_to: str | None = None
    moved_streak: int = 0
    moved_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What two texts are compared by: packed 32-bit hashes, about 3.5 kB for 360 tokens.

    `triples` and `fives` are the 3- and 5-shingles in text order, `names` the capitalised words
    inside sentences, `numbers` the words with a digit.
    """

    text_hash: bytes
    token_count: int
    triples: bytes
    fives: bytes
    names: bytes
    numbers: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What recognises a text again, and what decides whether another tells the same."""

    fingerprint: Fingerprint
    features: Features


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two articles that tell the same text; `score` is 0 .. 1, `article_id` the later one."""

    article_id: int
    other_article_id: int
    kind: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An article's place in its story."""

    article_id: int
    story_id: int
    is_lead: bool
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """A text to be stored: the article, what recognises it, and how it differs from the last.

    `change_kind` is None when headline and text are the present ones, `signature` when the text
    is. `is_newest` is false for an answer older than the one that gave the present text.
    """

    article: Article
    digest: bytes
    signature: Signature | None
    word_count: int
    site: str
    text_source: str
    fetched_at: datetime
    change_kind: str | None
    changed_at: datetime
    is_newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLook:
    """What the queue remembers of an article and when it is asked for next (None: never)."""

    outcome: str
    due_at: datetime | None
    stage: str = "recheck"
    attempts: int = 0
    deaths: int = 0
    checks: int = 0
    unchanged_checks: int = 0
    reason: str | None = None
    message: str | None = None
    failing_since: datetime | None = None
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A text that the article had; `title` and `text` are given for the current one only."""

    digest: bytes
    is_current: bool
    seen_at: datetime
    title: str | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a page can be asked about: sent back as it came."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a host's robots.txt said when it was last asked (None: never).

    `text` is empty where all is allowed; `refused` that it could not be had, so that nothing is.
    """

    text: str | None
    refused: bool
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What recognises an article's text, and the story it stands in (None: not published)."""

    article_id: int
    site: str
    story_id: int | None
    text_hash: bytes
    token_count: int
    triples: bytes
    fives: bytes
    names: bytes
    numbers: bytes

    @property
    def features(self) -> Features:
        """What the text is compared by."""
        return Features(
            text_hash=self.text_hash,
            token_count=self.token_count,
            triples=self.triples,
            fives=self.fives,
            names=self.names,
            numbers=self.numbers,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An article in (or about to enter) a story, with what decides its place there."""

    article_id: int
    story_id: int | None
    is_lead: bool | None
    duplicate_kind: str | None
    site: str
    published_at: datetime | None
    first_seen_at: datetime
    token_count: int
