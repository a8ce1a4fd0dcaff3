"""Turns and leases: what a drain does with claimed feeds of a real queue."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from jobs import worker
from jobs.clock import RecordedClock
from pipeline.errors import FetchError
from pipeline.storage import feeds
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
from tests.pipeline.storage.builders import hold

if TYPE_CHECKING:
    from jobs.worker import QueueWorker
    from pipeline.model import DueFeed


@pytest.fixture
def world(database_url: str) -> World:
    """A database in which each test adds the feeds it wants."""
    return World(database_url)


def test_one_host_is_asked_one_after_the_other(world: World) -> None:
    add(world, addresses("harbour", "valley", each=4))
    running: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def handle(_: QueueWorker[DueFeed], feed: DueFeed) -> None:
        running[feed.host] += 1
        most[feed.host] = max(most[feed.host], running[feed.host])
        for _turn in range(10):
            await asyncio.sleep(0)
        running[feed.host] -= 1

    assert work_off(world, handle) == 8
    assert most == {"harbour.example": 1, "valley.example": 1}


def test_hosts_are_asked_side_by_side(world: World) -> None:
    add(world, addresses("harbour", "valley", "river"))
    together = asyncio.Barrier(3)

    async def handle(_: QueueWorker[DueFeed], __: DueFeed) -> None:
        await together.wait()  # nobody comes through alone

    assert work_off(world, handle) == 3


def test_no_more_hosts_than_the_width_at_a_time(world: World) -> None:
    add(world, addresses("harbour", "valley", "river", "hill", "moor"))
    running: list[str] = []
    seen: list[int] = []

    async def handle(_: QueueWorker[DueFeed], feed: DueFeed) -> None:
        running.append(feed.host)
        seen.append(len(running))
        for _turn in range(10):
            await asyncio.sleep(0)
        running.remove(feed.host)

    assert work_off(world, handle, width=2) == 5
    assert max(seen) == 2


def test_width_of_one_keeps_the_order_of_the_queue(world: World) -> None:
    urls = addresses("valley", "harbour", each=2)
    for wait, address in enumerate(urls):
        add(world, [address])
        world.rows(
            "UPDATE ingest.feed_state SET due_at = due_at - make_interval(mins => 9 - %s)"
            " WHERE feed_id = (SELECT max(feed_id) FROM ingest.feeds)",
            wait,
        )
    order: list[str] = []

    async def handle(_: QueueWorker[DueFeed], feed: DueFeed) -> None:
        order.append(feed.url)

    work_off(world, handle, width=1)
    assert order == urls


def test_exception_costs_its_own_item_only(world: World) -> None:
    add(world, addresses("harbour", "valley", each=3))
    broken = "https://harbour.example/1.xml"

    async def handle(_: QueueWorker[DueFeed], feed: DueFeed) -> None:
        if feed.url == broken:
            raise ZeroDivisionError(feed.url)

    assert work_off(world, handle) == 5
    # It comes back when its lease ends, and that it was tried is known.
    assert [row[1:] for row in world.rows(STATE) if row[0] == broken] == [(NOW + LEASE, True, 1)]
    assert world.value("SELECT count(*) FROM ingest.hosts WHERE lease_token IS NOT NULL") == 0


def test_stop_lets_the_present_item_end_and_gives_the_rest_back(world: World) -> None:
    add(world, addresses("harbour", each=4))
    handled: list[str] = []

    async def handle(drain: QueueWorker[DueFeed], feed: DueFeed) -> None:
        drain.stop.set()
        await asyncio.sleep(0)
        handled.append(feed.url)

    assert work_off(world, handle) == 1
    rest = [row for row in world.rows(STATE) if row[0] not in handled]
    assert [row[1:] for row in rest] == [(NOW, False, 0)] * 3
    assert world.value("SELECT count(*) FROM ingest.hosts WHERE lease_token IS NOT NULL") == 0


def test_nothing_is_claimed_after_a_stop(world: World) -> None:
    add(world, addresses("harbour"))

    async def handle(_: QueueWorker[DueFeed], feed: DueFeed) -> None:
        raise AssertionError(feed.url)

    assert work_off(world, handle, stopped=True) == 0
    assert [row[1:] for row in world.rows(STATE)] == [(NOW, False, 0)]


def test_cancelled_drain_gives_back_all_it_held(world: World) -> None:
    add(world, addresses("harbour", "valley", each=2))

    async def cancelled() -> None:
        async with connected(world.url) as db:
            begun = asyncio.Event()

            async def handle(_: DueFeed) -> float | None:
                begun.set()
                await asyncio.Event().wait()
                return 0.0

            drain = drain_of(db, RecordedClock(NOW), 8)
            drain.line = replace(drain.line, handle=handle)
            running = asyncio.create_task(drain.run())
            await asyncio.wait_for(begun.wait(), PATIENCE)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(cancelled())
    assert [row[1:] for row in world.rows(STATE)] == [(NOW, False, 0)] * 4
    assert world.leases() == 0


def test_host_rests_for_the_interval_after_its_turn(world: World) -> None:
    add(world, addresses("harbour", each=2))

    async def handle(_: QueueWorker[DueFeed], __: DueFeed) -> None:
        return

    assert work_off(world, handle, interval_seconds=0.01) == 2
    rests_until = world.value("SELECT next_request_at FROM ingest.hosts")
    assert rests_until == NOW + timedelta(seconds=0.01)


def test_leases_are_renewed_while_their_owner_lives(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "RENEW_SECONDS", 0.01)
    add(world, addresses("harbour", each=2))
    clock = RecordedClock(NOW)
    later = NOW + timedelta(seconds=50)

    async def handle(_: QueueWorker[DueFeed], __: DueFeed) -> None:
        clock.moment = later
        while set(world.values("SELECT due_at FROM ingest.feed_state")) != {later + LEASE}:  # noqa: ASYNC110 - only the database can tell
            await asyncio.sleep(0.01)
        held = world.values("SELECT leased_until FROM ingest.hosts")
        assert held == [later + LEASE]
        raise InterruptedError  # once is enough: the second has nothing to wait for

    async def first_only(drain: QueueWorker[DueFeed], feed: DueFeed) -> None:
        drain.stop.set()
        await handle(drain, feed)

    assert work_off(world, first_only, clock=clock) == 0


class DeafClock(RecordedClock):
    """Once deaf, it swallows one cancellation of whoever asks for the time."""

    is_deaf = False
    asked = asyncio.Event()

    async def read(self) -> datetime:
        if self.is_deaf and not self.asked.is_set():
            self.asked.set()
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
        return self.moment


def test_drain_ends_though_its_renewal_missed_the_cancellation(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "RENEW_SECONDS", 0.01)
    add(world, addresses("harbour"))
    clock = DeafClock(NOW)

    async def handle(drain: QueueWorker[DueFeed], _: DueFeed) -> None:
        drain.stop.set()
        clock.is_deaf = True
        await clock.asked.wait()

    assert work_off(world, handle, clock=clock) == 1


def test_new_work_is_taken_while_old_work_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK_AGAIN_SECONDS", 0.01)
    add(world, addresses("harbour"))
    second_came = asyncio.Event()

    async def handle(drain: QueueWorker[DueFeed], feed: DueFeed) -> None:
        if feed.host == "harbour.example":
            await feeds.add(drain.db, addresses("valley"), now=NOW)
            await second_came.wait()
        second_came.set()

    assert work_off(world, handle) == 2


def test_host_that_asks_to_be_left_alone_ends_its_turn(world: World) -> None:
    add(world, addresses("harbour", each=3))
    asked: list[int] = []

    async def drained() -> None:
        async with connected(world.url) as db:

            async def handle(feed: DueFeed) -> float | None:
                asked.append(feed.feed_id)
                error = FetchError("rate_limited", feed.url, retry_after=timedelta(hours=1))
                await hold(db, feed.host, error)
                return None

            drain = drain_of(db, RecordedClock(NOW), 8)
            drain.line = replace(drain.line, handle=handle)
            await asyncio.wait_for(drain.run(), PATIENCE)

    asyncio.run(drained())
    assert len(asked) == 1
    assert world.value("SELECT next_request_at FROM ingest.hosts") == NOW + timedelta(hours=1)
    waiting = "SELECT count(*) FROM ingest.feed_state WHERE lease_token IS NULL AND attempts = 0"
    assert world.value(waiting) == 2


def test_fault_of_ours_is_recorded_for_its_item(world: World) -> None:
    add(world, addresses("harbour", each=2))
    recorded: list[str] = []

    async def drained() -> tuple[int, int]:
        async with connected(world.url) as db:

            async def handle(feed: DueFeed) -> float | None:
                if feed.url.endswith("/0.xml"):
                    raise ZeroDivisionError
                return 0.0

            async def fail(feed: DueFeed, error: Exception) -> None:
                recorded.append(f"{feed.url} {type(error).__name__}")

            drain = drain_of(db, RecordedClock(NOW), 8)
            drain.line = replace(drain.line, handle=handle, fail=fail)
            await asyncio.wait_for(drain.run(), PATIENCE)
            return drain.handled, drain.broken

    assert asyncio.run(drained()) == (1, 1)
    assert recorded == ["https://harbour.example/0.xml ZeroDivisionError"]


def test_what_is_under_way_at_the_end_has_its_grace_and_no_more(world: World) -> None:
    add(world, addresses("harbour", "valley"))

    async def drained() -> int:
        async with connected(world.url) as db:
            drain = drain_of(db, RecordedClock(NOW), 8)
            drain.grace_seconds = 0.1

            async def handle(feed: DueFeed) -> float | None:
                drain.stop.set()
                if feed.host == "valley.example":
                    await asyncio.Event().wait()
                return 0.0

            drain.line = replace(drain.line, handle=handle)
            return await asyncio.wait_for(drain.run(), PATIENCE)

    assert asyncio.run(drained()) == 1
    assert world.leases() == 1  # the one that was handled here wrote no outcome
