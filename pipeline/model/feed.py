"""What a feed says, and what one poll of it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model.identity import EntryKeys
    from pipeline.reasons import Reason


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
    reason: Reason | None = None
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
