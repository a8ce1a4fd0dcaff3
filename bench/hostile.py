"""Does a hostile web hold the service up, or fill its memory?

    python bench/hostile.py HOSTILE/server.py [--python PYTHON] [--seconds 60]

Starts the hostile server (PYTHON must have brotli and zstandard for its bombs; they take some
10 s to make), a small server of healthy neighbours, and a fresh embedded database in a temporary
folder. Every path of the hostile server becomes a feed on a host of its own; all of them are due
at once, while the neighbours are made due every second. Prints for each path the outcome, the
reason and the seconds it took, then the growth of this process's resident memory over that after a
warm-up, and how often and how late the neighbours were polled. Exit code 1 when something is not
as it should be. `--seconds` is the deadline of one exchange: a small one is a quick look.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from jobs import database_target, queues, service
from jobs.clock import DatabaseClock
from jobs.worker import QueueWorker
from pipeline.storage import embedded, feeds
from pipeline.storage.database import connected
from pipeline.web import workers
from pipeline.web.fetch import Client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

    from aiohttp.connector import AddrInfoType

    from pipeline.model import DueFeed, Fetch, Request, Response

MB = 1 << 20
MOST_GROWTH_MB = 64.0
NEIGHBOUR_SERVER = str(Path(__file__).with_name("neighbours.py"))
NEIGHBOURS = 20
NEIGHBOUR_SECONDS = 1.0  # how often the neighbours are made due
WARM_UP_ROUNDS = 5
SLACK_SECONDS = 5.0  # over the deadline: the database, and a busy machine
SAMPLE_SECONDS = 0.02
NOT_FEEDS = {"/hits"}  # the server's own count
BOMBS = ("gzip", "br", "zstd")
# What the service should say of each path; "-" is a poll that did not fail. Some may be said in
# two ways: bytes behind a body's end are no HTTP, or the body was none; a folded header line is
# read (RFC 9112 section 5.2) or refused; and the server breaks on /bomb-double by itself.
REASONS = {
    "-": "/ok /guid-churn /etag-weird",
    "bad_encoding": "/encoding-many /encoding-lie",
    "bad_url": "/redirect-file",
    "blocked_address": "/redirect-metadata",
    "connect": "/redirect-downgrade-crlf /bomb-double",
    "http_5xx": "/header-endless /header-many /header-1mb /status-line-endless /redirect-huge /101"
    " /http09 /chunk-bad /cookies /etag-weird /etag-inject /lying-length",
    "not_a_feed": "/echo-headers /redirect-other-host /etag-inject /lying-length /cookies /204",
    "rate_limited": "/retry-after",
    "redirect_loop": "/redirect-loop /redirect-chain",
    "timeout": "/slow-headers /silent /1xx-endless",
    "too_large": "/endless /endless-chunked /huge-length /bomb-gzip /bomb-br /bomb-zstd"
    " /bomb-double",
    "too_slow": "/slow-body",
    "truncated_transfer": "/short /gzip-cut /rst /chunk-bad",
    "unreadable": "/204",
}


@dataclass(slots=True)
class Memory:
    """Resident memory of this process in MB, sampled in a thread."""

    peak: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Sample until it is over."""
        while not self.over.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, resident())


def resident() -> float:
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("server", type=Path)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("error"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "BROADSHEET_DATA_DIR": folder,
            "BROADSHEET_ALLOW_NETS": "127.0.0.0/8",
            "BROADSHEET_HOST_INTERVAL_SECONDS": "0",
        }
        os.environ.pop("DATABASE_URL", None)
        with (
            _listening([options.python, str(options.server)]) as hostile,
            _listening([sys.executable, NEIGHBOUR_SERVER]) as healthy,
        ):
            place = database_target.find()
            try:
                run = Run(seconds=options.seconds, hostile=hostile, healthy=healthy)
                good = asyncio.run(run.measure(place, _paths(options.server)))
            finally:
                embedded.stop(Path(folder))
    sys.exit(0 if good else 1)


@contextmanager
def _listening(command: list[str]) -> Iterator[int]:
    """Start a server that prints its port, and give that."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - as given
        try:
            if server.stdout is None:
                raise SystemExit(f"{command}: no output")
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def _paths(server: Path) -> list[str]:
    """Every path that the hostile server's route function knows."""
    found = re.findall(r'path(?: == |\.startswith\()"(/[^"]+)"', server.read_text())
    named = [path for path in dict.fromkeys(found) if path not in {*NOT_FEEDS, "/bomb-"}]
    return [*named, *(f"/bomb-{name}" for name in BOMBS)]


def _lookup(host: str, port: int, *_: object) -> list[AddrInfoType]:
    """Every name is this machine."""
    if not host.endswith((".example", "localhost")):
        raise socket.gaierror(socket.EAI_NONAME, host)
    end = ("127.0.0.1", port)
    return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", end)]


@dataclass(slots=True, kw_only=True)
class Run:
    """One measurement: the ports of the two webs, and how long each fetch took."""

    seconds: float
    hostile: int
    healthy: int
    took: dict[str, float] = field(default_factory=dict)

    async def measure(self, place: database_target.Target, paths: list[str]) -> bool:
        """Poll hostile feeds and neighbours, print what came of it, return whether all is well."""
        async with self._tools(place) as tools:
            asked = {
                path: f"http://{path.strip('/')}.hostile.example:{self.hostile}{path}"
                for path in paths
            }
            healthy = [
                f"http://n{n}.neighbour.example:{self.healthy}/feed" for n in range(NEIGHBOURS)
            ]
            now = await tools.clock.read()
            neighbours = [added.feed_id for added in await feeds.add(tools.db, healthy, now=now)]
            for _ in range(WARM_UP_ROUNDS):
                await _drain(tools).run()
                now = await tools.clock.read()
                await feeds.make_due(tools.db, neighbours, now=now, reason="asked for")
            memory, before = Memory(), resident()
            watcher = threading.Thread(target=memory.watch)
            watcher.start()
            ids = await feeds.add(tools.db, list(asked.values()), now=await tools.clock.read())
            began = time.monotonic()
            delays = await self._work(tools, {added.feed_id for added in ids}, neighbours)
            spent = time.monotonic() - began
            memory.over.set()
            watcher.join()
            good = await self._print_paths(tools, {url: path for path, url in asked.items()})
            grown = memory.peak - before
            print(f"memory: {before:.1f} MB after the warm-up, at most {grown:.1f} MB more")
            print(
                f"neighbours: {len(delays)} polls of {NEIGHBOURS} feeds in {spent:.1f} s, "
                f"median delay {sorted(delays)[len(delays) // 2]:.2f} s, worst {max(delays):.2f} s"
            )
            return good and grown < MOST_GROWTH_MB

    @asynccontextmanager
    async def _tools(self, place: database_target.Target) -> AsyncIterator[queues.Tools]:
        """The service's own wiring, with names that all lead to this machine."""
        options = replace(
            service.client_options(place.settings),
            feed_seconds=self.seconds,
            page_seconds=min(self.seconds, 30.0),
        )
        async with connected(place.url, connections=16) as db:
            clock = DatabaseClock(db)
            await clock.read()
            async with (
                Client(options, clock.now, lookup=_lookup) as client,
                workers.started(2) as pool,
            ):
                tools = await service.wired(place.settings, db, clock, client, pool.run)
                yield replace(tools, fetch=self._timed(tools.fetch))

    def _timed(self, fetch: Fetch) -> Fetch:
        async def timed(request: Request) -> Response:
            began = time.monotonic()
            try:
                return await fetch(request)
            finally:
                self.took[request.url] = time.monotonic() - began

        return timed

    async def _work(self, tools: queues.Tools, ids: set[int], neighbours: list[int]) -> list[float]:
        """Poll as the service does until each hostile feed was; return the neighbours' delays."""
        over = asyncio.Event()
        polling = asyncio.create_task(_poll(tools, over))
        marks: list[tuple[int, datetime]] = []
        while await _unpolled(tools, ids):
            now = await tools.clock.read()
            due = await feeds.make_due(tools.db, neighbours, now=now, reason="asked for")
            marks += [(feed_id, now) for feed_id in due]
            await asyncio.sleep(NEIGHBOUR_SECONDS)
        over.set()
        await polling
        await _drain(tools).run()
        polled = await _polled(tools, neighbours)
        return [
            min(at for at in polled[i] if at >= due).timestamp() - due.timestamp()
            for i, due in marks
        ]

    async def _print_paths(self, tools: queues.Tools, paths: dict[str, str]) -> bool:
        """Print a line for each path and return whether each went as it should."""
        good = True
        most = self.seconds + SLACK_SECONDS
        for url, outcome, reason in await _rows(tools, OUTCOMES, list(paths)):
            path, spent = paths[url], self.took[url]
            said = reason or "-"
            right = path in REASONS.get(said, "").split() and spent <= most
            good = good and right
            print(f"{path:26} {outcome:10} {said:20} {spent:6.1f} s  {'ok' if right else 'WRONG'}")
        return good


OUTCOMES = """
SELECT DISTINCT ON (f.url) f.url, p.outcome, p.reason
FROM news.polls AS p JOIN news.feeds AS f USING (feed_id)
WHERE f.url = ANY (%s) ORDER BY f.url, p.polled_at
"""
POLLED = "SELECT feed_id, polled_at FROM news.polls WHERE feed_id = ANY (%s) ORDER BY polled_at"
UNPOLLED = "SELECT count(*) FROM news.feeds WHERE feed_id = ANY (%s) AND last_polled_at IS NULL"


async def _rows(tools: queues.Tools, query: str, value: object) -> list[Any]:
    async with tools.db.session() as session:
        cursor = await session.connection.execute(query, [value])
        return await cursor.fetchall()


async def _unpolled(tools: queues.Tools, ids: set[int]) -> int:
    ((count,),) = await _rows(tools, UNPOLLED, list(ids))
    return int(count)


async def _polled(tools: queues.Tools, ids: list[int]) -> dict[int, list[datetime]]:
    polled = defaultdict[int, list["datetime"]](list)
    for feed_id, at in await _rows(tools, POLLED, ids):
        polled[feed_id].append(at)
    return polled


def _drain(tools: queues.Tools) -> QueueWorker[DueFeed]:
    return QueueWorker(
        line=queues.feeds(tools), db=tools.db, clock=tools.clock, width=service.FEED_HOSTS
    )


async def _poll(tools: queues.Tools, over: asyncio.Event) -> None:
    while not over.is_set():
        await _drain(tools).run()
        await asyncio.sleep(service.TICK_SECONDS)


if __name__ == "__main__":
    main()
