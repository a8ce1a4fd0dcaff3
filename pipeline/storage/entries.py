"""What a feed's entries write: themselves, and the articles that they lead to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import DataError, IntegrityError

from pipeline.model import DueFeed, KnownEntry, ParsedEntry, Rejected, Stored
from pipeline.storage.fetches import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from pipeline.model import Match
    from pipeline.storage.database import Session

# A value of the wrong kind, one that a constraint refuses, text that is no UTF-8.
REFUSED = (DataError, IntegrityError, UnicodeEncodeError)

# Rows of one headline, or of one link, that are looked at; a feed may have thousands of "Weather".
MOST_ALIKE = 50
# The latest rows tell whether a feed's identifiers differ from each other.
NEWEST = 20


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


async def alike(
    tx: Session, feed: DueFeed, found: Sequence[ParsedEntry], identities: Iterable[bytes]
) -> list[KnownEntry]:
    """Return the stored entries that these may be: by any identity, by headline, by address."""
    return await tx.rows(
        KnownEntry,
        "entries_alike",
        feed_id=feed.feed_id,
        identities=sorted(set(identities)),
        titles=sorted({one.entry.title for one in found if one.entry.title}),
        url_digests=sorted({digest(one.url_key) for one in found if one.url_key}),
        most=MOST_ALIKE,
    )


async def newest(tx: Session, feed: DueFeed) -> list[KnownEntry]:
    """Return the entries that the feed showed last."""
    return await tx.rows(KnownEntry, "newest_entries", feed_id=feed.feed_id, most=NEWEST)


async def removed(tx: Session, found: Sequence[ParsedEntry]) -> set[str]:
    """Return the keys of those entries' addresses whose articles were taken down."""
    keys = {digest(one.url_key): one.url_key for one in found if one.url_key}
    return {keys[one] for one in await tx.values("removed_addresses", digests=sorted(keys))}


async def store(
    tx: Session,
    feed: DueFeed,
    found: Sequence[ParsedEntry],
    known: Mapping[bytes, Match],
    now: datetime,
) -> Stored:
    """Store a document's entries and the articles they lead to, in one round.

    `known` are the stored entries, by identity. When Postgres refuses a value the entries are
    stored one by one, each under its own savepoint, so that one bad row costs itself only.
    """
    try:
        async with tx.savepoint():
            return await _store_all(tx, feed, found, known, now)
    except REFUSED:
        return await _store_singly(tx, feed, found, known, now)


async def _store_all(
    tx: Session,
    feed: DueFeed,
    found: Sequence[ParsedEntry],
    known: Mapping[bytes, Match],
    now: datetime,
) -> Stored:
    old = [(f, known[f.identity]) for f in found if f.identity in known]
    same = [(f, match) for f, match in old if _is_same(f, match)]
    changed = [(f, match) for f, match in old if not _is_same(f, match)]
    fresh = [f for f in found if f.identity not in known]
    # Articles are locked before entries, as they are where a page makes its article an alias.
    leading = [*fresh, *(f for f, match in changed if not match.keeps_article)]
    articles = await _articles(tx, leading, now) if leading else {}
    moved = [(f, match) for f, match in old if match.keeps_article]
    if moved:
        await _follow(tx, feed, moved, now)
    await _touch(tx, same, now)
    await _add(tx, feed, fresh, articles, now)
    await _change(tx, changed, articles, now)
    return Stored(
        new_published_at=tuple(f.entry.published_at for f in fresh),
        known=len(same),
        updated=len(changed),
    )


def _is_same(one: ParsedEntry, match: Match) -> bool:
    return match.is_renewed or one.content_digest == match.row.content_digest


async def _touch(tx: Session, same: Sequence[tuple[ParsedEntry, Match]], now: datetime) -> None:
    """Entries that are still in the document; what they are known by may be new."""
    if not same:
        return
    await tx.run(
        "touch_entries",
        now=now,
        entry_ids=[match.row.entry_id for _, match in same],
        positions=[f.entry.position for f, _ in same],
    )
    renewed = [(f, match) for f, match in same if match.is_renewed or _has_new_keys(f, match)]
    if renewed:
        await tx.run(
            "renew_entries",
            entry_ids=[match.row.entry_id for _, match in renewed],
            identities=[f.identity for f, _ in renewed],
            rungs=[f.rung for f, _ in renewed],
            content_digests=[f.content_digest for f, _ in renewed],
            guids=[f.entry.guid for f, _ in renewed],
            urls=[_shown_url(f) for f, _ in renewed],
        )


def _has_new_keys(one: ParsedEntry, match: Match) -> bool:
    return one.identity != match.row.identity or one.entry.guid != match.row.guid


async def _add(
    tx: Session,
    feed: DueFeed,
    fresh: Sequence[ParsedEntry],
    articles: Mapping[str, int],
    now: datetime,
) -> None:
    if fresh:
        led = [articles[f.url_key] if f.url_key else None for f in fresh]
        await tx.run(
            "add_entries", feed_id=feed.feed_id, now=now, article_ids=led, **_columns(fresh)
        )


async def _change(
    tx: Session,
    changed: Sequence[tuple[ParsedEntry, Match]],
    articles: Mapping[str, int],
    now: datetime,
) -> None:
    if not changed:
        return
    led = [_article(f, match, articles) for f, match in changed]
    await tx.run(
        "change_entries",
        now=now,
        entry_ids=[match.row.entry_id for _, match in changed],
        article_ids=led,
        **_columns([f for f, _ in changed]),
    )
    again = sorted({article_id for article_id in led if article_id is not None})
    if again:
        await tx.run("requeue_articles", article_ids=again, now=now)


def _article(one: ParsedEntry, match: Match, articles: Mapping[str, int]) -> int | None:
    if match.keeps_article:
        return match.row.article_id
    return articles[one.url_key] if one.url_key else None


async def _follow(
    tx: Session, feed: DueFeed, moved: Sequence[tuple[ParsedEntry, Match]], now: datetime
) -> None:
    """The new links of these entries become addresses of the articles they have.

    Links that are new in each document are addresses of a moment and not kept, but an article
    that has no text yet is asked for at the newest one.
    """
    lasts = "link" not in feed.volatile_keys
    by_article = {m.row.article_id: f for f, m in moved if m.row.article_id and f.url_key}
    ids, led = sorted(by_article), [by_article[article_id] for article_id in sorted(by_article)]
    if not ids:
        return
    await tx.run("add_hosts", hosts=[f.host for f in led], now=now)
    await tx.run(
        "follow_links",
        now=now,
        at_once=lasts,
        article_ids=ids,
        urls=[f.url for f in led],
        sites=[f.site for f in led],
        hosts=[f.host for f in led],
    )
    if lasts:
        keys = [f.url_key or "" for f in led]
        digests = [digest(key) for key in keys]
        await tx.run("add_addresses", now=now, digests=digests, keys=keys, article_ids=ids)


async def _store_singly(
    tx: Session,
    feed: DueFeed,
    found: Sequence[ParsedEntry],
    known: Mapping[bytes, Match],
    now: datetime,
) -> Stored:
    parts, refused = [], []
    for one in found:
        try:
            async with tx.savepoint():
                parts.append(await _store_all(tx, feed, [one], known, now))
        except REFUSED as error:
            message = " ".join(str(error).split())[:300]
            refused.append(Rejected(entry=one.entry, reason="database", message=message))
    return Stored(
        new_published_at=tuple(date for part in parts for date in part.new_published_at),
        known=sum(part.known for part in parts),
        updated=sum(part.updated for part in parts),
        refused=tuple(refused),
    )


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


def _shown_url(one: ParsedEntry) -> str | None:
    """The address with the place in the page that it names, by which entries may differ."""
    return f"{one.url}#{one.keys.fragment}" if one.url and one.keys.fragment else one.url


def _columns(found: Sequence[ParsedEntry]) -> dict[str, list[object]]:
    """What is written of entries, column by column."""

    def each(field: Callable[[ParsedEntry], object]) -> list[object]:
        return [field(f) for f in found]

    return {
        "identities": each(lambda f: f.identity),
        "rungs": each(lambda f: f.rung),
        "content_digests": each(lambda f: f.content_digest),
        "guids": each(lambda f: f.entry.guid),
        "urls": each(_shown_url),
        "titles": each(lambda f: f.entry.title),
        "summaries": each(lambda f: f.entry.summary),
        "contents": each(lambda f: f.entry.content),
        "authors": each(lambda f: _json(f.entry.authors)),
        "languages": each(lambda f: f.entry.language),
        "published": each(lambda f: f.entry.published_at),
        "published_raw": each(lambda f: f.entry.published_raw),
        "updated": each(lambda f: f.entry.updated_at),
        "categories": each(lambda f: _json(f.entry.categories)),
        "enclosures": each(lambda f: _json([_enclosure(e) for e in f.entry.enclosures])),
        "flags": each(lambda f: _json(f.entry.flags)),
        "positions": each(lambda f: f.entry.position),
        "reasons": each(lambda f: f.reason),
    }


def _json(values: Sequence[object]) -> str:
    """A list as JSON text; most are empty, and as Jsonb each would be dumped for itself."""
    return json.dumps(values) if values else "[]"


def _enclosure(enclosure: object) -> dict[str, object]:
    names = ("url", "media_type", "length")
    return {name: getattr(enclosure, name) for name in names}
