"""What a document brought: entries ready to be stored, and those that cannot be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.errors import BadUrlError, FeedUnreadableError
from pipeline.feeds import parse
from pipeline.feeds.identity import content_digest, entries, ladder
from pipeline.feeds.parsing import normalize
from pipeline.model import ParsedEntry, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from pipeline.feeds.identity.entries import Identity
    from pipeline.model import Document, Entry, Response

GUID_LENGTH = 1000  # characters that are kept of a guid; it is known by all of it
# New entries of one feed in 24 hours.
MOST_NEW_A_DAY = 2000
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A document and its entries. `repeats` counts entries that the document shows again.

    `digest` is what an answer with the same document has, see `sameness.digest`. `skipped` counts
    entries that were left out by a cap. Of a document that is not `is_whole` something is still
    to be had, which an answer "the same as before" must not hide.
    """

    document: Document
    digest: bytes
    found: tuple[ParsedEntry, ...]
    rejected: tuple[Rejected, ...]
    repeats: int
    skipped: int
    is_whole: bool


def of(response: Response) -> ParsedFeed:
    """Read a feed and prepare its entries; the work of one poll that a worker does.

    Raises:
        FeedUnreadableError: it is no feed, or nothing of it can be read.
    """
    document = parse.document(response)
    identified = entries.identified(document)
    home = entries.home_page(document)
    found = tuple(_found(identity, entry, home) for identity, entry in identified if identity)
    rejected = tuple(_rejected(entry) for identity, entry in identified if identity is None)
    if rejected and not found:
        message = f"none of {document.total} entries at {response.url} can be told apart: {rejected[0].message}"
        raise FeedUnreadableError("unreadable", message)
    skipped = document.total - len(document.entries)
    return ParsedFeed(
        document=document,
        digest=content_digest.digest(response.body),
        found=found,
        rejected=rejected,
        repeats=len(document.entries) - len(identified),
        skipped=skipped,
        is_whole=not skipped and (document.children_dated or not document.children),
    )


def merged(index: ParsedFeed, children: Sequence[ParsedFeed], *, is_whole: bool) -> ParsedFeed:
    """Return the entries of the sitemaps that an index names as one document; each entry once.

    Places are counted on from one child to the next, the newest entries stay when there are too
    many for one document. `is_whole` is false when a child could not be had.
    """
    told = [one for child in children for one in child.found]
    each = {one.identity: one for one in reversed(told)}
    kept = newest([one for one in told if each[one.identity] is one], normalize.MOST_ENTRIES)
    placed = [(one, replace(one.entry, position=at)) for at, one in enumerate(kept)]
    skipped = len(each) - len(kept) + sum(child.skipped for child in children)
    return ParsedFeed(
        document=replace(
            index.document,
            language=next((c.document.language for c in children if c.document.language), None),
            entries=tuple(entry for _, entry in placed),
            total=sum(child.document.total for child in children),
        ),
        digest=index.digest,
        found=tuple(replace(one, entry=entry) for one, entry in placed),
        rejected=tuple(one for child in children for one in child.rejected),
        repeats=len(told) - len(each) + sum(child.repeats for child in children),
        skipped=skipped,
        is_whole=is_whole and index.is_whole and not skipped,
    )


def within_a_day(parsed: ParsedFeed, known: Container[bytes], new_today: int) -> ParsedFeed:
    """Return the document without the new entries that are too many for one day.

    The newest stay. `new_today` were stored in the 24 hours before, `known` are the identities
    that are stored.
    """
    fresh = [one for one in parsed.found if one.identity not in known]
    room = max(MOST_NEW_A_DAY - new_today, 0)
    if len(fresh) <= room:
        return parsed
    kept = {one.identity for one in newest(fresh, room)}
    found = tuple(one for one in parsed.found if one.identity in known or one.identity in kept)
    skipped = parsed.skipped + len(fresh) - room
    return replace(parsed, found=found, skipped=skipped, is_whole=False)


def newest(found: Sequence[ParsedEntry], most: int) -> list[ParsedEntry]:
    """Return the `most` newest by date, then by place, in the order they came in."""
    if len(found) <= most:
        return list(found)
    dates = [one.entry.published_at or _LONG_AGO for one in found]
    chosen = sorted(range(len(found)), key=dates.__getitem__, reverse=True)[:most]
    return [found[at] for at in sorted(chosen)]


def within_reach(parsed: ParsedFeed, reachable: Callable[[str], bool]) -> ParsedFeed:
    """Return the document with entries that lead to private addresses kept, their links not."""
    return replace(
        parsed,
        found=tuple(
            one if one.host is None or reachable(one.host) else _blocked(one)
            for one in parsed.found
        ),
    )


def _blocked(one: ParsedEntry) -> ParsedEntry:
    return replace(one, url=None, url_key=None, site=None, host=None, reason="blocked_address")


def _rejected(entry: Entry) -> Rejected:
    message = f"entry {entry.position} has no guid, no link, no title and no text"
    return Rejected(entry=entry, reason="no_identity", message=message)


def _found(identity: Identity, entry: Entry, home: str | None) -> ParsedEntry:
    known = ParsedEntry(
        entry=_stored(entry),
        identity=identity.digest,
        rung=identity.rung,
        content_digest=entries.content_digest(entry),
        keys=identity.keys,
        reason="no_link",
    )
    if entry.url is None or identity.keys.link is None:
        return known
    try:
        url = urls.fetchable(entry.url)
        url_key = ladder.key(url)
        if url_key is None or url_key == home:
            return known
        site, host = urls.site(url), urls.host(url)
    except BadUrlError:
        return known
    return replace(known, url=url, url_key=url_key, site=site, host=host, reason=None)


def _stored(entry: Entry) -> Entry:
    """The entry as it is kept: a long guid cut, visibly."""
    if entry.guid is None or len(entry.guid) <= GUID_LENGTH:
        return entry
    return replace(entry, guid=entry.guid[: GUID_LENGTH - 1] + "…")
