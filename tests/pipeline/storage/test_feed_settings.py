"""An operator's word stands, whatever a poll under way does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline import decide, persist
from pipeline.errors import GoneError
from pipeline.model import FeedHealth, FeedState
from pipeline.storage import feed_settings, feeds, leases
from tests.pipeline.storage.builders import (
    FEED,
    MINUTE,
    NOW,
    claim_feed,
    claim_feeds,
    execute,
    feed_read,
    item,
    on_database,
    poll,
    rows,
    snapshot,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pipeline.model import DueFeed
    from pipeline.storage.database import Database
    from pipeline.storage.feed_settings import Choices

STATE = (
    "SELECT f.state, s.due_at, s.due_reason, s.lease_token IS NOT NULL "
    "FROM ingest.feeds AS f JOIN ingest.feed_state AS s USING (feed_id)"
)
LATER = NOW + MINUTE


async def checked(db: Database) -> None:
    """The rule that binds state and queue holds."""
    async with db.session() as session:
        assert (await session.check("04_feeds_are_planned")).rows == ()


async def pause(db: Database) -> set[int]:
    return await feed_settings.pause(db, [1])


async def remove(db: Database) -> set[int]:
    return await feed_settings.remove(db, [1])


async def resume(db: Database) -> set[int]:
    return await feed_settings.resume(db, [1], now=LATER)


STOPS = [pytest.param(pause, "paused", id="pause"), pytest.param(remove, "removed", id="remove")]


async def written(db: Database, feed: DueFeed) -> None:
    """What a poller does at the end of a poll: it renews, writes, and gives back."""
    await leases.renew(db, [feed], now=LATER)
    read = feed_read(item("https://alder.example/a"), at=LATER)
    assert await persist.write_poll(db, feed, read, draw=0.5) is None
    await leases.give_back(db, [feed], now=LATER)


@pytest.mark.parametrize(("stop", "state"), STOPS)
@on_database
async def test_stopped_feed_is_not_due(
    db: Database, stop: Callable[[Database], Awaitable[set[int]]], state: str
) -> None:
    await feeds.add(db, [FEED], now=NOW)
    assert await stop(db) == {1}
    assert await rows(db, STATE) == [(state, None, state, False)]
    assert await claim_feeds(db, at=LATER) == []
    await checked(db)


@pytest.mark.parametrize(("stop", "state"), STOPS)
@on_database
async def test_poll_under_way_brings_no_feed_back(
    db: Database, stop: Callable[[Database], Awaitable[set[int]]], state: str
) -> None:
    feed = await claim_feed(db)
    await stop(db)
    await written(db, feed)
    assert await rows(db, STATE) == [(state, None, state, False)]
    assert await value(db, "SELECT count(*) FROM ingest.polls") == 0
    await checked(db)


@pytest.mark.parametrize(("stop", "state"), STOPS)
@on_database
async def test_poll_under_way_that_finds_the_feed_gone_changes_nothing(
    db: Database, stop: Callable[[Database], Awaitable[set[int]]], state: str
) -> None:
    since = NOW.replace(year=2025)
    health = FeedHealth(gone_streak=9, gone_since=since, failing_since=NOW)
    feed = replace(await claim_feed(db), state=FeedState(health=health))
    await stop(db)
    gone = decide.Failed(error=GoneError("gone", FEED), at=LATER)
    assert await persist.write_poll(db, feed, gone, draw=0.5) is None
    assert await value(db, "SELECT state FROM ingest.feeds") == state


@pytest.mark.parametrize(("stop", "state"), STOPS)
@on_database
async def test_order_waits_for_a_poll_that_is_being_written(
    db: Database, stop: Callable[[Database], Awaitable[set[int]]], state: str
) -> None:
    """The poll has the lock first: it is kept, and the feed is stopped all the same."""
    await claim_feed(db)
    async with db.transaction() as tx:
        await tx.connection.execute("SELECT FROM ingest.feed_state FOR UPDATE")
        order = asyncio.ensure_future(stop(db))
        for _ in range(1000):
            if await value(db, "SELECT count(*) FROM pg_locks WHERE NOT granted"):
                break
            await asyncio.sleep(0.01)
        await tx.connection.execute(
            "UPDATE ingest.feed_state SET lease_token = NULL, due_at = due_at + interval '1 day'"
        )
        await tx.connection.execute("UPDATE ingest.feeds SET title = 'Alder'")
    assert await order == {1}
    assert await rows(db, STATE) == [(state, None, state, False)]


@on_database
async def test_many_orders_and_polls_at_once_end_without_a_deadlock(db: Database) -> None:
    for n in range(10):
        at = NOW + n * MINUTE
        await feed_settings.resume(db, [1], now=at)
        feed = await claim_feed(db, at=at)
        read = feed_read(item(f"https://alder.example/{n}"), at=at)
        await asyncio.gather(
            persist.write_poll(db, feed, read, draw=0.5),
            pause(db),
            leases.renew(db, [feed], now=at),
            feeds.register(db, await feeds.all_listed(db), now=at),
        )
        assert await value(db, "SELECT state FROM ingest.feeds") == "paused"
        await execute(db, "UPDATE ingest.hosts SET leased_until = NULL, lease_token = NULL")
        await checked(db)


@pytest.mark.parametrize("state", ["paused", "gone"])
@on_database
async def test_resumed_feed_is_due_and_keeps_all_but_its_being_gone(
    db: Database, state: str
) -> None:
    await poll(db, item("https://alder.example/a"))
    await rows(db, "UPDATE ingest.feeds SET state = %s RETURNING 1", state)
    await execute(
        db,
        "UPDATE ingest.feed_state SET due_at = NULL, gone_streak = 3, gone_since = last_polled_at,"
        " failure_streak = 3, failing_since = last_polled_at",
    )
    kept = (
        "SELECT etag, last_modified, body_sha256, failure_streak, rate_model FROM ingest.feed_state"
    )
    before = await rows(db, kept)
    assert before[0][0] is not None
    assert await resume(db) == {1}
    assert await rows(db, STATE) == [("active", LATER, "resumed", False)]
    assert await rows(db, kept) == before
    assert await rows(db, "SELECT gone_streak, gone_since FROM ingest.feed_state") == [(0, None)]
    await checked(db)


@on_database
async def test_feed_that_is_being_polled_is_left_to_that_poll(db: Database) -> None:
    feed = await claim_feed(db)
    before = await snapshot(db)
    assert await resume(db) == {1}
    assert await snapshot(db) == before
    read = feed_read(item("https://alder.example/a"), at=LATER)
    assert await persist.write_poll(db, feed, read, draw=0.5)


@pytest.mark.parametrize("order", [pause, resume, remove])
@on_database
async def test_order_for_no_feed_does_nothing(
    db: Database, order: Callable[[Database], Awaitable[set[int]]]
) -> None:
    await feeds.add(db, [FEED, "https://tarn.example/feed"], now=NOW)
    await execute(
        db,
        "UPDATE ingest.feeds SET state = 'merged', merged_into = 2 WHERE feed_id = 1",
        "UPDATE ingest.feed_state SET due_at = NULL WHERE feed_id = 1",
    )
    before = await snapshot(db)
    assert await order(db) == set()
    assert await snapshot(db) == before


@on_database
async def test_removed_feed_keeps_what_it_brought_and_leaves_the_list(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    assert await remove(db) == {1}
    assert await value(db, "SELECT count(*) FROM news.feeds") == 0
    assert await value(db, "SELECT count(*) FROM news.entries") == 1
    assert await value(db, "SELECT count(*) FROM ingest.articles") == 1
    assert await resume(db) == set()
    assert await feeds.off_list(db, [1, 2]) == [
        feeds.OffList(feed_id=1, url=FEED, state="removed", merged_into=None)
    ]


def changing(**fields: object) -> Callable[[Choices], Choices]:
    return lambda old: replace(old, **fields)  # type: ignore[arg-type]


CHOICES = "SELECT given_title, category, every_seconds, fetch_pages FROM ingest.feeds"
HEADERS = "SELECT headers FROM ingest.feed_headers"
KNOWN = "SELECT etag IS NULL, body_sha256 IS NULL FROM ingest.feed_state"


@on_database
async def test_what_is_set_is_kept_and_the_rest_stays(db: Database) -> None:
    await feeds.add(db, [FEED], now=NOW, category="News")
    assert await feed_settings.choose(db, 1, changing(title="T", fetch_pages=False), now=NOW)
    assert await rows(db, CHOICES) == [("T", "News", None, False)]
    assert await feed_settings.choose(db, 1, changing(title=None, category=None), now=NOW)
    assert await rows(db, CHOICES) == [(None, None, None, False)]


@on_database
async def test_name_and_folder_are_no_reason_to_ask(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    before = await rows(db, "SELECT * FROM ingest.feed_state")
    await feed_settings.choose(
        db, 1, changing(title="T", category="C", fetch_pages=True), now=LATER
    )
    assert await rows(db, "SELECT * FROM ingest.feed_state") == before


@on_database
async def test_other_interval_is_a_reason_to_ask_and_validators_stay(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    await feed_settings.choose(db, 1, changing(every_seconds=1800.0), now=LATER)
    assert await rows(db, STATE) == [("active", LATER, "settings changed", False)]
    assert await rows(db, KNOWN) == [(False, False)]


@on_database
async def test_other_headers_forget_the_document(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    await feed_settings.choose(db, 1, changing(headers={"X-Key": "k"}), now=LATER)
    assert await rows(db, STATE) == [("active", LATER, "settings changed", False)]
    assert await rows(db, KNOWN) == [(True, True)]
    assert await rows(db, HEADERS) == [({"X-Key": "k"},)]
    await feed_settings.choose(db, 1, changing(headers={}), now=LATER)
    assert await rows(db, HEADERS) == []


@on_database
async def test_poll_made_with_other_headers_is_not_written(db: Database) -> None:
    feed = await claim_feed(db)
    await feed_settings.choose(db, 1, changing(headers={"X-Key": "k"}), now=LATER)
    read = feed_read(item("https://alder.example/a"), at=LATER)
    assert await persist.write_poll(db, feed, read, draw=0.5) is None
    assert await rows(db, KNOWN) == [(True, True)]
    await execute(db, "UPDATE ingest.hosts SET leased_until = NULL, lease_token = NULL")
    (again,) = await claim_feeds(db, at=LATER)
    assert again.headers == {"X-Key": "k"}


@on_database
async def test_paused_feed_stays_paused_with_other_headers(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    await pause(db)
    await feed_settings.choose(db, 1, changing(headers={"X-Key": "k"}), now=LATER)
    assert await rows(db, STATE) == [("paused", None, "paused", False)]
    assert await rows(db, KNOWN) == [(True, True)]


@on_database
async def test_nothing_is_set_for_a_feed_off_the_list(db: Database) -> None:
    await feeds.add(db, [FEED], now=NOW)
    await remove(db)
    before = await snapshot(db)
    assert await feed_settings.choose(db, 1, changing(title="T"), now=LATER) is False
    assert await feed_settings.choose(db, 9, changing(title="T"), now=LATER) is False
    assert await snapshot(db) == before


def test_headers_are_not_shown() -> None:
    choices = feed_settings.Choices(
        title=None, category=None, every_seconds=None, fetch_pages=None, headers={"A": "hunter2"}
    )
    assert "hunter2" not in repr(choices)
