"""Leases on claimed feeds and articles, and on their hosts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.model import DueArticle, DueFeed
from pipeline.storage.polls import LEASE

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from pipeline.storage.database import Database

Claimed = Sequence[DueFeed] | Sequence[DueArticle]


async def renew(db: Database, claimed: Claimed, *, now: datetime) -> None:
    """Push the leases of what is still in hand, and of its hosts.

    Each statement commits by itself: held together, their locks could meet those of a
    transaction that writes an outcome and holds its host.
    """
    if not claimed:
        return
    feed_ids, article_ids, tokens = _numbers(claimed)
    until = now + LEASE
    async with db.session() as session:
        hosts = sorted({item.host for item in claimed})
        await session.run("renew_hosts", until=until, hosts=hosts, tokens=tokens)
        await session.run("renew_feeds", until=until, feed_ids=feed_ids, tokens=tokens)
        await session.run("renew_articles", until=until, article_ids=article_ids, tokens=tokens)


async def give_back(db: Database, claimed: Claimed, *, now: datetime) -> None:
    """End the leases of what was not worked on: it is due at once."""
    if not claimed:
        return
    feed_ids, article_ids, tokens = _numbers(claimed)
    async with db.session() as session:
        await session.run("release_feeds", now=now, tokens=tokens, feed_ids=feed_ids)
        await session.run("release_articles", now=now, tokens=tokens, article_ids=article_ids)


async def clear(db: Database) -> None:
    """Undo every claim: for a replay, which nobody else works on, after one that was killed."""
    async with db.session() as session:
        await session.run("clear_leases", lease=LEASE)


def _numbers(claimed: Claimed) -> tuple[list[int], list[int], list[UUID]]:
    return (
        [item.feed_id for item in claimed if isinstance(item, DueFeed)],
        [item.article_id for item in claimed if isinstance(item, DueArticle)],
        sorted({item.lease_token for item in claimed}),
    )
