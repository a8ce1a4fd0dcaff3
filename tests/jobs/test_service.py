"""The service as a process: it works off what is due, ends in order, and survives its death."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pipeline.storage import embedded, schema
from tests.jobs.shell import Ran
from tests.jobs.site import Answer, Site, page
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.storage.embedded import Server
    from tests.jobs.shell import Shell

LOCAL = {
    "BROADSHEET_ALLOW_NETS": "127.0.0.0/8",
    "BROADSHEET_HOST_INTERVAL_SECONDS": "0",
    "BROADSHEET_WORKERS": "1",
}
SECONDS = 60.0
SLOW = "/news/lighthouse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running service in the middle of its work: one page does not come."""

    process: Any
    world: World
    town: Site
    coast: Site

    def end(self, signum: signal.Signals) -> tuple[Ran, float]:
        """Send a signal; return what it wrote and the seconds until all its processes ended.

        Its output ends when nobody holds it any more: the workers hold it, too.
        """
        started = time.monotonic()
        self.process.send_signal(signum)
        out, err = self.process.communicate(timeout=SECONDS)
        return Ran(self.process.returncode, out, err), time.monotonic() - started


@pytest.fixture
def start(
    shell: Shell, server: Server, sites: Callable[[], Site]
) -> Iterator[Callable[[str], Service]]:
    """Starts services; returns when all is stored but the pages behind the slow one."""
    running = []

    def begin(name: str) -> Service:
        url = embedded.create(server, name)
        schema.migrate(url)
        town, coast, world = sites(), sites(), World(url)
        feed = town.put_feed("/feed.xml", town.put_news("harbour", "orchard", "tramway"))
        slow = coast.put_feed("/slow.xml", coast.put_news("lighthouse", "quarry", "kitchen"))
        coast.put(SLOW, Answer(body=page("lighthouse"), slow_seconds=SECONDS))
        world.add_feeds(feed, slow)
        process = shell.start("run", DATABASE_URL=url, **LOCAL)
        running.append(process)
        _wait_for(world, town)
        coast.wait_for(SLOW)
        return Service(process=process, world=world, town=town, coast=coast)

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=SECONDS)


def _wait_for(world: World, site: Site) -> None:
    """Wait for the three articles of a site, as a reader of the database would."""
    count = "SELECT count(*) FROM news.articles WHERE starts_with(url, %s)"
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute("LISTEN news_articles")
        until = time.monotonic() + SECONDS
        while world.value(count, site.url) < 3:
            list(connection.notifies(timeout=1, stop_after=1))
            assert time.monotonic() < until


def test_service_stores_what_is_due_and_ends_in_order_on_sigterm(
    start: Callable[[str], Service],
) -> None:
    running = start("service_ends")
    ran, seconds = running.end(signal.SIGTERM)
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert seconds < 20
    assert running.world.leases() == 0
    # The page that did not come goes back as if it had never been tried.
    slow = running.world.rows(
        "SELECT s.outcome, s.attempts, s.due_at <= clock_timestamp() FROM ingest.article_state AS s"
        " JOIN ingest.articles AS a USING (article_id) WHERE a.url LIKE '%%/lighthouse'"
    )
    assert slow == [("pending", 0, True)]
    assert Counter(running.town.paths()) == {
        "/feed.xml": 1,
        "/robots.txt": 1,
        "/news/harbour": 1,
        "/news/orchard": 1,
        "/news/tramway": 1,
    }
    lines = [json.loads(line) for line in ran.err.splitlines()]
    events = [line["event"] for line in lines]
    assert (events[0], events[-3:]) == ("started", ["stopping", "cut off", "stopped"])
    assert Counter(events)["polled"] == 2
    assert Counter(events)["ingested"] >= 3
    assert [line["event"] for line in lines if line["level"] != "info"] == ["cut off"]


def test_killed_service_leaves_no_process_and_work_that_is_taken_up_again(
    start: Callable[[str], Service], shell: Shell
) -> None:
    running = start("service_killed")
    world = running.world
    done = set(running.town.paths() + running.coast.paths()) - {SLOW}
    ran, seconds = running.end(signal.SIGKILL)
    assert ran.code == -signal.SIGKILL
    assert seconds < 10
    assert world.leases() > 0

    _let_leases_end(world)
    running.coast.let_go()
    after = shell.run("once", "--json", DATABASE_URL=world.url, **LOCAL)
    assert after.code == 0, after.err
    assert world.value("SELECT count(*) FROM news.articles") == 6
    assert world.value("SELECT count(*) FROM news.entries") == 6
    assert world.value("SELECT count(DISTINCT url) FROM news.articles") == 6
    assert world.value("SELECT count(*) FROM news.polls") == 2
    assert world.rows("SELECT DISTINCT outcome, deaths, expiries FROM ingest.article_state") == [
        ("stored", 0, 0)
    ]
    asked = Counter(running.town.paths() + running.coast.paths())
    assert asked[SLOW] == 2
    assert {path for path in done if path.startswith("/news") and asked[path] > 1} == set()
    assert world.leases() == 0
    assert world.broken() == {}


def _let_leases_end(world: World) -> None:
    """Let a minute pass for what was leased."""
    for table in ("feed_state", "article_state"):
        world.rows(
            f"UPDATE ingest.{table} SET due_at = clock_timestamp() - interval '1 second'"  # noqa: S608 - ours
            " WHERE lease_token IS NOT NULL"
        )
    world.rows(
        "UPDATE ingest.hosts SET leased_until = clock_timestamp() - interval '1 second'"
        " WHERE lease_token IS NOT NULL"
    )
