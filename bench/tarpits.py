"""How long healthy hosts wait while others let us wait until the deadline.

    PYTHONPATH=. python bench/tarpits.py FOLDER [--tarpits 100] [--healthy 1000] [--seconds 60]

An embedded server is started in FOLDER. All hosts are due, the tarpits first, two feeds each. The
real drain, as wide as the service's, works them off with a handler in place of the web: 0.2 s at a
healthy host, the deadline at a tarpit. Prints when half of, 95 % of and all healthy hosts were asked.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import service
from jobs.clock import DatabaseClock
from jobs.worker import Queue, QueueWorker
from pipeline.storage import embedded, feeds, polls, schema
from pipeline.storage.database import connected

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from pipeline.model import DueFeed
    from pipeline.storage.database import Database

HEALTHY_SECONDS = 0.2


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tarpits", type=int, default=100)
    parser.add_argument("--healthy", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    url = embedded.create(embedded.start(options.folder), "bench_tarpits", anew=True)
    schema.migrate(url)
    asked = asyncio.run(_work_off(url, options.tarpits, options.healthy, options.seconds))
    marks = {"half": 0.5, "95 %": 0.95, "all": 1.0}
    for name, share in marks.items():
        print(f"{name} of {len(asked)}: {asked[int(share * len(asked)) - 1]:.1f} s")


async def _work_off(url: str, tarpits: int, healthy: int, seconds: float) -> list[float]:
    """Return when each healthy host was asked first, in seconds, in order."""
    async with connected(url, connections=16) as db:
        now = await db.clock()
        for name, count, age in (("tarpit", tarpits, 2), ("healthy", healthy, 1)):
            urls = [f"https://{name}{n}.example/{k}.xml" for n in range(count) for k in range(2)]
            await feeds.add(db, urls, now=now - timedelta(minutes=age))
        drain = QueueWorker(
            line=_line(db),
            db=db,
            clock=DatabaseClock(db),
            width=service.FEED_HOSTS,
            grace_seconds=0,
        )
        started = time.monotonic()
        asked: dict[str, float] = {}

        async def handle(feed: DueFeed) -> float | None:
            if feed.host.startswith("tarpit"):
                await asyncio.sleep(seconds)
                return 1.0
            asked.setdefault(feed.host, time.monotonic() - started)
            if len(asked) == healthy:
                drain.stop.set()
            await asyncio.sleep(HEALTHY_SECONDS)
            return 1.0

        drain.line = Queue(
            name="feeds", claim=drain.line.claim, handle=handle, fail=drain.line.fail
        )
        await drain.run()
        return sorted(asked.values())


def _line(db: Database) -> Queue[DueFeed]:
    async def claim(now: datetime, count: int, token: UUID) -> list[DueFeed]:
        return await polls.claim(db, now=now, due_by=now, hosts=count, token=token)

    async def handle(_: DueFeed) -> float | None:
        return None

    async def fail(_: DueFeed, __: Exception) -> None:
        return

    return Queue(name="feeds", claim=claim, handle=handle, fail=fail)


if __name__ == "__main__":
    main()
