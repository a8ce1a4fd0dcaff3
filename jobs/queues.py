"""The two queues and the publisher, wired to the flow: no rule about feeds or articles here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from jobs.batcher import Batcher
from jobs.host_leases import AGENT, known_robots, robots
from jobs.outage_log import OutageLog
from jobs.worker import Queue
from pipeline import flow, persist, urls
from pipeline.decide import Failed, FeedRead, PageRead, Same, holds
from pipeline.errors import IngestError
from pipeline.feeds.scheduling import validator_trust
from pipeline.model import (
    ArticleState,
    DueArticle,
    DueFeed,
    EntryFacts,
    Fetch,
    Poll,
    Robots,
    Validators,
)
from pipeline.storage import hosts, pages, polls
from pipeline.web import robots_policy

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from uuid import UUID

    from jobs.clock import Clock
    from pipeline.model import Request, Response
    from pipeline.persist.pages import Decided
    from pipeline.storage.database import Database
    from pipeline.storage.leases import Terms

log = structlog.get_logger()

WRITE_LINGER_SECONDS = 0.5
"""How long a page that was read waits for others to be written with it. Its host's interval goes on
meanwhile."""

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
    the pool behind `run` with nobody else in it; None where there is no pool. `outage` logs when the
    database goes and is back; `progressed` is told the job that gets on.
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
    outage: OutageLog = field(default_factory=OutageLog)
    progressed: Callable[[str], None] = lambda _: None


@dataclass(slots=True, kw_only=True)
class HostFetch:
    """The Fetch of one item: it heeds the robots.txt of the item's host, and learns its interval.

    `lookup` says what is known of a host. Without `heeds_robots` nothing but the interval of the
    settings counts.
    """

    tools: Tools
    lookup: Callable[[str], Awaitable[Robots]]
    heeds_robots: bool = True
    known: Robots | None = None

    async def __call__(self, request: Request) -> Response:
        """Ask for what robots.txt allows; raises FetchError."""
        if not self.heeds_robots:
            return await self.tools.fetch(request)
        tools = self.tools
        if self.known is None:
            known = await self.lookup(urls.host(request.url))
            interval = tools.host_interval_seconds
            self.known = await robots(
                tools.db, tools.clock, tools.fetch, request.url, known, interval
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
    write = Batcher(partial(persist.write_polls, tools.db))

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
        tell = log.info if result.reason is None else log.warning
        tell(
            "polled",
            feed_id=feed.feed_id,
            url=feed.url,
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
    lookup = partial(known_robots, tools.db)
    fetch = HostFetch(tools=tools, lookup=lookup, heeds_robots=tools.feeds_robots)
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


@dataclass(frozen=True, slots=True)
class PageCalls:
    """The calls that every page makes to the database, those of many pages in one statement."""

    entries: Batcher[int, list[EntryFacts]]
    robots: Batcher[str, Robots]
    begin: Batcher[DueArticle, None]
    write: Batcher[Decided, ArticleState | None]

    @classmethod
    def of(cls, tools: Tools) -> PageCalls:
        """Return them for a queue. A recorded web is read one page after the other: none waits."""
        linger_seconds = WRITE_LINGER_SECONDS if tools.heed_hosts else 0.0
        return cls(
            Batcher(partial(pages.entry_facts, tools.db)),
            Batcher(partial(hosts.robots, tools.db)),
            Batcher(partial(pages.begin, tools.db)),
            Batcher(partial(persist.write_pages, tools.db), linger_seconds),
        )


def articles(tools: Tools) -> Queue[DueArticle]:
    """Return the queue of due articles."""
    calls = PageCalls.of(tools)

    async def claim(now: datetime, count: int, token: UUID) -> list[DueArticle]:
        if not await tools.is_online():
            return []
        return await pages.claim(tools.db, **_terms(tools, now, count, token))

    async def handle(due: DueArticle) -> float | None:
        outcome, pause = await _ingest(tools, due, calls)
        asked_at = tools.clock.now()
        state = await calls.write((due, outcome, tools.draws.random()))
        if state is None:
            log.warning("lease lost", article_id=due.article_id)
            return None
        tools.seen(state)
        tell = log.info if state.reason is None else log.warning
        tell(
            "ingested",
            article_id=due.article_id,
            url=due.url,
            outcome=state.outcome,
            reason=state.reason,
        )
        return _rest(pause, since=asked_at, now=tools.clock.now())

    async def fail(due: DueArticle, error: Exception) -> None:
        await calls.write((due, _unexpected(error, tools.clock.now()), tools.draws.random()))

    return Queue(name="articles", claim=claim, handle=handle, fail=fail)


def _rest(pause: float | None, *, since: datetime, now: datetime) -> float | None:
    """What is left of a host's pause after a write; the clock of a replay stands still."""
    return None if pause is None else max(pause - (now - since).total_seconds(), 0.0)


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
    tools: Tools, due: DueArticle, calls: PageCalls
) -> tuple[PageRead | Same | Failed, float | None]:
    """Ask for a page, or take what the feeds carry; return what came, and the pause of its host."""
    entries = await calls.entries(due.article_id)
    wants_page = tools.fetch_pages if due.fetch_pages is None else due.fetch_pages
    fetch = HostFetch(tools=tools, lookup=calls.robots)
    validators = Validators(etag=None, last_modified=None)
    if due.state.outcome == "stored" and wants_page:
        validators = await pages.validators(tools.db, due.article_id)
    outcome = await flow.ingest(
        due,
        fetch if wants_page else None,
        validators,
        entries,
        partial(_run, tools, due, calls.begin),
        tools.clock.now(),
    )
    return outcome, fetch.pause(due.host, outcome) if wants_page else 0.0


async def _run(
    tools: Tools,
    due: DueArticle,
    begin: Batcher[DueArticle, None],
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
