"""The values that travel through the flow, in the order in which they travel.

All times are aware UTC datetimes or None, absent text is None, lists are tuples. Every value
pickles: the heavy steps run in other processes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal


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
