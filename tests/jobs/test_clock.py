"""Where jobs get the time from."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from jobs.clock import DatabaseClock, RecordedClock
from pipeline.storage.database import connected
from tests.jobs.world import World

MOMENT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_recorded_clock_stands_still_until_it_is_set() -> None:
    clock = RecordedClock(MOMENT)
    assert (asyncio.run(clock.read()), clock.now()) == (MOMENT, MOMENT)
    clock.moment = MOMENT + timedelta(hours=1)
    assert clock.now() == MOMENT + timedelta(hours=1)


def test_database_clock_is_the_database_s_and_runs_on_between_questions(
    database_url: str,
) -> None:
    async def times() -> tuple[datetime, datetime, datetime]:
        async with connected(database_url, connections=1) as db:
            clock = DatabaseClock(db)
            return await clock.read(), clock.now(), clock.now()

    world = World(database_url)
    before = world.value("SELECT clock_timestamp()")
    read, now, later = asyncio.run(times())
    after = world.value("SELECT clock_timestamp()")
    assert before < read < after
    assert read <= now <= later < after
