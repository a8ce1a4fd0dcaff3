"""Hosts: how long each is left alone, what its robots.txt said, and how long work has to wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import FetchError, NoArticleError
from pipeline.model import Robots
from pipeline.storage import hosts, waiting
from tests.pipeline.storage.builders import (
    MINUTE,
    NOW,
    claim_articles,
    claim_feed,
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
    async with db.transaction() as tx:
        await hosts.hold_for(tx, HOST, error, NOW)
    assert await next_request_at(db) == NOW + held_for


@on_database
async def test_a_shorter_hold_does_not_end_a_longer_one(db: Database) -> None:
    await poll(db, item(PAGE))
    async with db.transaction() as tx:
        for wish in (2 * HOUR, HOUR):
            error = FetchError("rate_limited", PAGE, retry_after=wish)
            await hosts.hold_for(tx, HOST, error, NOW)
    assert await next_request_at(db) == NOW + 2 * HOUR


@on_database
async def test_giving_a_host_back_does_not_end_its_hold(db: Database) -> None:
    feed = await claim_feed(db)
    async with db.transaction() as tx:
        await hosts.hold_for(tx, HOST, FetchError("rate_limited", PAGE), NOW)
    await hosts.release(db, HOST, feed.lease_token, next_request_at=NOW + MINUTE)
    assert await next_request_at(db) == NOW + hosts.UNSAID_HOLD
    assert await value(db, "SELECT lease_token FROM ingest.hosts") is None


@on_database
async def test_a_host_that_was_never_asked_has_no_robots(db: Database) -> None:
    assert await hosts.robots(db, HOST) == Robots(text=None, reason=None, fetched_at=None)


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
    assert await hosts.robots(db, HOST) == known


@on_database
async def test_nothing_due_is_nothing_to_wait_for(db: Database) -> None:
    await poll(db)
    assert await waiting.soonest(db, "feeds", due_by=NOW) is None
    assert await waiting.soonest(db, "articles", due_by=NOW) is None


@on_database
async def test_what_is_due_waits_for_its_host_to_cool_down(db: Database) -> None:
    await poll(db, item(PAGE))
    feed = await claim_feed(db, "https://alder.example/other")
    assert await waiting.soonest(db, "articles", due_by=NOW) is None  # somebody talks to it
    await hosts.release(db, HOST, feed.lease_token, next_request_at=NOW + MINUTE)
    assert await waiting.soonest(db, "articles", due_by=NOW) == NOW + MINUTE
    assert await claim_articles(db, at=NOW) == []
    assert len(await claim_articles(db, at=NOW + MINUTE)) == 1
