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
from pipeline import flow, persist
from pipeline.decide import Failed, FeedRead, PageRead, Same, holds
from pipeline.errors import IngestError
from pipeline.feeds.scheduling import validator_trust
from pipeline.model import ArticleState, DueArticle, DueFeed, Fetch, Poll, Robots, Validators
from pipeline.storage import pages, polls
from pipeline.web import robots_policy

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from uuid import UUID

    from jobs.clock import Clock
    from pipeline.model import Request, Response
    from pipeline.storage.database import Database
    from pipeline.storage.leases import Terms

log = structlog.get_logger()

Outcome = FeedRead | PageRead | Same | Failed


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
    seen: Callable[[Poll | ArticleState], None] = lambda _: None
    alone: Callable[[], AbstractAsyncContextManager[flow.Run]] | None = None


@dataclass(slots=True, kw_only=True)
class HostFetch:
    """The Fetch of one item: it heeds the robots.txt of the item's host, and learns its interval.

    Without `heeds_robots` nothing but the interval of the settings counts.
    """

    tools: Tools
    heeds_robots: bool = True
    known: Robots | None = None

    async def __call__(self, request: Request) -> Response:
        """Ask for what robots.txt allows; raises FetchError."""
        if not self.heeds_robots:
            return await self.tools.fetch(request)
        tools = self.tools
        if self.known is None:
            self.known = await robots(
                tools.db, tools.clock, tools.fetch, request.url, tools.host_interval_seconds
            )
        return await robots_policy.polite(tools.fetch, self.known, AGENT)(request)

    @property
    def interval_seconds(self) -> float:
        """The time between two requests to the host: ours, or its crawl-delay if longer."""
        if self.known is None:
            return self.tools.host_interval_seconds
        return robots_policy.pause(self.known, AGENT, self.tools.host_interval_seconds)

    def pause(self, host: str, outcome: Outcome) -> float | None:
        """How long the host is left alone now; None when it asked for more than that."""
        if not self.tools.heed_hosts:
            return 0.0
        held = isinstance(outcome, Failed) and holds.to_hold(host, outcome.error) == host
        return None if held else self.interval_seconds


def feeds(tools: Tools) -> Queue[DueFeed]:
    """Return the queue of due feeds."""
    write = WriteBatcher(partial(persist.write_polls, tools.db))

    async def claim(now: datetime, count: int, token: UUID) -> list[DueFeed]:
        if not await tools.is_online():
            return []
        return await polls.claim(tools.db, **_terms(tools, now, count, token))

    async def handle(feed: DueFeed) -> float | None:
        outcome, pause = await poll(tools, feed)
        draw = tools.draws.random()
        if isinstance(outcome, FeedRead):
            result = await persist.write_poll(tools.db, feed, outcome, draw=draw)
        else:
            result = await write((feed, outcome, draw))
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
        await write((feed, _unexpected(error, tools.clock.now()), tools.draws.random()))

    return Queue(name="feeds", claim=claim, handle=handle, fail=fail)


async def poll(tools: Tools, feed: DueFeed) -> tuple[FeedRead | Same | Failed, float | None]:
    """Ask a feed; return what came, and how long its host is left alone (None: as it asked)."""
    fetch = HostFetch(tools=tools, heeds_robots=tools.feeds_robots)
    if not tools.heed_hosts:  # a recorded web holds the answers to what was asked: no audits
        feed = replace(feed, state=validator_trust.without_audit(feed.state))
    outcome = await flow.poll(
        feed,
        fetch,
        tools.run,
        tools.reachable,
        tools.clock.now(),
        pause=lambda: asyncio.sleep(fetch.interval_seconds if tools.heed_hosts else 0.0),
    )
    return outcome, fetch.pause(feed.host, outcome)


def articles(tools: Tools) -> Queue[DueArticle]:
    """Return the queue of due articles."""
    write = WriteBatcher(partial(persist.write_pages, tools.db))
    begin = WriteBatcher(partial(pages.begin, tools.db))

    async def claim(now: datetime, count: int, token: UUID) -> list[DueArticle]:
        if not await tools.is_online():
            return []
        return await pages.claim(tools.db, **_terms(tools, now, count, token))

    async def handle(due: DueArticle) -> float | None:
        outcome, pause = await _ingest(tools, due, begin)
        state = await write((due, outcome, tools.draws.random()))
        if state is None:
            log.warning("lease lost", article_id=due.article_id)
            return None
        tools.seen(state)
        log.info("ingested", article_id=due.article_id, outcome=state.outcome, reason=state.reason)
        return pause

    async def fail(due: DueArticle, error: Exception) -> None:
        await write((due, _unexpected(error, tools.clock.now()), tools.draws.random()))

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


async def _ingest(
    tools: Tools, due: DueArticle, begin: WriteBatcher[DueArticle, None]
) -> tuple[PageRead | Same | Failed, float | None]:
    """Ask for a page, or take what the feeds carry; return what came, and the pause of its host."""
    entries = await pages.entry_facts(tools.db, due.article_id)
    wants_page = tools.fetch_pages if due.fetch_pages is None else due.fetch_pages
    fetch = HostFetch(tools=tools)
    validators = Validators(etag=None, last_modified=None)
    if due.state.outcome == "stored" and wants_page:
        validators = await pages.validators(tools.db, due.article_id)
    outcome = await flow.ingest(
        due,
        fetch if wants_page else None,
        validators,
        entries,
        partial(_run, tools, due, begin),
        tools.clock.now(),
    )
    return outcome, fetch.pause(due.host, outcome) if wants_page else 0.0


async def _run(
    tools: Tools,
    due: DueArticle,
    begin: WriteBatcher[DueArticle, None],
    function: Callable[..., Any],
    *values: Any,
) -> Any:
    """Read a page in the pool: from here on it is to blame when the service dies.

    One that was in the pool when a service died has it to itself.
    """
    if not due.state.expiries or tools.alone is None:
        await begin(due)
        return await tools.run(function, *values)
    async with tools.alone() as run:
        await begin(due)
        return await run(function, *values)


def _unexpected(error: Exception, at: datetime) -> Failed:
    """A fault of ours, recorded like any other failure: it backs off and can be seen."""
    message = f"{type(error).__name__}: {error}"[:500]
    return Failed(error=IngestError("internal", message), at=at)
