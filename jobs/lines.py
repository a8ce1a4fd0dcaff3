"""The two queues and the publisher, wired to the flow: no rule about feeds or articles here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from jobs.work import Line
from pipeline import flow, record, urls
from pipeline.model import DueArticle, DueFeed, Fetch, NextLook, Poll, Validators
from pipeline.storage import hosts, pages, polls
from pipeline.web import manners

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from jobs.clock import Clock
    from pipeline.storage.database import Database

log = structlog.get_logger()

AGENT = "Broadsheet"
"""The product name that robots.txt rules are looked up for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the lines work with; `feed_ids` narrows them to some feeds, None means all.

    `reachable` says of a host in a link whether it may be kept. `due_by` is when an item must have been due to be taken, None means now. `seen` is told of each outcome, for progress bars and counts.
    """

    db: Database
    clock: Clock
    fetch: Fetch
    run: flow.Run
    draws: random.Random
    host_interval_seconds: float = 0.0
    fetch_pages: bool = True
    reachable: Callable[[str], bool] = lambda _: True
    feed_ids: Sequence[int] | None = None
    due_by: datetime | None = None
    seen: Callable[[Poll | NextLook], None] = lambda _: None


def feeds(tools: Tools) -> Line[DueFeed]:
    """Return the line of due feeds."""

    async def claim(now: datetime, count: int, token: UUID) -> list[DueFeed]:
        return await polls.claim(
            tools.db,
            now=now,
            due_by=tools.due_by or now,
            hosts=count,
            token=token,
            feed_ids=tools.feed_ids,
        )

    async def handle(feed: DueFeed) -> None:
        outcome = await flow.poll(feed, tools.fetch, tools.run, tools.reachable, tools.clock.now())
        result = await record.write_poll(tools.db, feed, outcome, draw=tools.draws.random())
        if result is None:
            log.warning("lease lost", feed_id=feed.feed_id)
            return
        tools.seen(result)
        log.info(
            "polled",
            feed_id=feed.feed_id,
            outcome=result.outcome,
            reason=result.reason,
            new=result.counts.new,
            updated=result.counts.updated,
        )

    return Line(name="feeds", claim=claim, handle=handle)


def articles(tools: Tools) -> Line[DueArticle]:
    """Return the line of due articles."""

    async def claim(now: datetime, count: int, token: UUID) -> list[DueArticle]:
        return await pages.claim(
            tools.db,
            now=now,
            due_by=tools.due_by or now,
            hosts=count,
            token=token,
            feed_ids=tools.feed_ids,
        )

    async def handle(due: DueArticle) -> None:
        outcome = await _ingest(tools, due)
        look = await record.write_page(tools.db, due, outcome, draw=tools.draws.random())
        if look is None:
            log.warning("lease lost", article_id=due.article_id)
            return
        tools.seen(look)
        log.info("ingested", article_id=due.article_id, outcome=look.outcome, reason=look.reason)

    return Line(name="articles", claim=claim, handle=handle)


async def publish_all(db: Database) -> int:
    """Publish batch after batch until nothing is left; return how many articles."""
    total = 0
    while count := await flow.publish(db):
        total += count
        log.info("published", articles=count)
    return total


async def _ingest(tools: Tools, due: DueArticle) -> record.PageRead | record.Same | record.Failed:
    now = tools.clock.now()
    words = await pages.feed_words(tools.db, due.article_id)
    wanted = tools.fetch_pages if due.fetch_pages is None else due.fetch_pages
    if not wanted:
        return await flow.take_from_feed(due, words, tools.run, now)
    known = await hosts.robots(tools.db, due.host)
    if manners.must_ask(known, now):
        known, answer = await manners.ask(urls.origin(due.url), tools.fetch, now)
        await record.write_robots(tools.db, due, known, answer)
    page = manners.polite(tools.fetch, known, AGENT)
    validators = Validators(etag=None, last_modified=None)
    if due.outcome == "stored":
        validators = await pages.validators(tools.db, due.article_id)
    return await flow.ingest(due, page, validators, words, tools.run, now)
