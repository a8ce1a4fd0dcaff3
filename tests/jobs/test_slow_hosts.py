"""Slow hosts, long turns and lost leases: what they cost the others."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from psycopg import OperationalError

from jobs import worker
from jobs.clock import RecordedClock
from pipeline.storage import polls
from pipeline.storage.database import connected
from tests.jobs.draining import (
    LEASE,
    NOW,
    PATIENCE,
    STATE,
    add,
    addresses,
    drain_of,
    work_off,
)
from tests.jobs.world import World

if TYPE_CHECKING:
    from jobs.worker import QueueWorker
    from pipeline.model import DueFeed


@pytest.fixture
def world(database_url: str) -> World:
    """A database in which each test adds the feeds it wants."""
    return World(database_url)


def test_long_turn_gives_the_rest_back(world: World) -> None:
    """Each item takes six seconds by the clock: the third would begin after twelve."""
    add(world, addresses("harbour", each=5))
    clock = RecordedClock(NOW)
    tokens: list[UUID] = []

    async def handle(_: QueueWorker[DueFeed], feed: DueFeed) -> None:
        clock.moment += timedelta(seconds=6)
        tokens.append(feed.lease_token)

    assert work_off(world, handle, clock=clock) == 5
    assert [len(list(turn)) for _, turn in groupby(tokens)] == [2, 2, 1]


def test_long_pause_is_waited_for_by_the_host_and_not_by_a_turn(world: World) -> None:
    add(world, addresses("harbour", each=3))

    async def handle(_: QueueWorker[DueFeed], __: DueFeed) -> None:
        return

    assert work_off(world, handle, interval_seconds=60.0) == 1
    rests_until = world.value("SELECT next_request_at FROM ingest.hosts")
    assert rests_until == NOW + timedelta(seconds=60)
    assert [row[1:] for row in world.rows(STATE)].count((NOW, False, 0)) == 2


def test_slow_hosts_make_room_for_others(world: World) -> None:
    """As many hosts as the width let us wait; the third host is asked all the same."""
    add(world, addresses("harbour", "valley", "river"))
    clock = RecordedClock(NOW)
    others_came = asyncio.Event()
    begun: list[str] = []

    async def handle(_: QueueWorker[DueFeed], feed: DueFeed) -> None:
        begun.append(feed.host)
        if len(begun) <= 2:
            clock.moment += worker.SLOW
            await others_came.wait()
        others_came.set()

    assert work_off(world, handle, width=2, clock=clock) == 3


def test_slow_hosts_are_no_more_than_some_widths(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK_AGAIN_SECONDS", 0.01)
    add(world, addresses(*(f"tarn{n}" for n in range(6))))
    clock = RecordedClock(NOW)
    enough = asyncio.Event()
    running: set[str] = set()

    async def drained() -> None:
        async with connected(world.url) as db:

            async def handle(feed: DueFeed) -> float | None:
                running.add(feed.host)
                clock.moment += worker.SLOW
                if len(running) == worker.MOST_WIDTHS:
                    enough.set()
                await asyncio.Event().wait()
                return 0.0

            drain = drain_of(db, clock, 1)
            drain.line = replace(drain.line, handle=handle)
            drain.grace_seconds = 0.0
            task = asyncio.create_task(drain.run())
            await asyncio.wait_for(enough.wait(), PATIENCE)
            await asyncio.sleep(0.1)  # ten more looks
            drain.stop.set()
            await asyncio.wait_for(task, PATIENCE)

    asyncio.run(drained())
    assert len(running) == worker.MOST_WIDTHS


def test_turns_that_end_together_are_replaced_by_one_claim(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GATHER_SECONDS", PATIENCE)
    add(world, addresses(*(f"tarn{n}" for n in range(12))))
    asked: list[int] = []

    async def drained() -> int:
        async with connected(world.url) as db:
            drain = drain_of(db, RecordedClock(NOW), 4)
            claim = drain.line.claim

            async def counted(now: datetime, count: int, token: UUID) -> list[DueFeed]:
                asked.append(count)
                return await claim(now, count, token)

            async def handle(_: DueFeed) -> float | None:
                return 0.0

            drain.line = replace(drain.line, claim=counted, handle=handle)
            return await asyncio.wait_for(drain.run(), PATIENCE)

    assert asyncio.run(drained()) == 12
    assert asked == [4, 4, 4, 4]  # the last one finds nothing


def test_turn_ends_when_its_leases_went_to_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "RENEW_SECONDS", 0.01)
    add(world, addresses("harbour", each=3))

    asked: list[str] = []

    async def handle(drain: QueueWorker[DueFeed], feed: DueFeed) -> None:
        asked.append(feed.url)
        later = NOW + LEASE + timedelta(seconds=1)
        await polls.claim(drain.db, now=later, due_by=later, hosts=9, token=uuid4())
        while drain.held:  # noqa: ASYNC110 - only the renewal can tell
            await asyncio.sleep(0.01)

    work_off(world, handle)
    assert len(asked) == 1
    assert world.leases() == 4  # the other's: three feeds and their host


def test_renewal_goes_on_after_a_failure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(worker, "RENEW_AGAIN_SECONDS", 0.01)
    add(world, addresses("harbour"))
    failures = iter([OperationalError("gone"), ZeroDivisionError("a fault of ours")])
    renewed = asyncio.Event()

    class BrokenClock(RecordedClock):
        async def read(self) -> datetime:
            if begun.is_set():
                for failure in failures:
                    raise failure
                renewed.set()
            return self.moment

    begun = asyncio.Event()

    async def handle(drain: QueueWorker[DueFeed], _: DueFeed) -> None:
        begun.set()
        await renewed.wait()
        drain.stop.set()

    # No room for others: the renewal alone reads the clock.
    assert work_off(world, handle, width=1, clock=BrokenClock(NOW)) == 1
