"""What a document brought: entries ready to be stored, and those that cannot be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.errors import BadUrlError
from pipeline.feeds import entries, parse, sameness
from pipeline.model import Document, Found, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.feeds.entries import Identity
    from pipeline.model import Entry, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document and its entries. `repeats` counts entries that the document shows again.

    `digest` is what an answer with the same document has, see `sameness.digest`.
    """

    document: Document
    digest: bytes
    found: tuple[Found, ...]
    rejected: tuple[Rejected, ...]
    repeats: int

    @property
    def skipped(self) -> int:
        """Entries beyond the cap of one document."""
        return self.document.total - len(self.document.entries)


def reading(response: Response) -> Reading:
    """Read a feed and prepare its entries; the work of one poll that a worker does.

    Raises FeedUnreadableError.
    """
    document = parse.document(response)
    identified = entries.identified(document)
    found = tuple(_found(identity, entry) for identity, entry in identified if identity)
    rejected = tuple(_rejected(entry) for identity, entry in identified if identity is None)
    repeats = len(document.entries) - len(identified)
    return Reading(
        document=document,
        digest=sameness.digest(response.body),
        found=found,
        rejected=rejected,
        repeats=repeats,
    )


def within_reach(reading: Reading, reachable: Callable[[str], bool]) -> Reading:
    """Return the reading with entries that lead to private addresses kept, their links not."""
    return replace(
        reading,
        found=tuple(
            one if one.host is None or reachable(one.host) else _blocked(one)
            for one in reading.found
        ),
    )


def _blocked(one: Found) -> Found:
    return replace(one, url=None, url_key=None, site=None, host=None, reason="blocked_address")


def _rejected(entry: Entry) -> Rejected:
    message = f"entry {entry.position} has no guid, no link, no title and no text"
    return Rejected(entry=entry, reason="no_identity", message=message)


def _found(identity: Identity, entry: Entry) -> Found:
    known = Found(
        entry=entry,
        identity=identity.digest,
        rung=identity.rung,
        content_digest=entries.content_digest(entry),
        reason="no_link",
    )
    if entry.url is None:
        return known
    try:
        url = urls.fetchable(entry.url)
        return Found(
            entry=entry,
            identity=known.identity,
            rung=known.rung,
            content_digest=known.content_digest,
            url=url,
            url_key=urls.canonical(url),
            site=urls.site(url),
            host=urls.host(url),
        )
    except BadUrlError:
        return known
