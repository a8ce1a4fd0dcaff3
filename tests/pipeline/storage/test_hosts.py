"""Hosts: how long each is left alone, what its robots.txt said, and how long work has to wait."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from jobs.host_leases import known_robots
from pipeline.decide import holds
from pipeline.errors import FetchError, NoArticleError
from pipeline.model import Robots
from pipeline.storage import hosts, next_due
from tests.pipeline.storage.builders import (
    MINUTE,
    NOW,
    claim_articles,
    claim_feed,
    hold,
    item,
    on_database,
    poll,
    value,
)

if TYPE_CHECKING:
    from pipeline.errors import IngestError
    from pipeline.storage.database import Database

HOST = "alder.example"
PAGE = f"https://{HOST}/a"
HOUR = timedelta(hours=1)


async def next_request_at(db: Database) -> object:
    return await value(db, "SELECT next_request_at FROM ingest.hosts WHERE host = %s", HOST)


@pytest.mark.parametrize(
    ("error", "held_for"),
    [
        pytest.param(FetchError("rate_limited", PAGE), timedelta(hours=4), id="unsaid"),
        pytest.param(FetchError("rate_limited", PAGE, retry_after=HOUR), HOUR, id="said"),
        pytest.param(FetchError("http_5xx", PAGE, retry_after=HOUR), timedelta(0), id="failure"),
        pytest.param(NoArticleError("no_text", PAGE), timedelta(0), id="no article"),
    ],
)
@on_database
async def test_a_host_is_held_as_long_as_it_wants(
    db: Database, error: IngestError, held_for: timedelta
) -> None:
    await poll(db, item(PAGE))
    await hold(db, HOST, error)
    assert await next_request_at(db) == NOW + held_for


@on_database
async def test_a_host_is_taken_by_one(db: Database) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert await hosts.take(db, HOST, one, now=NOW)
    assert not await hosts.take(db, HOST, other, now=NOW)
    await hosts.release(db, HOST, one, next_request_at=NOW + MINUTE)
    assert not await hosts.take(db, HOST, other, now=NOW)
    assert await hosts.take(db, HOST, other, now=NOW + MINUTE)


@on_database
async def test_a_host_of_a_claim_is_not_taken_and_a_taken_one_is_not_claimed(db: Database) -> None:
    feed = await claim_feed(db)
    assert not await hosts.take(db, HOST, uuid.uuid4(), now=NOW)
    await poll(db, item(PAGE), at=NOW + 2 * MINUTE, url="https://birch.example/feed")
    await hosts.release(db, HOST, feed.lease_token, next_request_at=NOW)
    assert await hosts.take(db, HOST, uuid.uuid4(), now=NOW + 2 * MINUTE)
    assert await claim_articles(db, at=NOW + 2 * MINUTE) == []


@on_database
async def test_a_taken_host_is_free_when_its_lease_ends_and_not_while_it_is_pushed(
    db: Database,
) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert await hosts.take(db, HOST, one, now=NOW)
    await hosts.renew(db, HOST, one, now=NOW + MINUTE / 2)
    assert not await hosts.take(db, HOST, other, now=NOW + MINUTE)
    assert await hosts.take(db, HOST, other, now=NOW + 1.5 * MINUTE)
    await hosts.renew(db, HOST, one, now=NOW + 9 * MINUTE)  # it is another's now
    assert await value(db, "SELECT leased_until FROM ingest.hosts") == NOW + 2.5 * MINUTE


@on_database
async def test_a_hold_is_told_from_an_interval(db: Database) -> None:
    assert await hosts.held_until(db, HOST, now=NOW) is None
    token = uuid.uuid4()
    await hosts.take(db, HOST, token, now=NOW)
    await hosts.release(db, HOST, token, next_request_at=NOW + MINUTE)
    assert await hosts.held_until(db, HOST, now=NOW) is None
    await hold(db, HOST, FetchError("rate_limited", PAGE, retry_after=HOUR))
    assert await hosts.held_until(db, HOST, now=NOW) == NOW + HOUR
    assert await hosts.held_until(db, HOST, now=NOW + HOUR) is None
    assert await hosts.take(db, HOST, token, now=NOW + HOUR)
    assert await value(db, "SELECT hold_reason FROM ingest.hosts") is None


@on_database
async def test_a_wish_of_no_time_is_no_wish_for_hours(db: Database) -> None:
    await poll(db, item(PAGE))
    await hold(db, HOST, FetchError("rate_limited", PAGE, retry_after=timedelta(0)))
    assert await next_request_at(db) == NOW


@on_database
async def test_a_shorter_hold_does_not_end_a_longer_one(db: Database) -> None:
    await poll(db, item(PAGE))
    for wait in (2 * HOUR, HOUR):
        await hold(db, HOST, FetchError("rate_limited", PAGE, retry_after=wait))
    assert await next_request_at(db) == NOW + 2 * HOUR


@on_database
async def test_giving_a_host_back_does_not_end_its_hold(db: Database) -> None:
    feed = await claim_feed(db)
    await hold(db, HOST, FetchError("rate_limited", PAGE))
    await hosts.release(db, HOST, feed.lease_token, next_request_at=NOW + MINUTE)
    assert await next_request_at(db) == NOW + holds.UNSAID_HOLD
    assert await value(db, "SELECT lease_token FROM ingest.hosts") is None


@on_database
async def test_a_host_that_was_never_asked_has_no_robots(db: Database) -> None:
    assert await known_robots(db, HOST) == Robots(text=None, reason=None, fetched_at=None)


@pytest.mark.parametrize(
    "known",
    [
        Robots(text="User-agent: *\nDisallow: /members", reason=None, fetched_at=NOW),
        Robots(text=None, reason="http_5xx", fetched_at=NOW),
    ],
)
@on_database
async def test_robots_come_back_as_they_were_stored(db: Database, known: Robots) -> None:
    await poll(db, item(PAGE))
    async with db.transaction() as tx:
        await hosts.store_robots(tx, HOST, known)
    assert await known_robots(db, HOST) == known


@on_database
async def test_nothing_due_is_nothing_to_wait_for(db: Database) -> None:
    await poll(db)
    assert await next_due.soonest(db, "feeds", due_by=NOW) is None
    assert await next_due.soonest(db, "articles", due_by=NOW) is None


@on_database
async def test_what_is_due_waits_for_its_host_to_cool_down(db: Database) -> None:
    await poll(db, item(PAGE))
    feed = await claim_feed(db, "https://alder.example/other")
    assert await next_due.soonest(db, "articles", due_by=NOW) is None  # somebody talks to it
    await hosts.release(db, HOST, feed.lease_token, next_request_at=NOW + MINUTE)
    assert await next_due.soonest(db, "articles", due_by=NOW) == NOW + MINUTE
    assert await claim_articles(db, at=NOW) == []
    assert len(await claim_articles(db, at=NOW + MINUTE)) == 1
