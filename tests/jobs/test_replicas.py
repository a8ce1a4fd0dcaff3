"""Replicas on one database: a host is in one hand at a time, and what a dead one held is taken over."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from jobs import service, worker
from pipeline.storage import leases, polls
from pipeline.storage.database import connected
from tests.jobs.draining import NOW, PATIENCE, add, addresses, drain_of, work_off
from tests.jobs.world import World

if TYPE_CHECKING:
    from jobs.worker import QueueWorker
    from pipeline.model import DueFeed

INTERVAL_SECONDS = 0.05
# A replica: it claims, renews a few times, says that it did, and never gets an answer from a host.
REPLICA = """
import asyncio, sys
from jobs import worker
from jobs.clock import DatabaseClock
from pipeline.storage.database import connected
from tests.jobs.draining import drain_of
from dataclasses import replace

worker.RENEW_SECONDS = 0.1

async def main():
    async with connected(sys.argv[1], connections=4) as db:
        clock = DatabaseClock(db)
        drain = drain_of(db, clock, 8)

        async def hang(feed):
            await asyncio.sleep(0.5)
            print(len(drain.held), flush=True)
            await asyncio.Event().wait()

        drain.line = replace(drain.line, handle=hang)
        await drain.run()

asyncio.run(main())
"""


@dataclass(slots=True)
class RunningClock:
    """Starts at NOW and runs; all replicas of a test look at the same one."""

    since: float = field(default_factory=time.monotonic)

    async def read(self) -> datetime:
        return self.now()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - self.since)


@pytest.fixture
def world(database_url: str) -> World:
    """A database in which each test adds the feeds it wants."""
    return World(database_url)


def test_replicas_ask_a_host_one_at_a_time_and_keep_its_interval(world: World) -> None:
    """Ten feeds a host are two turns: the second may be of another replica."""
    urls = addresses(*(f"tarn{n}" for n in range(6)), each=10)
    add(world, urls)
    asked: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    handled: Counter[str] = Counter()
    replicas: dict[str, set[int]] = defaultdict(set)

    async def replica(number: int, clock: RunningClock) -> None:
        async with connected(world.url) as db:

            async def handle(feed: DueFeed) -> float | None:
                began_at = clock.now()
                await asyncio.sleep(0.002)
                asked[feed.host].append((began_at, clock.now()))
                handled[feed.url] += 1
                replicas[feed.host].add(number)
                return INTERVAL_SECONDS

            while handled.total() < len(urls):
                drain = drain_of(db, clock, 2)
                drain.line = replace(drain.line, handle=handle)
                await drain.run()
                await asyncio.sleep(0.01)

    async def both() -> None:
        clock = RunningClock()
        await asyncio.wait_for(asyncio.gather(replica(1, clock), replica(2, clock)), PATIENCE)

    asyncio.run(both())
    assert handled == dict.fromkeys(urls, 1)
    for times in asked.values():
        for (_, ended_at), (began_at, _) in pairwise(sorted(times)):
            assert began_at - ended_at >= timedelta(seconds=INTERVAL_SECONDS)
    assert set.union(*replicas.values()) == {1, 2}


def test_host_with_a_thousand_due_feeds_does_not_delay_the_others(world: World) -> None:
    """Its feeds have waited longest, and still all others are through before half of them are."""
    big = addresses("big", each=1000)
    others = addresses(*(f"tarn{n}" for n in range(200)))
    add(world, others)
    add(world, big)
    world.rows(
        "UPDATE ingest.feed_state SET due_at = due_at - interval '1 hour' WHERE host = 'big.example'"
    )
    handled: Counter[str] = Counter()

    async def handle(drain: QueueWorker[DueFeed], feed: DueFeed) -> None:
        await asyncio.sleep(0.001)
        handled[feed.host] += 1
        if len(handled) > len(others):
            drain.stop.set()

    work_off(world, handle, width=20)
    assert len(handled) == 201
    assert handled["big.example"] < 500


def test_what_a_killed_replica_held_is_taken_over_after_its_lease(world: World) -> None:
    add(world, addresses("harbour", "valley", each=3))
    started_at = world.value("SELECT clock_timestamp()")
    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", REPLICA, world.url], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "6\n"
        process.kill()
    renewed_at = world.value("SELECT min(due_at) FROM ingest.feed_state") - leases.LEASE
    killed_at = world.value("SELECT clock_timestamp()")
    assert started_at < renewed_at < killed_at
    assert _claimed(world, renewed_at + timedelta(seconds=59)) == 0
    assert _claimed(world, killed_at + timedelta(seconds=61)) == 6


def test_takeover_is_within_75_seconds() -> None:
    """At worst a replica dies just after it renewed, and a running drain has just looked."""
    look = timedelta(seconds=max(service.TICK_SECONDS, worker.LOOK_AGAIN_SECONDS))
    assert leases.LEASE + look < timedelta(seconds=75)
    assert timedelta(seconds=3 * worker.RENEW_SECONDS) <= leases.LEASE


def _claimed(world: World, now: datetime) -> int:
    """How many feeds a claim gets at a moment."""

    async def claim() -> int:
        async with connected(world.url, connections=1) as db:
            return len(await polls.claim(db, now=now, due_by=now, hosts=9, token=uuid4()))

    return asyncio.run(claim())
