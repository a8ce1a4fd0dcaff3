"""The list of feeds: adding them, finding them by address, making them due, handing it on."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from pipeline import urls
from pipeline.errors import UsageError
from pipeline.model.listing import ListedFeed
from pipeline.storage.fetches import digest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import datetime

    from pipeline.storage.database import Database, Session


# Two-integer advisory key: the class is ours ('brds'), the object is "a replay" (1, 2: migrations
# and making databases).
LOCK_CLASS, REPLAY_LOCK = 0x62726473, 3


@dataclass(frozen=True, slots=True)
class _Polled:
    feed_id: int
    was_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A feed that was asked to be added.

    `is_new` is false when its address was known; `is_back` says that it had been removed.
    """

    feed_id: int
    url: str
    state: str
    is_new: bool
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    url_digest: bytes
    feed_id: int
    url: str
    state: str


async def add(
    db: Database, addresses: Sequence[str], *, now: datetime, category: str | None = None
) -> list[Added]:
    """Add feeds of which no more is known than their addresses, as `register` does."""
    return await register(
        db, [ListedFeed(url=url, category=category) for url in addresses], now=now
    )


async def register(db: Database, listed: Sequence[ListedFeed], *, now: datetime) -> list[Added]:
    """Add feeds, due at once, and return one value for each, in order.

    An address that a feed has or had finds that feed, and brings it back when it was removed. A
    known feed takes a title, a home page or credentials from the list only where it has none.
    """
    wanted = sorted({digest(feed.url): feed for feed in reversed(listed)}.items())
    keys = [key for key, _ in wanted]
    feeds = [feed for _, feed in wanted]
    hosts = [urls.host(feed.url) for feed in feeds]
    told = {"digests": keys, "titles": [f.title for f in feeds]}
    told["site_urls"] = [feed.site_url for feed in feeds]
    async with db.transaction() as tx:
        await tx.run("add_hosts", hosts=hosts, now=now)
        new = await tx.values(
            "add_feeds",
            urls=[feed.url for feed in feeds],
            hosts=hosts,
            categories=[feed.category for feed in feeds],
            now=now,
            **told,
        )
        back = await tx.values("revive_feeds", digests=keys, now=now)
        await tx.run("name_feeds", **told)
        await _let_in(tx, wanted, now)
        rows = await tx.rows(_Known, "feeds_by_address", digests=keys)
    known = {row.url_digest: row for row in rows}
    found = [(known[digest(feed.url)], feed.url) for feed in listed]
    return [
        Added(
            feed_id=row.feed_id,
            url=url,
            state=row.state,
            is_new=row.feed_id in new,
            is_back=row.feed_id in back,
        )
        for row, url in found
    ]


async def _let_in(tx: Session, wanted: Sequence[tuple[bytes, ListedFeed]], now: datetime) -> None:
    """Keep the credentials that stood in addresses."""
    secret = [(key, Jsonb(dict(feed.headers))) for key, feed in wanted if feed.headers]
    if secret:
        await tx.run(
            "let_in_feeds",
            digests=[key for key, _ in secret],
            headers=[headers for _, headers in secret],
            now=now,
        )


async def merged_into(db: Database, feed_ids: Sequence[int]) -> dict[int, int]:
    """Return which of these feeds turned out to be another one, and which that is."""
    return {
        feed.feed_id: feed.merged_into
        for feed in await off_list(db, feed_ids)
        if feed.merged_into is not None
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class OffList:
    """A feed that is on the list no more: `state` is removed or merged."""

    feed_id: int
    url: str
    state: str
    merged_into: int | None


async def off_list(db: Database, feed_ids: Sequence[int]) -> list[OffList]:
    """Return those of these feeds that were removed or merged."""
    async with db.session() as session:
        return await session.rows(OffList, "feeds_off_list", feed_ids=list(feed_ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What is known of an address: its feed and the headers that let us in, None when there are none.

    `held_until` is when its host may be asked again, if it asked to be left alone.
    """

    feed_id: int | None
    state: str | None
    headers: Mapping[str, str] | None = field(repr=False)
    held_until: datetime | None


async def access(db: Database, url: str, *, now: datetime) -> Access:
    """Return what is known of an address before it is asked."""
    async with db.session() as session:
        (found,) = await session.rows(
            Access, "feed_access", url_digest=digest(url), host=urls.host(url), now=now
        )
    return found


async def all_listed(db: Database) -> list[ListedFeed]:
    """Return every feed of the list as it is handed on: nothing of how it is asked."""
    async with db.session() as session:
        return await session.rows(ListedFeed, "export_feeds")


async def polled(db: Database, feed_ids: Sequence[int]) -> dict[int, bool]:
    """Return which of these feeds were polled, and whether they were read then."""
    async with db.session() as session:
        found = await session.rows(_Polled, "polled_feeds", feed_ids=list(feed_ids))
    return {one.feed_id: one.was_read for one in found}


async def make_due(
    db: Database, feed_ids: Sequence[int] | None, *, now: datetime, reason: str
) -> list[int]:
    """Make active feeds due now (None: all) and return which; not those polled at this moment."""
    async with db.session() as session:
        return await session.values("make_feeds_due", feed_ids=feed_ids, now=now, reason=reason)


async def unpolled(db: Database, feed_ids: Sequence[int], *, moment: datetime) -> list[str]:
    """Return the addresses of those active feeds that were not polled at this moment."""
    async with db.session() as session:
        return await session.values("unpolled_feeds", feed_ids=feed_ids, moment=moment)


async def forget(db: Database, feed_id: int) -> None:
    """Forget a feed of which nothing was stored but the attempt to poll it."""
    async with db.session() as session:
        await session.run("forget_feed", feed_id=feed_id)


@asynccontextmanager
async def replaying_alone(db: Database) -> AsyncIterator[None]:
    """Be the only replay on this database; raises UsageError when there is another."""
    async with db.transaction() as tx:  # its lock ends with it: a pooler keeps no session's
        if not await tx.value("lock_replay", lock_class=LOCK_CLASS, lock=REPLAY_LOCK):
            raise UsageError("another replay is working on this database: wait for it")
        yield


async def is_replay(db: Database) -> bool:
    """Return whether the database holds a replayed world."""
    async with db.session() as session:
        return bool(await session.value("database_purpose") == "replay")


async def mark_replay(db: Database) -> None:
    """Mark the database as one that holds a replayed world."""
    async with db.session() as session:
        await session.run("mark_replay")
