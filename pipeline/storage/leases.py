"""Leases on claimed feeds and articles, and on their hosts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.model import DueArticle, DueFeed
from pipeline.storage.polls import LEASE

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.storage.database import Database

Claimed = Sequence[DueFeed] | Sequence[DueArticle]


async def renew(db: Database, claimed: Claimed, *, now: datetime) -> None:
    """Push the leases of what is still in hand, and of its hosts."""
    if not claimed:
        return
    async with db.transaction() as tx:
        await tx.run(
            "renew_leases",
            until=now + LEASE,
            hosts=sorted({item.host for item in claimed}),
            tokens=list({item.lease_token for item in claimed}),
            feed_ids=[item.feed_id for item in claimed if isinstance(item, DueFeed)],
            article_ids=[item.article_id for item in claimed if isinstance(item, DueArticle)],
        )


async def give_back(db: Database, claimed: Claimed, *, now: datetime) -> None:
    """End the leases of what was not worked on: it is due at once."""
    tokens = list({item.lease_token for item in claimed})
    feed_ids = [item.feed_id for item in claimed if isinstance(item, DueFeed)]
    article_ids = [item.article_id for item in claimed if isinstance(item, DueArticle)]
    async with db.transaction() as tx:
        await tx.run("release_feeds", now=now, tokens=tokens, feed_ids=feed_ids)
        await tx.run("release_articles", now=now, tokens=tokens, article_ids=article_ids)
