"""What a feed says, and what is remembered of polling it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from pipeline.model.identity import EntryKeys, IdentityRule, Key


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
    own wishes (ttl, sy:updatePeriod), `skip_hours` are hours of the day and `skip_days` days of
    the week (0 is Monday) in GMT. `total` counts all entries seen, `entries` at most the cap,
    newest first in document order.

    `children` are the sitemaps that a sitemap index names, the likeliest first; such a document
    has no entries of its own. `children_dated` says whether it tells when they changed.
    """

    format: str
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    total: int = 0
    children: tuple[str, ...] = ()
    children_dated: bool = False
    ttl_seconds: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    recovered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """An entry of a document, ready to be stored: what it is known by and where it leads.

    `url`, `url_key`, `site` and `host` are None when it leads nowhere, for `reason`. A long guid
    is cut in `entry`; `identity` and `keys` are of the whole one.
    """

    entry: Entry
    identity: bytes
    rung: str
    content_digest: bytes
    keys: EntryKeys
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
    """What became of a document's entries; `refused` are those that Postgres did not take.

    `new_published_at` are the publication dates of the new ones, None for those without.
    """

    known: int
    updated: int
    new_published_at: tuple[datetime | None, ...] = ()
    refused: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFeed:
    """A feed that was claimed for polling, with what the poll and the schedule need of it.

    `headers` go with each request and may hold secrets: they are never shown. Lists are as
    Postgres keeps them; see the columns of ingest.feed_state and ingest.feeds.
    """

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
    rate_model: Sequence[float] | None = None
    ttl_seconds: float | None = None
    window_entries: int | None = None
    skip_hours: Sequence[int] = ()
    skip_days: Sequence[int] = ()
    skip_broken: int = 0
    every_seconds: float | None = None
    identity_rule: IdentityRule = "guid"
    volatile_keys: Sequence[Key] = ()
    guid_churn: int = 0
    link_churn: int = 0
    not_modified_at: datetime | None = None
    audit_at: datetime | None = None
    distrusted_at: datetime | None = None
    distrust: str | None = None
    validated_url: str | None = None
    fresh_seconds: float | None = None
    headers: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the entries of one document: seen is the sum of the other five.

    `merged` of the known are entries that the document showed more than once.
    """

    new: int = 0
    known: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: int = 0
    merged: int = 0

    @property
    def seen(self) -> int:
        """All entries of the document."""
        return self.new + self.known + self.updated + self.skipped + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll as it is recorded; `reason` and `message` are None unless it failed.

    `gap` says that the document shares no entry with what was known of the feed.
    """

    polled_at: datetime
    outcome: str
    status: int | None
    duration_seconds: float
    bytes: int
    counts: Counts
    reason: str | None = None
    message: str | None = None
    gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleInput:
    """One input of the next poll: what it wants, in words, and from when a poll would suit it.

    `wins` is true of those that decided; `due_at` is None for what only shaped another wish.
    """

    input: str
    due_at: datetime | None
    note: str
    wins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When a feed is asked again and why, and what the schedule remembers of it.

    `interval_seconds` is the policy's own wish, before hints, jitter and back-off. `entry_rate`
    is in new entries a day. `due_at` is None when it is not asked again (`state` gone). `plan`
    explains `due_at`: each input, and which one won.
    """

    due_at: datetime | None
    reason: str
    interval_seconds: float | None
    entry_rate: float | None
    ttl_seconds: float | None = None
    fresh_seconds: float | None = None
    window_entries: int | None = None
    rate_model: Sequence[float] | None = None
    skip_hours: Sequence[int] = ()
    skip_days: Sequence[int] = ()
    skip_broken: int = 0
    plan: tuple[ScheduleInput, ...] = ()
    state: Literal["active", "gone"] = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """What the feed's state remembers after a poll (see table ingest.feed_state)."""

    etag: str | None
    last_modified: str | None
    body_sha256: bytes | None
    validated_url: str | None = None
    last_success_at: datetime | None
    failure_streak: int = 0
    failing_since: datetime | None = None
    gone_streak: int = 0
    gone_since: datetime | None = None
    moved_to: str | None = None
    moved_streak: int = 0
    moved_since: datetime | None = None
    not_modified_at: datetime | None = None
    audit_at: datetime | None = None
    distrusted_at: datetime | None = None
    distrust: str | None = None
    guid_churn: int = 0
    link_churn: int = 0
