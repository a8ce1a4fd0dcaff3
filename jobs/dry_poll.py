"""A dry poll: what asking an address would bring; nothing is written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.feed_discovery import Tried, feeds_of
from pipeline import flow, urls
from pipeline.decide import Failed, FeedRead, Same
from pipeline.errors import FetchError, IngestError
from pipeline.feeds.scheduling import feed_state, schedule
from pipeline.feeds.subscriptions import discovery
from pipeline.model import Counts, DueFeed
from pipeline.storage import feeds

if TYPE_CHECKING:
    from jobs.queues import Tools
    from pipeline.model import FeedState, NextPoll, Response
    from pipeline.model.listing import ListedFeed

NOBODY = UUID(int=0)  # the lease of a feed that is only thought of
# Answers that are no feed, but may be a page that names some.
NO_FEED = {"not_a_feed", "unreadable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """A feed that answered: what was read, what its state would remember, when it is polled next.

    `known` is what the database has of its address. `why` says of one found on a page why it was
    tried before others.
    """

    url: str
    known: feeds.Access
    read: FeedRead
    state: FeedState
    next_poll: NextPoll
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What an address leads to: itself as a feed, or the feeds of its page, or why there are none."""

    url: str
    feeds: tuple[Readable, ...]
    error: IngestError | None = None


async def check(tools: Tools, listed: ListedFeed) -> Checked:
    """Ask an address as a poll would, and where a page answers what it leads to."""
    looked = await _look(tools, listed)
    if isinstance(looked, Readable):
        return Checked(url=listed.url, feeds=(looked,))
    page = _page(looked)
    if page is None:
        return Checked(url=listed.url, feeds=(), error=looked.error)

    async def ask(url: str) -> Tried[Readable]:
        # Nothing is written, so no host is leased either: the interval is kept by waiting.
        await asyncio.sleep(tools.host_interval_seconds)
        is_near = urls.origin(url) == urls.origin(listed.url)
        found = await _look(
            tools, replace(listed, url=url, headers=listed.headers if is_near else {})
        )
        if isinstance(found, Readable):
            is_feed = discovery.has_news(found.read.parsed.document)
            return Tried(feed=found if is_feed else None, answer=None)
        is_welcome = found.error.reason != "rate_limited"
        return Tried(feed=None, answer=_page(found), is_welcome=is_welcome)

    found, _ = await feeds_of(page, ask, every=True)
    feeds_ = tuple(replace(one.feed, why=one.why) for one in found)
    return Checked(url=listed.url, feeds=feeds_, error=looked.error)


async def _look(tools: Tools, listed: ListedFeed) -> Readable | Failed:
    now = await tools.clock.read()
    known = await feeds.access(tools.db, listed.url, now=now)
    if known.held_until:
        message = f"{urls.host(listed.url)} asked to be left alone until {known.held_until:%F %T}Z"
        return Failed(error=FetchError("rate_limited", message), at=now)
    feed = DueFeed(
        feed_id=0,
        url=listed.url,
        host=urls.host(listed.url),
        due_at=now,
        lease_token=NOBODY,
        headers={**(known.headers or {}), **listed.headers},
    )
    outcome = await flow.poll(
        feed,
        tools.fetch,
        tools.run,
        tools.reachable,
        now,
        pause=partial(asyncio.sleep, tools.host_interval_seconds),
    )
    if isinstance(outcome, Failed):
        return outcome
    if isinstance(outcome, Same):  # nothing is known that it could be the same as
        raise TypeError(outcome)
    return _readable(feed, known, outcome)


def _readable(feed: DueFeed, known: feeds.Access, read: FeedRead) -> Readable:
    response, parsed = read.response, read.parsed
    counts = Counts(
        new=len(parsed.found),
        known=parsed.repeats,
        skipped=parsed.skipped,
        rejected=len(parsed.rejected),
    )
    return Readable(
        url=feed.url,
        known=known,
        read=read,
        state=feed_state.after_document(feed.state, response, None, draw=0.5),
        next_poll=schedule.after_answer(feed, response, parsed.document, counts, draw=0.5),
    )


def _page(failed: Failed) -> Response | None:
    return failed.response if failed.error.reason in NO_FEED else None
