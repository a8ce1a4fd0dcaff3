"""Claims at the very same moment: no host and no item ever goes to two."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.storage import feeds, hosts, pages, polls
from pipeline.storage.database import connected
from tests.pipeline.storage.builders import NOW, execute, item, poll, rows, value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import DueArticle, DueFeed
    from pipeline.storage.database import Database

    Taken = Sequence[Sequence[DueFeed | DueArticle]]

ROUNDS = 20
HOSTS = 6
ITEMS = range(HOSTS * 10)  # ten feeds and ten articles a host
ALL_DUE = (
    "UPDATE ingest.feed_state SET due_at = '2026-03-02 07:00Z', lease_token = NULL",
    "UPDATE ingest.article_state SET due_at = '2026-03-02 07:00Z', lease_token = NULL",
)
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
# An item in somebody's hand whose host is in another's.
STRAY = """
SELECT host FROM (
  SELECT host, lease_token FROM ingest.feed_state
  UNION ALL
  SELECT host, lease_token FROM ingest.article_state
) AS items
JOIN ingest.hosts AS h USING (host)
WHERE items.lease_token IS DISTINCT FROM h.lease_token AND items.lease_token IS NOT NULL
"""


def test_claims_at_the_same_moment_share_no_host_and_no_item(database_url: str) -> None:
    """Four claims, two of feeds and two of articles, each wanting most of the hosts."""

    async def races() -> None:
        async with connected(database_url, connections=6) as db:
            await _races(db)

    asyncio.run(races())


async def _races(db: Database) -> None:
    await feeds.add(db, [f"https://tarn{n % HOSTS}.example/{n}.xml" for n in ITEMS], now=NOW)
    await poll(db, *(item(f"https://tarn{n % HOSTS}.example/{n}") for n in ITEMS))
    met = 0
    for n in range(ROUNDS):
        now = NOW + timedelta(minutes=5 * n)
        await execute(db, *ALL_DUE)
        taken = await _race(db, now)
        _expect_one_owner_each(taken)
        assert await rows(db, STRAY) == []
        met += sum(1 for claimed in taken if claimed) > 1
        for claimed in taken:
            for host, token in {(due.host, due.lease_token) for due in claimed}:
                await hosts.release(db, host, token, next_request_at=now)
    assert met > 0  # several got something: they raced, and not one after the other


async def _race(db: Database, now: datetime) -> Taken:
    """Claims that wait for one lock and start together when it goes."""

    async def claim_feeds() -> Sequence[DueFeed]:
        return await polls.claim(db, now=now, due_by=now, hosts=HOSTS - 1, token=uuid.uuid4())

    async def claim_articles() -> Sequence[DueArticle]:
        return await pages.claim(db, now=now, due_by=now, hosts=HOSTS - 1, token=uuid.uuid4())

    async with db.transaction() as other:
        await other.connection.execute("LOCK TABLE ingest.hosts IN ACCESS EXCLUSIVE MODE")
        two = (claim_feeds(), claim_articles())
        racing = asyncio.gather(claim_feeds(), claim_articles(), *two)
        while await value(db, WAITING) < 4:  # noqa: ASYNC110 - only the server can tell
            await asyncio.sleep(0.001)
    return await racing


def _expect_one_owner_each(taken: Taken) -> None:
    owners = [{due.host for due in claimed} for claimed in taken]
    assert sum(map(len, owners)) == len(set().union(*owners))
    addresses = [due.url for claimed in taken for due in claimed]
    assert len(addresses) == len(set(addresses))
