"""What an entry is told apart by, and what is stored of those that a feed showed before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

IdentityRule = Literal["guid", "link", "content"]
"""What the entries of a feed are known by; see ingest.identity_rules."""

Rung = Literal["guid", "guid_link", "link", "title", "content", "whole"]
"""A rung of the ladder of identities; see pipeline.feeds.identity.entries."""

Key = Literal["guid", "link"]
"""An identifier that a feed may make anew for each request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKeys:
    """What an entry can be told apart by; None for what it does not have or what tells nothing.

    `guid` is as written. `link` is the comparison key of the address (`urls.canonical`) and
    `fragment` what follows its `#`. `date` is the publication date in ISO 8601, or as written
    when it cannot be read. `body` is the beginning of the text, as HTML.
    """

    guid: str | None = None
    link: str | None = None
    fragment: str | None = None
    title: str | None = None
    date: str | None = None
    body: str = ""


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry of the feed that is stored, as it was shown last.

    `body` is the beginning of its text; it is empty where only the identity was asked for.
    `is_removed` says that its article was taken down.
    """

    entry_id: int
    identity: bytes
    rung: Rung
    content_digest: bytes
    article_id: int | None
    guid: str | None
    url: str | None
    title: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    flags: Sequence[str] = ()
    body: str = ""
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The stored entry that an entry of a document is.

    It stays with its article (`keeps_article`) where only its link changed. `is_renewed` says
    that nothing but its identifiers is new.
    """

    row: KnownEntry
    keeps_article: bool = False
    is_renewed: bool = False
