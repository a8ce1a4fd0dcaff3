"""A database clock that goes back by two hours: nothing sleeps, and it is told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from jobs.commands import root
from pipeline.storage import clock_steps
from pipeline.storage.clock_steps import Ended
from tests.jobs.world import World
from tests.pipeline.storage.builders import NOW, execute, on_database, rows, value

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pipeline.storage.database import Database
    from tests.jobs.shell import Ran
    from tests.jobs.site import Site

# What the clock said, and what was planned by it, by table.
TIMES = {
    "hosts": ("next_request_at", "leased_until"),
    "feed_state": ("due_at", "last_polled_at"),
    "article_state": ("due_at", "failed_at"),
    "articles": ("first_seen_at", "fetched_at", "last_checked_at"),
}


@pytest.fixture
def world(database_url: str) -> World:
    made = World(database_url)
    made.add_feeds("https://alder.example/feed", "https://birch.example/feed")
    return made


def _step_back(url: str, step: timedelta) -> None:
    """Put the past and the plans later: it is as if the clock had gone back."""
    with psycopg.connect(url) as connection:
        for table, columns in TIMES.items():
            sets = [SQL("{0} = {0} + %(step)s").format(Identifier(name)) for name in columns]
            statement = SQL("UPDATE ingest.{} SET {}").format(
                Identifier(table), SQL(", ").join(sets)
            )
            connection.execute(statement, {"step": step})


@on_database
async def test_each_kind_of_wait_ends_as_it_would_have(db: Database) -> None:
    """A lease in two minutes at most, an interval at once, a plan after its own length."""
    await execute(
        db,
        "INSERT INTO ingest.hosts (host, next_request_at) VALUES"
        " ('leased', '2026-03-02 10:00Z'), ('cooling', '2026-03-02 10:00:01Z'),"
        " ('crawl-delayed', '2026-03-02 08:01Z'), ('held', '2026-03-04Z'), ('held-on', '2026-04-01Z')",
        "UPDATE ingest.hosts SET leased_until = '2026-03-02 10:01Z', lease_token = gen_random_uuid()"
        " WHERE host = 'leased'",
        "UPDATE ingest.hosts SET hold_reason = 'rate_limited' WHERE host LIKE 'held%'",
    )
    ended = await clock_steps.end(db, now=NOW, host_interval_seconds=1.0)
    assert ended == Ended(hosts=3)
    assert await rows(
        db,
        "SELECT host, to_char(next_request_at AT TIME ZONE 'UTC', 'MM-DD HH24:MI'),"
        " leased_until - %s FROM ingest.hosts ORDER BY host",
        NOW,
    ) == [
        ("cooling", "03-02 08:00", None),
        ("crawl-delayed", "03-02 08:01", None),
        ("held", "03-04 00:00", None),
        ("held-on", "03-02 08:00", None),
        ("leased", "03-02 08:00", timedelta(minutes=2)),
    ]
    assert await clock_steps.end(db, now=NOW, host_interval_seconds=1.0) == Ended()


@on_database
async def test_an_interval_of_ours_may_be_long(db: Database) -> None:
    await execute(
        db,
        "INSERT INTO ingest.hosts (host, next_request_at) VALUES ('slow', '2026-03-02 09:00Z')",
    )
    assert (await clock_steps.end(db, now=NOW, host_interval_seconds=3600)).total == 0
    assert (await clock_steps.end(db, now=NOW, host_interval_seconds=60)).total == 1


def test_after_a_step_back_everything_goes_on(
    database_url: str, sites: Callable[[], Site], cli: Callable[..., Ran]
) -> None:
    site, world = sites(), World(database_url)
    world.add_feeds(site.put_feed("/feed.xml", site.put_news("harbour", "orchard")))
    settings = {
        "DATABASE_URL": database_url,
        "BROADSHEET_ALLOW_NETS": "127.0.0.0/8",
        "BROADSHEET_HOST_INTERVAL_SECONDS": "0",
    }
    assert cli("once", **settings).code == root.DONE
    # One article was in the hands of a service that died in the step, another was just found.
    world.rows(
        "UPDATE ingest.article_state SET outcome = 'pending', stage = 'fetch', due_at = now(),"
        " lease_token = CASE WHEN article_id = 1 THEN gen_random_uuid() END"
    )
    _step_back(database_url, timedelta(hours=2))
    assert {"15_waits_are_possible"} <= set(cli("check", "--json", **settings).json)
    said = json.loads(cli("doctor", "--json", **settings).out)
    assert [(f["state"], "clock went back" in f["said"]) for f in said if f["name"] == "waits"] == [
        ("fail", True)
    ]

    ran = cli("poll", "--all", **settings)
    assert (ran.code, "1 feed due now" in ran.err) == (root.DONE, True)
    assert "the database's clock went back" in ran.err
    assert "15_waits_are_possible" not in world.broken()
    now = world.value("SELECT clock_timestamp()")
    leased, waiting = world.values("SELECT due_at FROM ingest.article_state ORDER BY article_id")
    assert _near(leased, now + timedelta(minutes=2))
    assert _near(waiting, now)


def test_a_feed_keeps_the_length_of_its_interval(world: World, cli: Callable[..., Ran]) -> None:
    """No flood: what was polled at 9:50 for 10:20 is polled at 8:30, not at once."""
    world.rows(
        "UPDATE ingest.feed_state SET last_polled_at = now() + interval '2 hours',"
        " due_at = now() + interval '2 hours 30 minutes'"
    )
    ran = cli("poll", "1", DATABASE_URL=world.url)
    assert ran.code == root.DONE
    asked, other = world.values("SELECT due_at FROM ingest.feed_state ORDER BY feed_id")
    now = world.value("SELECT clock_timestamp()")
    assert _near(asked, now)
    assert _near(other, now + timedelta(minutes=30))


@on_database
async def test_a_clock_that_is_corrected_by_seconds_changes_nothing(db: Database) -> None:
    await execute(
        db,
        "INSERT INTO ingest.hosts (host, next_request_at, leased_until, lease_token) VALUES"
        " ('a', '2026-03-02 08:01:30Z', '2026-03-02 08:01:30Z', gen_random_uuid())",
    )
    assert await clock_steps.end(db, now=NOW, host_interval_seconds=1.0) == Ended()
    assert await value(db, "SELECT count(*) FROM ingest.hosts WHERE leased_until IS NOT NULL") == 1


def _near(moment: datetime, expected: datetime) -> bool:
    return abs(moment - expected) < timedelta(seconds=45)
