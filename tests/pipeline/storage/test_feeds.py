"""The list of feeds: each address once, due when it is new or wanted, gone when it never was one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline import record
from pipeline.model import Hop
from pipeline.storage import feeds
from tests.pipeline.storage.builders import (
    FEED,
    MINUTE,
    NOW,
    claim_feed,
    claim_feeds,
    failure,
    feed_read,
    item,
    on_database,
    poll,
    rows,
    value,
)

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.storage.database import Database

TARN = "https://tarn.example/feed"
DUE = "SELECT url, next_poll_at, next_poll_reason FROM news.feeds ORDER BY feed_id"


@on_database
async def test_a_new_feed_is_due_at_once(db: Database) -> None:
    (added,) = await feeds.add(db, [FEED], now=NOW, category="Harbours")
    assert added == feeds.Added(feed_id=added.feed_id, url=FEED, is_new=True)
    assert await rows(db, DUE) == [(FEED, NOW, "new")]
    assert await value(db, "SELECT category FROM news.feeds") == "Harbours"


@on_database
async def test_feeds_are_added_in_the_order_asked_for(db: Database) -> None:
    addresses = [f"https://n{n}.example/feed" for n in range(9)]
    assert [feed.url for feed in await feeds.add(db, addresses, now=NOW)] == addresses


@on_database
async def test_a_known_address_is_not_added_again(db: Database) -> None:
    await feeds.add(db, [FEED], now=NOW)
    again = await feeds.add(db, [TARN, FEED], now=NOW + MINUTE)
    assert [feed.is_new for feed in again] == [True, False]
    assert await rows(db, DUE) == [(FEED, NOW, "new"), (TARN, NOW + MINUTE, "new")]


@on_database
async def test_an_address_asked_for_twice_is_one_feed(db: Database) -> None:
    one, two = await feeds.add(db, [FEED, FEED], now=NOW)
    assert one.feed_id == two.feed_id
    assert await value(db, "SELECT count(*) FROM ingest.feeds") == 1


@on_database
async def test_an_address_a_feed_moved_from_finds_it(db: Database) -> None:
    """Three polls over three days were redirected for good; the old address is still known."""
    for day in (0, 2, 4):
        at = NOW + timedelta(days=day)
        feed = await claim_feed(db, FEED, at=at)
        await record.write_poll(db, feed, moved(feed.url, at), draw=0.5)
        await free(db)
    assert await value(db, "SELECT url FROM news.feeds") == TARN
    (found,) = await feeds.add(db, [FEED], now=NOW + timedelta(days=5))
    assert found.is_new is False
    assert await value(db, "SELECT count(*) FROM ingest.feeds") == 1


def moved(url: str, at: datetime) -> record.FeedRead:
    read = feed_read(item("https://tarn.example/a"), url=TARN)
    hops = (Hop(url=url, status=301),)
    return replace(read, response=replace(read.response, hops=hops, fetched_at=at))


async def free(db: Database) -> None:
    async with db.session() as session:
        await session.connection.execute(
            "UPDATE ingest.hosts SET leased_until = NULL, lease_token = NULL"
        )


@on_database
async def test_a_feed_is_made_due_once_a_moment(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    number = await value(db, "SELECT feed_id FROM ingest.feeds")
    assert await feeds.make_due(db, [number], now=NOW, reason="asked for") == []
    assert await feeds.make_due(db, None, now=NOW + MINUTE, reason="asked for") == [number]
    assert await rows(db, DUE) == [(FEED, NOW + MINUTE, "asked for")]


@on_database
async def test_a_feed_at_work_is_not_made_due(db: Database) -> None:
    await claim_feed(db)
    assert await feeds.make_due(db, None, now=NOW, reason="asked for") == []


@pytest.mark.parametrize("state", ["paused", "gone"])
@on_database
async def test_a_feed_that_is_not_active_is_not_made_due(db: Database, state: str) -> None:
    await feeds.add(db, [FEED], now=NOW)
    await rows(db, "UPDATE ingest.feeds SET state = %s RETURNING 1", state)
    await rows(db, "UPDATE ingest.feed_state SET due_at = NULL RETURNING 1")
    assert await feeds.make_due(db, None, now=NOW, reason="asked for") == []
    assert await claim_feeds(db) == []


@on_database
async def test_an_address_that_is_no_feed_is_forgotten(db: Database) -> None:
    feed = await claim_feed(db)
    await record.write_poll(db, feed, failure(FEED, "not_a_feed"), draw=0.5)
    await feeds.remove(db, feed.feed_id)
    assert await rows(db, DUE) == []
    assert await value(db, "SELECT count(*) FROM ingest.feed_urls") == 0


@on_database
async def test_a_feed_with_entries_is_not_forgotten(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    await feeds.remove(db, await value(db, "SELECT feed_id FROM ingest.feeds"))
    assert await value(db, "SELECT count(*) FROM ingest.feeds") == 1


@on_database
async def test_a_database_is_live_until_it_is_marked(db: Database) -> None:
    assert await feeds.is_replay(db) is False
    await feeds.mark_replay(db)
    assert await feeds.is_replay(db) is True
