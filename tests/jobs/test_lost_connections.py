"""A database that goes away under a queue: nobody's turn is ended, and no claim waits for its lease.

The handlers here write no outcome: the lease of an item that was handled stays.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import QueryCanceled

from jobs.clock import RecordedClock
from pipeline.storage import database
from pipeline.storage.database import connected
from tests.jobs.draining import NOW, PATIENCE, add, addresses, drain_of, work_off
from tests.jobs.world import World

if TYPE_CHECKING:
    from jobs.worker import QueueWorker
    from pipeline.model import DueFeed
    from pipeline.storage.embedded import Server


@pytest.fixture
def world(database_url: str) -> World:
    """A database in which each test adds the feeds it wants."""
    return World(database_url)


class Switch:
    """Takes a database away from all its sessions, and gives it back."""

    def __init__(self, server: Server, world: World) -> None:
        self._server = server
        self._name = str(conninfo_to_dict(world.url)["dbname"])

    def off(self) -> None:
        self._allow("false")
        self._say(
            sql.SQL(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}"
            ).format(sql.Literal(self._name))
        )

    def on(self) -> None:
        self._allow("true")

    def _allow(self, word: str) -> None:
        name = sql.Identifier(self._name)
        self._say(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(name, sql.SQL(word)))

    def _say(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._server.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


async def _ticking(drain: QueueWorker[DueFeed]) -> None:
    """Run as the service does: a tick that finds no database is followed by another."""
    while True:
        try:
            await drain.run()
        except psycopg.OperationalError:
            await asyncio.sleep(0.05)
        else:
            return


def test_what_was_claimed_goes_back_when_the_database_is_back(
    world: World, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hosts fail in the outage, a third is being fetched all through it."""
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.2)
    add(world, addresses("alder", "birch", "cedar", each=2))
    switch = Switch(server, world)
    handled: list[str] = []

    async def drained() -> None:
        async with connected(world.url) as db:
            drain = drain_of(db, RecordedClock(NOW), 3)
            over = asyncio.Event()

            async def handle(feed: DueFeed) -> float | None:
                if feed.host == "cedar.example":
                    await over.wait()
                elif not over.is_set():
                    switch.off()
                    await db.clock()  # writes what came of it, as a step does
                handled.append(feed.url)
                return 0.0

            drain.line = replace(drain.line, handle=handle)
            running = asyncio.create_task(_ticking(drain))
            while len(drain.line.returns.owed) < 2:  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0.01)
            switch.on()
            over.set()
            await asyncio.wait_for(running, PATIENCE)

    asyncio.run(drained())
    assert handled[0] == "https://cedar.example/0.xml"
    assert sorted(handled) == addresses("alder", "birch", "cedar", each=2)
    assert world.value("SELECT count(lease_token) FROM ingest.hosts") == 0


def test_an_ended_session_costs_its_own_item_a_second_try_and_nobody_else_anything(
    world: World,
) -> None:
    add(world, addresses("alder", "birch", each=3))
    asked: list[str] = []

    async def handle(drain: QueueWorker[DueFeed], feed: DueFeed) -> None:
        asked.append(feed.url)
        if len(asked) == 2:
            async with drain.db.session() as session:
                await session.connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    work_off(world, handle)
    again = asked[1]
    assert sorted(asked) == sorted([*addresses("alder", "birch", each=3), again])
    assert world.value("SELECT count(lease_token) FROM ingest.hosts") == 0
    assert world.values("SELECT attempts FROM ingest.feed_state") == [1] * 6


def test_what_fails_of_itself_waits_for_its_lease(world: World) -> None:
    """A statement that is given up each time would otherwise be tried without end."""
    add(world, addresses("alder"))
    asked: list[str] = []

    async def handle(_: QueueWorker[DueFeed], feed: DueFeed) -> None:
        asked.append(feed.url)
        raise QueryCanceled("canceling statement due to statement timeout")

    work_off(world, handle)
    assert asked == addresses("alder")
    assert world.value("SELECT count(lease_token) FROM ingest.feed_state") == 1
