"""Adding a feed is registering its address and polling it for the first time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobs import queues
from jobs.feed_discovery import Tried, feeds_of
from jobs.worker import QueueWorker
from pipeline import persist, urls
from pipeline.decide import Failed, FeedRead, Same
from pipeline.errors import FeedUnreadableError, IngestError
from pipeline.feeds.subscriptions import discovery
from pipeline.storage import feed_settings, feeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import DueFeed, Response
    from pipeline.model.listing import ListedFeed
    from pipeline.storage.feeds import Added

HOSTS = 32
PATIENCE_SECONDS = 60.0  # how long a host that cools down, or that others talk to, is waited for
LOOK_AGAIN_SECONDS = 0.2
# A feed that failed so may answer by itself one day: it is worth being kept.
PASSING = frozenset(
    [
        "timeout",
        "dns",
        "connect",
        "tls",
        "too_slow",
        "truncated_transfer",
        "network_down",
        "http_5xx",
        "rate_limited",
    ]
)
PASSING_STATUSES = {401, 403}  # what walls against robots say, often only for a while
NO_FEED = {"not_a_feed", "unreadable"}
NEXT_STEPS = {
    "blocked_address": "not a public address; BROADSHEET_ALLOW_NETS lists networks to allow",
    "dns": "is its name spelled right?",
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A first poll that a running service was quicker to do; it read the feed."""


ELSEWHERE = Elsewhere()
Outcome = FeedRead | Same | Failed | Elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one address; `feed_id` is None when there is no feed.

    `why` says of a feed found on a page why it was tried before others.
    `is_welcome` is false when the host wants to be left alone for now.
    """

    url: str
    feed_id: int | None
    message: str
    is_welcome: bool = True
    is_failing: bool = False
    why: str | None = None

    def __str__(self) -> str:
        number = f"feed {self.feed_id}" if self.feed_id else "no feed"
        why = f" ({self.why})" if self.why else ""
        return f"{self.url}: {number}, {self.message}{why}"

    @property
    def is_good(self) -> bool:
        """Whether there is a feed, and nothing yet that speaks against it."""
        return self.feed_id is not None and not self.is_failing

    def as_row(self) -> dict[str, object]:
        """Return the result as a JSON object."""
        return {
            "url": self.url,
            "feed_id": self.feed_id,
            "message": self.message,
            "found_by": self.why,
        }


async def add(tools: queues.Tools, listed: Sequence[ListedFeed], *, every: bool) -> list[Result]:
    """Add addresses and poll the new ones; where a page answers, add the feeds found on it.

    A feed whose first poll failed is kept when that may pass by itself. With `every`, all feeds
    that a page names or links are added, else the first that can be read. What is found on a page
    has its category, and its credentials at the same origin.
    """
    results = []
    outcomes = await _try(tools, listed)
    wanted: dict[str, ListedFeed] = {}
    for feed in listed:
        wanted.setdefault(feed.url, feed)
    for url, feed in wanted.items():
        result, page = outcomes[url]
        results += [result] if page is None else await _find(tools, feed, page, every=every)
    return results


async def _find(
    tools: queues.Tools, listed: ListedFeed, page: Response, *, every: bool
) -> list[Result]:
    async def ask(url: str) -> Tried[Result]:
        is_near = urls.origin(url) == urls.origin(listed.url)
        wanted = replace(listed, url=url, headers=listed.headers if is_near else {})
        result, answer = (await _try(tools, [wanted], must_read=True))[url]
        feed = result if result.feed_id else None
        return Tried(feed=feed, answer=answer, is_welcome=result.is_welcome)

    found, candidates = await feeds_of(page, ask, every=every)
    return [replace(one.feed, why=one.why) for one in found] or [
        Result(
            url=page.requested_url,
            feed_id=None,
            message=f"not a feed, and none of {candidates} candidates on the page was read as one",
        )
    ]


async def _try(
    tools: queues.Tools, listed: Sequence[ListedFeed], *, must_read: bool = False
) -> dict[str, tuple[Result, Response | None]]:
    """Register and poll; what is not worth keeping is taken off again.

    An answer that is no feed is returned beside: feeds may be named there. What `must_read` is
    taken off unless news were read in it now: nobody asked for it to be kept.
    """
    added = await feeds.register(tools.db, listed, now=await tools.clock.read())
    outcomes: dict[int, Outcome] = {}
    fresh = [feed.feed_id for feed in added if feed.is_new or feed.is_back]
    merged: dict[int, int] = {}
    if fresh:
        try:
            await _poll(tools, fresh, outcomes, must_read=must_read)
        except asyncio.CancelledError:  # Ctrl-C: nobody asked for the candidates themselves
            for feed in added if must_read else ():
                await asyncio.shield(_take_off(tools, feed))
            raise
        merged = await feeds.merged_into(tools.db, fresh)
    found: dict[str, tuple[Result, Response | None]] = {}
    for feed in added:
        outcome = outcomes.get(feed.feed_id)
        is_kept = feed.feed_id not in fresh or _is_kept(outcome, must_read=must_read)
        if not is_kept:
            await _take_off(tools, feed)
        result = _result(feed, outcome, is_kept=is_kept, merged_into=merged.get(feed.feed_id))
        found[feed.url] = (result, _page(outcome))
    return found


async def _take_off(tools: queues.Tools, feed: Added) -> None:
    if feed.is_new:
        await feeds.forget(tools.db, feed.feed_id)
    else:
        await feed_settings.remove(tools.db, [feed.feed_id])


async def _poll(
    tools: queues.Tools, fresh: Sequence[int], outcomes: dict[int, Outcome], *, must_read: bool
) -> None:
    """Poll feeds until each has an outcome, or patience ends; hosts get their intervals."""

    async def handle(feed: DueFeed) -> float | None:
        outcome, pause = await queues.poll(tools, feed)
        if must_read and isinstance(outcome, FeedRead):
            outcome = _with_news(outcome, feed.url)
        outcomes[feed.feed_id] = outcome
        await persist.write_poll(tools.db, feed, outcome, draw=tools.draws.random())
        return pause

    async def fail(feed: DueFeed, error: Exception) -> None:
        outcomes[feed.feed_id] = Failed(
            error=IngestError("internal", f"{type(error).__name__}: {error}"),
            at=tools.clock.now(),
        )
        await queues.feeds(tools).fail(feed, error)

    until = time.monotonic() + PATIENCE_SECONDS
    while waited_for := [feed_id for feed_id in fresh if feed_id not in outcomes]:
        line = replace(queues.feeds(replace(tools, feed_ids=waited_for)), handle=handle, fail=fail)
        await QueueWorker(line=line, db=tools.db, clock=tools.clock, width=HOSTS).run()
        await _take_from_others(tools, [i for i in waited_for if i not in outcomes], outcomes)
        if time.monotonic() >= until:
            return
        if any(feed_id not in outcomes for feed_id in fresh):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _take_from_others(
    tools: queues.Tools, missing: Sequence[int], outcomes: dict[int, Outcome]
) -> None:
    """What a running service was quicker to poll: a feed, or what we have to see ourselves.

    An answer that was no feed may be a page that names some.
    """
    for feed_id, was_read in (await feeds.polled(tools.db, missing)).items():
        if was_read:
            outcomes[feed_id] = ELSEWHERE
        else:
            now = await tools.clock.read()
            await feeds.make_due(tools.db, [feed_id], now=now, reason="asked for")


def _with_news(read: FeedRead, url: str) -> FeedRead | Failed:
    """What was read, or that it was a list of pages: such a sitemap is no feed of news."""
    if discovery.has_news(read.parsed.document):
        return read
    error = FeedUnreadableError("not_a_feed", f"a sitemap without news at {url}")
    return Failed(error=error, at=read.response.fetched_at, response=read.response)


def _is_kept(outcome: Outcome | None, *, must_read: bool) -> bool:
    if must_read:
        return isinstance(outcome, FeedRead | Same) or outcome is ELSEWHERE
    if not isinstance(outcome, Failed):
        return True
    status = outcome.response.status if outcome.response else None
    return outcome.error.reason in PASSING or status in PASSING_STATUSES


def _page(outcome: Outcome | None) -> Response | None:
    """The answer that was no feed, if that is what came."""
    if isinstance(outcome, Failed) and outcome.error.reason in NO_FEED:
        return outcome.response
    return None


def _result(
    feed: Added, outcome: Outcome | None, *, is_kept: bool, merged_into: int | None
) -> Result:
    failed = outcome if isinstance(outcome, Failed) else None
    is_limited = failed is not None and failed.error.reason == "rate_limited"
    is_fresh = feed.is_new or feed.is_back
    if merged_into:
        message = f"known already as feed {merged_into}"
    else:
        message = _told(outcome, is_kept=is_kept) if is_fresh else _known(feed)
    return Result(
        url=feed.url,
        feed_id=(merged_into or feed.feed_id) if is_kept else None,
        is_welcome=not is_limited and (outcome is not None or not is_fresh),
        message=message,
        is_failing=failed is not None,
    )


def _known(feed: Added) -> str:
    if feed.state == "active":
        return "known already"
    return (
        f"known already, but {feed.state}: 'broadsheet feeds resume {feed.feed_id}' polls it again"
    )


def _told(outcome: Outcome | None, *, is_kept: bool) -> str:
    match outcome:
        case FeedRead():
            document = outcome.parsed.document
            return f"{document.title or 'untitled'}: {len(outcome.parsed.found)} entries"
        case Failed():
            step = NEXT_STEPS.get(outcome.error.reason)
            said = f"{outcome.error} ({step})" if step else str(outcome.error)
            return f"kept, but its first poll failed: {said}" if is_kept else f"not added: {said}"
        case Elsewhere():
            return "added; the running service has polled it"
        case _:
            return "added; its host is busy, it is polled soon"
