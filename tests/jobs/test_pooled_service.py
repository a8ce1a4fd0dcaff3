"""The whole job through PgBouncer in transaction mode: two processes, few server connections."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from jobs import queues
from jobs.commands import root
from jobs.worker import QueueWorker
from tests.jobs.live import wired
from tests.jobs.site import NEWS, Site
from tests.jobs.world import World
from tests.pgbouncer import needs_pgbouncer, pooled, through

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.storage.embedded import Server
    from tests.jobs.shell import Ran

pytestmark = needs_pgbouncer
FEEDS = 12


@pytest.fixture(scope="module")
def pooler(server: Server) -> Iterator[str]:
    """A PgBouncer with three server connections for all."""
    with (
        TemporaryDirectory(prefix="bs-") as name,
        pooled(server, Path(name), mode="transaction", size=3) as url,
    ):
        yield url


async def _work(url: str) -> int:
    """Poll, ingest and publish what is due, as a process does."""
    async with wired(url) as tools:
        feeds, articles = queues.feeds(tools), queues.articles(tools)
        await QueueWorker(line=feeds, db=tools.db, clock=tools.clock, width=8).run()
        await QueueWorker(line=articles, db=tools.db, clock=tools.clock, width=8).run()
        return await queues.publish_all(tools.db)


def test_two_processes_behind_a_pooler_lose_and_double_nothing(
    pooler: str, database_url: str, sites: Callable[[], Site]
) -> None:
    site, world = sites(), World(database_url)
    links = site.put_news(*NEWS)
    feeds = [site.put_feed(f"/{n}.xml", links[n % len(links) :]) for n in range(FEEDS)]
    world.add_feeds(*feeds)
    url = through(pooler, database_url)

    async def both() -> None:
        for _ in range(3):  # the site is one host: whoever comes second finds it taken
            await asyncio.gather(_work(url), _work(url))

    asyncio.run(both())
    asked = [path for path in site.paths() if path.startswith("/news/")]
    assert sorted(asked) == sorted(f"/news/{name}" for name in NEWS)
    assert world.value("SELECT count(*) FROM news.articles") == len(NEWS)
    assert world.value("SELECT count(*) FROM news.polls") == FEEDS
    assert world.leases() == 0
    assert world.broken() == {}


def test_commands_work_through_a_pooler(
    pooler: str, database_url: str, cli: Callable[..., Ran]
) -> None:
    url = through(pooler, database_url)
    for command in (
        ["db", "migrate"],
        ["feeds", "list"],
        ["check"],
        ["export", "--format", "jsonl"],
    ):
        ran = cli(*command, DATABASE_URL=url)
        assert ran.code == root.DONE, ran.err


def test_tls_that_is_required_and_not_spoken_is_3(
    pooler: str, database_url: str, cli: Callable[..., Ran]
) -> None:
    url = f"{through(pooler, database_url)} sslmode=require"
    ran = cli("feeds", "list", DATABASE_URL=url)
    assert (ran.code, ran.err.count("\n")) == (root.NO_DATABASE, 1)
    assert "server does not support SSL, but SSL was required" in ran.err
