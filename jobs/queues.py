"""The two queues and the publisher, wired to the flow: no rule about feeds or articles here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from jobs.host_leases import AGENT, robots
from jobs.worker import Queue
from jobs.write_batcher import WriteBatcher
from pipeline import flow, record
from pipeline.errors import FetchError, IngestError
from pipeline.model import DueArticle, DueFeed, Fetch, NextLook, Poll, Robots, Validators
from pipeline.storage import hosts, pages, polls
from pipeline.web import robots_policy

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from uuid import UUID

    from jobs.clock import Clock
    from pipeline.storage.database import Database
    from pipeline.storage.leases import Terms

log = structlog.get_logger()


async def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the lines work with; `feed_ids` narrows them to some feeds, None means all.

    `heed_hosts` is false for a recorded web, which nobody can burden: holds, intervals and other
    processes at a host do not count. `reachable` says of a host in a link whether it may be kept.
    `due_by` is when an item must have been due to be taken, None means now. While `is_online`
    says no, nothing is claimed. `seen` is told of each outcome, for progress bars and counts. `alone` lends
    the pool behind `run` with nobody else in it; None where there is no pool.
    """

    db: Database
    clock: Clock
    fetch: Fetch
    run: flow.Run
    draws: random.Random
    heed_hosts: bool = True
    host_interval_seconds: float = 0.0
    fetch_pages: bool = True
    feeds_robots: bool = False
    reachable: Callable[[str], bool] = lambda _: True
    feed_ids: Sequence[int] | None = None
    due_by: datetime | None = None
    is_online: Callable[[], Awaitable[bool]] = _always
    seen: Callable[[Poll | NextLook], None] = lambda _: None
    alone: Callable[[], AbstractAsyncContextManager[flow.Run]] | None = None


def feeds(tools: Tools) -> Queue[DueFeed]:
    """Return the line of due feeds."""
    write_same = WriteBatcher(partial(record.write_same, tools.db))

    async def claim(now: datetime, count: int, token: UUID) -> list[DueFeed]:
        if not await tools.is_online():
            return []
        return await polls.claim(tools.db, **_terms(tools, now, count, token))

    async def handle(feed: DueFeed) -> float | None:
        outcome, pause = await poll(tools, feed)
        draw = tools.draws.random()
        if isinstance(outcome, record.Same):
            result = await write_same((feed, outcome, draw))
        else:
            result = await record.write_poll(tools.db, feed, outcome, draw=draw)
        if result is None:
            log.warning("lease lost", feed_id=feed.feed_id)
            return None
        tools.seen(result)
        log.info(
            "polled",
            feed_id=feed.feed_id,
            outcome=result.outcome,
            reason=result.reason,
            new=result.counts.new,
            updated=result.counts.updated,
        )
        return pause

    async def fail(feed: DueFeed, error: Exception) -> None:
        failed = _unexpected(error, tools.clock.now())
        await record.write_poll(tools.db, feed, failed, draw=tools.draws.random())

    return Queue(name="feeds", claim=claim, handle=handle, fail=fail)


async def poll(
    tools: Tools, feed: DueFeed
) -> tuple[record.FeedRead | record.Same | record.Failed, float | None]:
    """Ask a feed; return what came, and how long its host is left alone (None: as it asked)."""
    known = None
    try:
        known = await _robots(tools, feed.url) if tools.feeds_robots else None
    except FetchError as error:
        return record.Failed(error=error, at=tools.clock.now()), tools.host_interval_seconds
    fetch = robots_policy.polite(tools.fetch, known, AGENT) if known else tools.fetch
    if not tools.heed_hosts:  # a recorded web holds the answers to what was asked: no audits
        feed = replace(feed, audit_at=None)
    between = _interval(tools, known) if tools.heed_hosts else 0.0
    outcome = await flow.poll(
        feed,
        fetch,
        tools.run,
        tools.reachable,
        tools.clock.now(),
        pause=partial(asyncio.sleep, between),
    )
    return outcome, _pause(tools, feed.host, outcome, _interval(tools, known))


def articles(tools: Tools) -> Queue[DueArticle]:
    """Return the line of due articles."""

    async def claim(now: datetime, count: int, token: UUID) -> list[DueArticle]:
        if not await tools.is_online():
            return []
        return await pages.claim(tools.db, **_terms(tools, now, count, token))

    async def handle(due: DueArticle) -> float | None:
        outcome, pause = await _ingest(tools, due)
        look = await record.write_page(tools.db, due, outcome, draw=tools.draws.random())
        if look is None:
            log.warning("lease lost", article_id=due.article_id)
            return None
        tools.seen(look)
        log.info("ingested", article_id=due.article_id, outcome=look.outcome, reason=look.reason)
        return pause

    async def fail(due: DueArticle, error: Exception) -> None:
        failed = _unexpected(error, tools.clock.now())
        await record.write_page(tools.db, due, failed, draw=tools.draws.random())

    return Queue(name="articles", claim=claim, handle=handle, fail=fail)


async def publish_all(db: Database) -> int:
    """Publish batch after batch until nothing is left; return how many articles."""
    total = 0
    while count := await flow.publish(db):
        total += count
        log.info("published", articles=count)
    return total


def _terms(tools: Tools, now: datetime, hosts: int, token: UUID) -> Terms:
    return {
        "now": now,
        "due_by": tools.due_by or now,
        "hosts": hosts,
        "token": token,
        "feed_ids": tools.feed_ids,
        "heed_hosts": tools.heed_hosts,
    }


async def _robots(tools: Tools, url: str) -> Robots:
    """What the host of a feed or page allows."""
    return await robots(tools.db, tools.clock, tools.fetch, url, tools.host_interval_seconds)


def _interval(tools: Tools, known: Robots | None) -> float:
    if known is None:
        return tools.host_interval_seconds
    return robots_policy.pause(known, AGENT, tools.host_interval_seconds)


async def _ingest(
    tools: Tools, due: DueArticle
) -> tuple[record.PageRead | record.Same | record.Failed, float | None]:
    """Ask for a page, or take the feed's word; return what came, and the pause of its host."""
    words = await pages.feed_words(tools.db, due.article_id)
    wanted = tools.fetch_pages if due.fetch_pages is None else due.fetch_pages
    run = partial(_run, tools, due)
    if not wanted:
        return await flow.take_from_feed(due, words, run, tools.clock.now()), 0.0
    try:
        known = await _robots(tools, due.url)
    except FetchError as error:
        failed = record.Failed(error=error, at=tools.clock.now())
        return await flow.or_from_feed(due, failed, words, run), tools.host_interval_seconds
    page = robots_policy.polite(tools.fetch, known, AGENT)
    validators = Validators(etag=None, last_modified=None)
    if due.outcome == "stored":
        validators = await pages.validators(tools.db, due.article_id)
    outcome = await flow.ingest(due, page, validators, words, run, tools.clock.now())
    return outcome, _pause(tools, due.host, outcome, _interval(tools, known))


async def _run(tools: Tools, due: DueArticle, function: Callable[..., Any], *values: Any) -> Any:
    """Read a page in the pool: from here on it is to blame when the service dies.

    One that was in the pool when a service died has it to itself.
    """
    if not due.expiries or tools.alone is None:
        await pages.begin(tools.db, due)
        return await tools.run(function, *values)
    async with tools.alone() as run:
        await pages.begin(tools.db, due)
        return await run(function, *values)


def _pause(
    tools: Tools,
    host: str,
    outcome: record.FeedRead | record.PageRead | record.Same | record.Failed,
    seconds: float,
) -> float | None:
    """How long the host is left alone now; None when it asked for more than that."""
    if not tools.heed_hosts:
        return 0.0
    held = isinstance(outcome, record.Failed) and hosts.to_hold(host, outcome.error) == host
    return None if held else seconds


def _unexpected(error: Exception, at: datetime) -> record.Failed:
    """A fault of ours, recorded like any other failure: it backs off and can be seen."""
    message = f"{type(error).__name__}: {error}"[:500]
    return record.Failed(error=IngestError("internal", message), at=at)
