"""The list of feeds: adding them, finding them by address, making them due."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.errors import UsageError
from pipeline.storage.fetches import digest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from pipeline.storage.database import Database


# Two-integer advisory key: the class is ours ('brds'), the object is "a replay" (1, 2: migrations
# and making databases).
LOCK_CLASS, REPLAY_LOCK = 0x62726473, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A feed that was asked to be added; `is_new` is false when its address was known."""

    feed_id: int
    url: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Address:
    url_digest: bytes
    feed_id: int


async def add(
    db: Database, addresses: Sequence[str], *, now: datetime, category: str | None = None
) -> list[Added]:
    """Add feeds, due at once, and return one value for each address, in order.

    Addresses must be fetchable (`urls.fetchable`). One that a feed has or had finds that feed.
    """
    wanted = sorted({digest(url): url for url in addresses}.items())
    async with db.transaction() as tx:
        hosts = [urls.host(url) for _, url in wanted]
        await tx.run("add_hosts", hosts=hosts, now=now)
        new = await tx.values(
            "add_feeds",
            urls=[url for _, url in wanted],
            digests=[key for key, _ in wanted],
            hosts=hosts,
            category=category,
            now=now,
        )
        rows = await tx.rows(_Address, "feeds_by_address", digests=[key for key, _ in wanted])
    ids = {row.url_digest: row.feed_id for row in rows}
    found = [(ids[digest(url)], url) for url in addresses]
    return [Added(feed_id=feed_id, url=url, is_new=feed_id in new) for feed_id, url in found]


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


async def remove(db: Database, feed_id: int) -> None:
    """Forget a feed of which nothing was stored but the attempt to poll it."""
    async with db.session() as session:
        await session.run("remove_feed", feed_id=feed_id)


@asynccontextmanager
async def replaying_alone(db: Database) -> AsyncIterator[None]:
    """Be the only replay on this database; raises UsageError when there is another."""
    async with db.session() as session:
        if not await session.value("lock_replay", lock_class=LOCK_CLASS, lock=REPLAY_LOCK):
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
