"""What an operator orders: feeds to pause, resume and remove, and how one of them is asked.

An order ends the lease of a poll that is under way. That poll finds its lease gone and writes
nothing, so it can neither bring back a feed nor keep what an old setting brought.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from pipeline.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What an operator set for a feed; None leaves it to the feed, the policy or the settings.

    `headers` go with its requests and may hold secrets: they are never shown.
    """

    title: str | None
    category: str | None
    every_seconds: float | None
    fetch_pages: bool | None
    headers: Mapping[str, str] = field(repr=False)


async def pause(db: Database, feed_ids: Sequence[int]) -> set[int]:
    """Take feeds out of the round until they are resumed; return those that are on the list."""
    return await _stop(db, feed_ids, "paused")


async def remove(db: Database, feed_ids: Sequence[int]) -> set[int]:
    """Take feeds off the list for good, what they brought is kept; return those that were on it."""
    return await _stop(db, feed_ids, "removed")


async def resume(db: Database, feed_ids: Sequence[int], *, now: datetime) -> set[int]:
    """Poll feeds again, now at first; return those that are on the list.

    One that had been gone gets another chance.
    """
    async with db.transaction() as tx:
        await tx.run("lock_feeds", feed_ids=list(feed_ids))
        return set(await tx.values("resume_feeds", feed_ids=list(feed_ids), now=now))


async def choose(
    db: Database, feed_id: int, change: Callable[[Choices], Choices], *, now: datetime
) -> bool:
    """Change what is set for a feed; False when it is not on the list.

    Where this changes how or when it is asked, it is asked now; with other headers without the
    validators of the document that was given for those before.
    """
    async with db.transaction() as tx:
        await tx.run("lock_feeds", feed_ids=[feed_id])
        old = await tx.row(Choices, "feed_choices", feed_id=feed_id)
        if old is None:
            return False
        new = change(old)
        await tx.run(
            "choose_feed",
            feed_id=feed_id,
            title=new.title,
            category=new.category,
            every_seconds=new.every_seconds,
            fetch_pages=new.fetch_pages,
            headers=Jsonb(dict(new.headers)),
        )
        is_other_reader = new.headers != old.headers
        if is_other_reader or new.every_seconds != old.every_seconds:
            await tx.run("ask_feed_anew", feed_id=feed_id, now=now, is_other_reader=is_other_reader)
        return True


async def _stop(db: Database, feed_ids: Sequence[int], state: str) -> set[int]:
    async with db.transaction() as tx:
        await tx.run("lock_feeds", feed_ids=list(feed_ids))
        return set(await tx.values("stop_feeds", feed_ids=list(feed_ids), state=state))
