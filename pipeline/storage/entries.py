"""What a feed's entries write: themselves, and the articles that they lead to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from psycopg import DataError, IntegrityError

from pipeline.model import DueFeed, ParsedEntry, Rejected, Stored
from pipeline.storage.fetches import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from pipeline.storage.database import Session

# A value of the wrong kind, one that a constraint refuses, text that is no UTF-8.
REFUSED = (DataError, IntegrityError, UnicodeEncodeError)

# How long an entry is recognised by its content alone: nothing but the feed's own rows of that
# time can be searched for it.
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry of the feed that is stored, and what it looked like."""

    entry_id: int
    identity: bytes
    content_digest: bytes
    article_id: int | None


@dataclass(frozen=True, slots=True)
class _Address:
    url_digest: bytes
    article_id: int


async def known(
    tx: Session, feed: DueFeed, found: Sequence[ParsedEntry]
) -> dict[bytes, KnownEntry]:
    """Return which of a document's entries are stored, by identity."""
    identities = [one.identity for one in found]
    rows = await tx.rows(KnownEntry, "known_entries", feed_id=feed.feed_id, identities=identities)
    return {row.identity: row for row in rows}


async def shown_before(
    tx: Session, feed: DueFeed, found: Sequence[ParsedEntry], now: datetime
) -> int:
    """Return how many of these entries the feed has shown under other guids."""
    return int(
        await tx.value(
            "shown_before",
            feed_id=feed.feed_id,
            since=now - REMEMBERED,
            url_digests=_link_digests(found),
            titles=[one.entry.title for one in found],
            content_digests=[one.content_digest for one in found],
        )
    )


async def removed(tx: Session, found: Sequence[ParsedEntry]) -> set[str]:
    """Return the keys of those entries' addresses whose articles were taken down."""
    keys = {digest(one.url_key): one.url_key for one in found if one.url_key}
    return {keys[one] for one in await tx.values("removed_addresses", digests=sorted(keys))}


async def rekey(tx: Session, feed: DueFeed, found: Sequence[ParsedEntry], now: datetime) -> None:
    """Give stored entries the identities that the same entries have now."""
    await tx.run(
        "rekey_entries",
        feed_id=feed.feed_id,
        since=now - REMEMBERED,
        identities=[one.identity for one in found],
        rungs=[one.rung for one in found],
        url_digests=_link_digests(found),
        content_digests=[one.content_digest for one in found],
    )


async def store(
    tx: Session,
    feed: DueFeed,
    found: Sequence[ParsedEntry],
    stored: Mapping[bytes, KnownEntry],
    now: datetime,
) -> Stored:
    """Store a document's entries and the articles they lead to, in one round.

    `stored` are those that are known. When Postgres refuses a value the entries are stored one
    by one, each under its own savepoint, so that one bad row costs itself only.
    """
    try:
        async with tx.savepoint():
            return await _store_all(tx, feed, found, stored, now)
    except REFUSED:
        return await _store_singly(tx, feed, found, stored, now)


async def _store_all(
    tx: Session,
    feed: DueFeed,
    found: Sequence[ParsedEntry],
    stored: Mapping[bytes, KnownEntry],
    now: datetime,
) -> Stored:
    old = [(f, stored[f.identity]) for f in found if f.identity in stored]
    same = [(f, row) for f, row in old if f.content_digest == row.content_digest]
    changed = [f for f, row in old if f.content_digest != row.content_digest]
    fresh = [f for f in found if f.identity not in stored]
    # Articles are locked before entries, as they are where a page makes its article an alias.
    articles = await _articles(tx, [*fresh, *changed], now) if fresh or changed else {}
    if same:
        await tx.run(
            "touch_entries",
            now=now,
            entry_ids=[row.entry_id for _, row in same],
            positions=[f.entry.position for f, _ in same],
        )
    if fresh or changed:
        await _write(tx, "add_entries", feed, fresh, articles, now)
        await _write(tx, "change_entries", feed, changed, articles, now)
        again = sorted({articles[f.url_key] for f in changed if f.url_key})
        if again:
            await tx.run("requeue_articles", article_ids=again, now=now)
    return Stored(
        new_published_at=tuple(f.entry.published_at for f in fresh),
        known=len(same),
        updated=len(changed),
    )


async def _store_singly(
    tx: Session,
    feed: DueFeed,
    found: Sequence[ParsedEntry],
    stored: Mapping[bytes, KnownEntry],
    now: datetime,
) -> Stored:
    parts, refused = [], []
    for one in found:
        try:
            async with tx.savepoint():
                parts.append(await _store_all(tx, feed, [one], stored, now))
        except REFUSED as error:
            message = " ".join(str(error).split())[:300]
            refused.append(Rejected(entry=one.entry, reason="database", message=message))
    return Stored(
        new_published_at=tuple(date for part in parts for date in part.new_published_at),
        known=sum(part.known for part in parts),
        updated=sum(part.updated for part in parts),
        refused=tuple(refused),
    )


def _link_digests(found: Sequence[ParsedEntry]) -> list[bytes | None]:
    return [digest(one.url_key) if one.url_key else None for one in found]


async def _articles(tx: Session, found: Sequence[ParsedEntry], now: datetime) -> dict[str, int]:
    """The article of each address key, made where there is none. Keys go in sorted by digest."""
    leading = {digest(f.url_key): f for f in reversed(found) if f.url_key}
    digests = sorted(leading)
    ids = {
        row.url_digest: row.article_id
        for row in await tx.rows(_Address, "lock_addresses", digests=digests)
    }
    missing = [leading[key] for key in digests if key not in ids]
    if missing:
        await tx.run("add_hosts", hosts=[f.host for f in missing], now=now)
        added = await tx.rows(
            _Address,
            "add_articles",
            now=now,
            urls=[f.url for f in missing],
            keys=[f.url_key for f in missing],
            digests=[digest(f.url_key or "") for f in missing],
            sites=[f.site for f in missing],
            hosts=[f.host for f in missing],
        )
        # Another process may have been first with some of them, or have made one an alias while
        # its lock was waited for: ask once more.
        if len(added) < len(missing):
            added = await tx.rows(_Address, "lock_addresses", digests=digests)
        ids |= {row.url_digest: row.article_id for row in added}
    return {f.url_key or "": ids[key] for key, f in leading.items()}


async def _write(
    tx: Session,
    query: str,
    feed: DueFeed,
    found: Sequence[ParsedEntry],
    articles: dict[str, int],
    now: datetime,
) -> None:
    if not found:
        return

    def each(field: Callable[[ParsedEntry], object]) -> list[object]:
        return [field(f) for f in found]

    await tx.run(
        query,
        feed_id=feed.feed_id,
        now=now,
        identities=each(lambda f: f.identity),
        rungs=each(lambda f: f.rung),
        content_digests=each(lambda f: f.content_digest),
        article_ids=each(lambda f: articles[f.url_key] if f.url_key else None),
        guids=each(lambda f: f.entry.guid),
        urls=each(lambda f: f.url),
        titles=each(lambda f: f.entry.title),
        summaries=each(lambda f: f.entry.summary),
        contents=each(lambda f: f.entry.content),
        authors=each(lambda f: _json(f.entry.authors)),
        languages=each(lambda f: f.entry.language),
        published=each(lambda f: f.entry.published_at),
        published_raw=each(lambda f: f.entry.published_raw),
        updated=each(lambda f: f.entry.updated_at),
        categories=each(lambda f: _json(f.entry.categories)),
        enclosures=each(lambda f: _json([_enclosure(e) for e in f.entry.enclosures])),
        flags=each(lambda f: _json(f.entry.flags)),
        positions=each(lambda f: f.entry.position),
        reasons=each(lambda f: f.reason),
    )


def _json(values: Sequence[object]) -> str:
    """A list as JSON text; most are empty, and as Jsonb each would be dumped for itself."""
    return json.dumps(values) if values else "[]"


def _enclosure(enclosure: object) -> dict[str, object]:
    names = ("url", "media_type", "length")
    return {name: getattr(enclosure, name) for name in names}
