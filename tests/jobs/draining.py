"""Drains of a real queue, with a clock and a handler of the test's own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from jobs.clock import RecordedClock
from jobs.worker import Queue, QueueWorker
from pipeline.storage import feeds, polls
from pipeline.storage.database import connected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from jobs.clock import Clock
    from pipeline.model import DueFeed
    from pipeline.storage.database import Database
    from tests.jobs.world import World

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LEASE = timedelta(seconds=60)
PATIENCE = 20.0  # seconds until a test that hangs is given up
STATE = (
    "SELECT f.url, s.due_at, s.lease_token IS NOT NULL, s.attempts"
    " FROM ingest.feed_state AS s JOIN ingest.feeds AS f USING (feed_id) ORDER BY f.url"
)


def addresses(*hosts: str, each: int = 1) -> list[str]:
    return [f"https://{host}.example/{number}.xml" for host in hosts for number in range(each)]


def work_off(
    world: World,
    handle: Callable[[QueueWorker[DueFeed], DueFeed], Awaitable[None]],
    *,
    width: int = 8,
    interval_seconds: float = 0.0,
    clock: RecordedClock | None = None,
    stopped: bool = False,
) -> int:
    """How many of the feeds that are due were handled."""
    time = clock or RecordedClock(NOW)

    async def drained() -> int:
        async with connected(world.url) as db:
            drain = drain_of(db, time, width)

            async def handled(feed: DueFeed) -> float | None:
                await handle(drain, feed)
                return interval_seconds

            drain.line = replace(drain.line, handle=handled)
            if stopped:
                drain.stop.set()
            return await asyncio.wait_for(drain.run(), PATIENCE)

    return asyncio.run(drained())


def drain_of(db: Database, clock: Clock, width: int) -> QueueWorker[DueFeed]:
    async def nothing(_: DueFeed) -> float | None:
        raise AssertionError("this line is replaced by each test")

    async def lost(_: DueFeed, __: Exception) -> None:
        """Leave the lease, as when the database is away."""

    line = Queue(name="feeds", claim=claims_of(db), handle=nothing, fail=lost)
    return QueueWorker(line=line, db=db, clock=clock, width=width)


def claims_of(db: Database) -> Callable[[datetime, int, UUID], Awaitable[list[DueFeed]]]:
    async def claim(now: datetime, count: int, token: UUID) -> list[DueFeed]:
        return await polls.claim(db, now=now, due_by=now, hosts=count, token=token)

    return claim


def add(world: World, urls: list[str]) -> None:
    async def add() -> None:
        async with connected(world.url, connections=1) as db:
            await feeds.add(db, urls, now=NOW)

    asyncio.run(add())
