"""What an article costs outside extraction: CPU of the main process, of Postgres, of the workers.

    python bench/ingest.py NEWSWEB PAGES [--feeds 20] [--entries 20] [--workers 2] [--profile FILE]

NEWSWEB is newsweb.py, PAGES a folder of HTML pages for it. Starts the local news web, each site on
an address of its own, and a fresh embedded database; polls every feed, ingests every page and
publishes, through the service's own queues. In the same call trafilatura's bare extraction reads
the very bytes that were stored. Start-up (imports, workers) is left out: both start warm.
"""

from __future__ import annotations

import argparse
import asyncio
import concurrent.futures
import cProfile
import multiprocessing
import resource
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bench import local_web
from jobs import queues, service
from jobs.worker import Due, Queue, QueueWorker
from pipeline import packing
from pipeline.storage import feeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.database_target import Target
    from pipeline.storage.database import Database

PAGES = """
SELECT f.final_url, b.body FROM ingest.fetches AS f JOIN ingest.bodies AS b USING (body_sha256)
WHERE f.purpose = 'page' AND f.status = 200 ORDER BY f.fetch_id
"""


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("newsweb", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--feeds", type=int, default=20)
    parser.add_argument("--entries", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--profile", type=Path, help="where the main process's profile goes")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    web = local_web.feeds(
        options.newsweb, options.pages, count=options.feeds, entries=options.entries
    )
    place = local_web.database(WORKERS=str(options.workers))
    with web as addresses, place as database:
        pages = asyncio.run(_ingest(database, addresses, options.profile))
    _bare(pages, options.workers)


async def _ingest(
    place: Target, addresses: Sequence[str], profile: Path | None
) -> list[tuple[str, bytes]]:
    async with service.opened(place) as opened:
        outcomes: Counter[str] = Counter()
        tools = replace(opened, seen=lambda one: outcomes.update([one.outcome]))
        await feeds.add(tools.db, addresses, now=await tools.clock.read())
        before = local_web.spent(place)
        await _drained(queues.feeds(tools), tools, service.FEED_HOSTS)
        polled = local_web.spent(place)
        _print("polls", outcomes.total(), polled.since(before), 0.0)
        outcomes.clear()
        profiler = cProfile.Profile()
        began = time.monotonic()
        if profile:
            profiler.enable()
        await _drained(queues.articles(tools), tools, service.PAGE_HOSTS)
        profiler.disable()
        seconds = time.monotonic() - began
        ingested = local_web.spent(place)
        _print("articles", outcomes.total(), ingested.since(polled), seconds)
        print(dict(outcomes))
        if profile:
            profiler.dump_stats(profile)
        stored = outcomes["stored"]
        await queues.publish_all(tools.db)
        _print("published", stored, local_web.spent(place).since(ingested), 0.0)
        return await _stored_bytes(tools.db)


async def _drained(line: Queue[Due], tools: queues.Tools, width: int) -> None:
    await QueueWorker(line=line, db=tools.db, clock=tools.clock, width=width).run()


def _print(what: str, count: int, spent: local_web.Spent, seconds: float) -> None:
    each = 1000.0 / max(count, 1)
    print(
        f"{count} {what}: {spent}; ms each: main {spent.process * each:.1f}, "
        f"Postgres {spent.server * each:.1f}, together {(spent.process + spent.server) * each:.1f}, "
        f"workers {spent.workers * each:.1f}; {seconds:.1f} s"
    )


async def _stored_bytes(db: Database) -> list[tuple[str, bytes]]:
    async with db.session() as session:
        cursor = await session.connection.execute(PAGES)
        return [(url, packing.unpacked(body)) for url, body in await cursor.fetchall()]


def _bare(pages: Sequence[tuple[str, bytes]], workers: int) -> None:
    """Read the pages with trafilatura alone, in as many processes."""
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(workers, mp_context=context) as pool:
        list(pool.map(_read, pages[: 4 * workers], chunksize=1))  # warm
        began, seconds = time.monotonic(), sum(pool.map(_read, pages, chunksize=8))
    wall = time.monotonic() - began
    print(
        f"trafilatura alone: {len(pages)} pages, {1000.0 * seconds / max(len(pages), 1):.1f} ms "
        f"of CPU each; {wall:.1f} s"
    )


def _read(page: tuple[str, bytes]) -> float:
    import trafilatura  # noqa: PLC0415 - in the workers only

    before = resource.getrusage(resource.RUSAGE_SELF)
    trafilatura.bare_extraction(page[1], url=page[0], with_metadata=True)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
