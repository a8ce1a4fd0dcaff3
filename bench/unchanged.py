"""How many polls of unchanged feeds a core-second pays for, bookkeeping in Postgres included.

    python bench/unchanged.py NEWSWEB PAGES [--feeds 1000] [--rounds 3]

NEWSWEB is newsweb.py, PAGES a folder of HTML pages for it. Starts the local news web, each site on
an address of its own, and a fresh embedded database in a temporary folder; polls all feeds twice
through the service's own lines (the first time stores them, the second warms up), then `--rounds`
times with nothing new, and prints the CPU seconds of this process, its workers and the server.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bench import local_web
from jobs import queues, service
from jobs.worker import QueueWorker
from pipeline.storage import feeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.local_web import Spent
    from jobs.database_target import Target
    from pipeline.model import ArticleState, Poll


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("newsweb", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    web = local_web.feeds(options.newsweb, options.pages, count=options.feeds, entries=20)
    with web as addresses, local_web.database() as place:
        asyncio.run(_measure(place, addresses, options.rounds))


async def _measure(place: Target, addresses: Sequence[str], rounds: int) -> None:
    async with service.opened(place) as tools:
        await feeds.add(tools.db, addresses, now=await tools.clock.read())
        for name in ("first", "warm-up"):
            print(name, dict(await _round(tools)))
        for number in range(1, rounds + 1):
            before, began = local_web.spent(place), time.monotonic()
            outcomes = await _round(tools)
            spent = local_web.spent(place).since(before)
            _print(number, outcomes, spent, time.monotonic() - began)


async def _round(tools: queues.Tools) -> Counter[str]:
    seen: Counter[str] = Counter()

    def count(outcome: Poll | ArticleState) -> None:
        seen[outcome.outcome] += 1

    now = await tools.clock.read()
    await feeds.make_due(tools.db, None, now=now, reason="asked for")
    line = queues.feeds(replace(tools, seen=count))
    await QueueWorker(line=line, db=tools.db, clock=tools.clock, width=service.FEED_HOSTS).run()
    return seen


def _print(number: int, outcomes: Counter[str], spent: Spent, seconds: float) -> None:
    polls = outcomes.total()
    print(
        f"round {number}: {polls} polls {dict(outcomes)} in {seconds:.1f} s; {spent}; "
        f"polls per core-second: {polls / spent.process:.0f} of the process, "
        f"{polls / spent.total:.0f} of all"
    )


if __name__ == "__main__":
    main()
