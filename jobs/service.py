"""The service: wiring, schedule, signals. `once` is the same wiring for one round."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import signal
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from jobs import database_target, memory, prune, queues, service_manager
from jobs.clock import STEPS_EVERY_SECONDS, DatabaseClock, end_impossible_waits
from jobs.heartbeat import Heartbeat
from jobs.host_leases import AGENT, PoliteFetcher
from jobs.metrics import Metrics
from jobs.network import Network
from jobs.outage_log import OutageLog
from jobs.status_port import StatusPort, measured
from jobs.suspension import Standstill
from jobs.worker import Due, Queue, QueueWorker
from pipeline import __version__
from pipeline.storage import fetches, next_due
from pipeline.web import ssrf_guard, workers
from pipeline.web.fetch import Client, ClientOptions
from pipeline.web.redirects import bounded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from jobs.clock import Clock
    from jobs.database_target import Target
    from pipeline.config import Settings
    from pipeline.flow import Run
    from pipeline.model import ArticleState, Poll
    from pipeline.storage.database import Database

log = structlog.get_logger()

FEED_HOSTS = 100  # hosts that are polled side by side
PAGE_HOSTS = 64  # hosts whose pages are fetched side by side
TICK_SECONDS = 2.0
JOBS = {"feeds": "poll", "articles": "ingest"}  # the job that works a queue off
DRAIN_SECONDS = 15.0  # how long what is under way may take after SIGTERM
ONCE_GRACE_SECONDS = 1.0  # how long what is under way may take when a round's time ran out
# A host that only cools down (interval, crawl-delay up to 60 s) is waited for by `once`.
PATIENCE = timedelta(seconds=61)


def settle() -> None:
    """Let garbage collections leave alone what was imported.

    It stays for months, and looking through all of it held the event loop for 40 to 100 ms.
    """
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def opened(place: Target) -> AsyncIterator[queues.Tools]:
    """Open database, web and worker pool for live work."""
    settings = place.settings
    async with database_target.opened_live(place, connections=16) as db:
        clock = DatabaseClock(db)
        await clock.read()
        await end_impossible_waits(db, host_interval_seconds=settings.host_interval_seconds)
        async with (
            Client(client_options(settings), clock.now) as client,
            workers.started(settings.workers) as pool,
            (still := Standstill()).noticed(),
        ):
            tools = await wired(settings, db, clock, client, pool.run)
            yield replace(tools, fetch=still.watched(tools.fetch), alone=pool.alone)


async def wired(
    settings: Settings, db: Database, clock: Clock, client: Client, run: Run
) -> queues.Tools:
    """Return what the lines work with under these settings."""
    network = Network(client.reaches, await fetches.answering(db))
    visitor = PoliteFetcher(
        db=db,
        clock=clock,
        exchange=client.exchange,
        interval_seconds=settings.host_interval_seconds,
        heeded=frozenset({"feed", "page"} if settings.feeds_robots else {"page"}),
    )
    return queues.Tools(
        db=db,
        clock=clock,
        fetch=network.watched(bounded(visitor.fetch, client.deadline_seconds)),
        run=run,
        draws=random.Random(),  # noqa: S311 - jitter, no secret
        host_interval_seconds=settings.host_interval_seconds,
        fetch_pages=settings.fetch_pages,
        feeds_robots=settings.feeds_robots,
        reachable=partial(ssrf_guard.reachable, allow_nets=settings.allow_nets),
        is_online=network.is_there,
    )


def client_options(settings: Settings) -> ClientOptions:
    """Return how the web is asked under these settings."""
    contact = f" (+{settings.user_agent_contact})" if settings.user_agent_contact else ""
    return ClientOptions(
        user_agent=f"{AGENT}/{__version__}{contact}",
        allow_nets=settings.allow_nets,
        ports=settings.ports,
    )


async def run(place: Target) -> None:
    """Run until SIGTERM, SIGINT or SIGHUP; then finish what is under way and give back the rest."""
    stop, pulse, outage = asyncio.Event(), Heartbeat(), OutageLog()
    _stop_on_signals(stop)
    memory.bound()
    async with opened(place) as tools, pulse.written(tools.db):
        settle()
        metrics = Metrics()
        watched = measured(replace(tools, outage=outage, progressed=pulse.progressed), metrics)
        port = StatusPort(tools=watched, pulse=pulse, metrics=metrics)
        feeds = partial(_drained, queues.feeds(watched), watched, FEED_HOSTS, stop)
        articles = partial(_drained, queues.articles(watched), watched, PAGE_HOSTS, stop)
        interval = place.settings.host_interval_seconds
        clock = partial(end_impossible_waits, tools.db, host_interval_seconds=interval)
        under_way: set[asyncio.Task[int]] = set()
        scheduler = AsyncIOScheduler(timezone="UTC")
        for name, job, seconds in (
            ("poll", feeds, TICK_SECONDS),
            ("ingest", articles, TICK_SECONDS),
            ("publish", partial(_published, tools), TICK_SECONDS),
            ("clock", clock, STEPS_EVERY_SECONDS),
            ("memory", memory.trim, memory.TRIM_SECONDS),
            ("prune", partial(prune.scheduled, tools.db, place.settings), prune.EVERY_SECONDS),
        ):
            scheduler.add_job(
                partial(_tracked, name, partial(pulse.run, name, job), under_way, outage),
                IntervalTrigger(seconds=seconds, timezone="UTC"),
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        scheduler.start()
        log.info("started", workers=place.settings.workers, version=__version__)
        async with port.open(place.settings.listen), service_manager.told(pulse.is_alive):
            await stop.wait()
        pulse.state = "stopping"
        log.info("stopping", under_way=len(under_way))
        scheduler.pause()
        await _drain(under_way)
        # AsyncIOScheduler.shutdown cancels what runs: by now nothing does.
        scheduler.shutdown(wait=False)
    log.info("stopped")


def _stop_on_signals(stop: asyncio.Event) -> None:
    """Stop in order at the first signal; a second one ends the process at once, leases run out."""
    loop = asyncio.get_running_loop()

    def heard(signum: signal.Signals) -> None:
        if stop.is_set():
            log.warning("ended at once: a second signal", signal=signum.name)
            os._exit(128 + signum)
        stop.set()

    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(signum, heard, signum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """How one round went; `broken` counts items that met a fault of ours."""

    in_time: bool
    is_online: bool
    broken: int
    published: int


async def once(
    place: Target, *, seconds: float | None, seen: Callable[[Poll | ArticleState], None]
) -> Round:
    """Poll what is due now, ingest what that found and what else is due, publish.

    When `seconds` run out before all was done, the rest is given back.
    """
    async with opened(place) as opened_tools:
        tools = replace(opened_tools, seen=seen)
        stop = asyncio.Event()
        timer = asyncio.get_running_loop().call_later(seconds, stop.set) if seconds else None
        at_start = replace(tools, due_by=await tools.clock.read())
        broken = await _work_off(queues.feeds(at_start), at_start, FEED_HOSTS, stop)
        broken += await _work_off(queues.articles(tools), tools, PAGE_HOSTS, stop)
        in_time = not stop.is_set()
        if timer:
            timer.cancel()
        published = await queues.publish_all(tools.db)
        is_online = await tools.is_online()
        return Round(in_time=in_time, is_online=is_online, broken=broken, published=published)


async def _work_off(line: Queue[Due], tools: queues.Tools, width: int, stop: asyncio.Event) -> int:
    """Drain a line, waiting for hosts that only cool down; return how many items met a fault."""
    broken = 0
    while not stop.is_set():
        broken += await _drained(line, tools, width, stop, ONCE_GRACE_SECONDS)
        if not await tools.is_online():
            break
        now = await tools.clock.read()
        soonest = await next_due.soonest(tools.db, line.name, due_by=tools.due_by or now)
        if soonest is None or soonest - now > PATIENCE:
            break
        await _pause(stop, max((soonest - now).total_seconds(), 0.05))
    return broken


async def _drained(
    line: Queue[Due],
    tools: queues.Tools,
    width: int,
    stop: asyncio.Event,
    grace_seconds: float = DRAIN_SECONDS,
) -> int:
    drain = QueueWorker(
        line=line,
        db=tools.db,
        clock=tools.clock,
        width=width,
        stop=stop,
        grace_seconds=grace_seconds,
        outage=tools.outage,
        progressed=partial(tools.progressed, JOBS[line.name]),
    )
    await drain.run()
    return drain.broken


async def _published(tools: queues.Tools) -> int:
    return await queues.publish_all(tools.db)


async def _tracked(
    name: str,
    job: Callable[[], Awaitable[int]],
    under_way: set[asyncio.Task[int]],
    outage: OutageLog,
) -> None:
    """Run a job as a task that outlives the scheduler, and log what it could not handle."""
    task = asyncio.ensure_future(job())
    under_way.add(task)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.cancelled():
            raise
        log.warning("cut off", job=name)  # it outlasted the time to stop; its work was given back
    except Exception as error:
        if not outage.lost(error):
            log.exception("job failed", job=name)
    finally:
        if task.done():
            under_way.discard(task)


async def _drain(under_way: set[asyncio.Task[int]]) -> None:
    if under_way:
        _, late = await asyncio.wait(under_way, timeout=DRAIN_SECONDS + 1)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
