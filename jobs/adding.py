"""Adding a feed is registering its address and polling it for the first time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobs import lines
from jobs.work import Drain
from pipeline import flow, record
from pipeline.feeds import discovery
from pipeline.storage import feeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import DueFeed

HOSTS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one address; `feed_id` is None when there is no feed."""

    url: str
    feed_id: int | None
    message: str

    def __str__(self) -> str:
        number = f"feed {self.feed_id}" if self.feed_id else "no feed"
        return f"{self.url}: {number}, {self.message}"

    def as_row(self) -> dict[str, object]:
        """Return the result as a JSON object."""
        return {"url": self.url, "feed_id": self.feed_id, "message": self.message}


async def add(
    tools: lines.Tools, addresses: Sequence[str], *, every: bool, category: str | None
) -> list[Result]:
    """Add addresses and poll the new ones; where a page answers, add the feeds it names.

    A feed that cannot be reached now is kept. With `every`, all feeds of a page are added, else
    the first that can be read.
    """
    results = []
    outcomes = await _try(tools, addresses, category)
    for address in addresses:
        result, page = outcomes[address]
        results += (
            [result] if page is None else await _find(tools, page, every=every, category=category)
        )
    return results


async def _find(
    tools: lines.Tools, page: record.Failed, *, every: bool, category: str | None
) -> list[Result]:
    if page.response is None:
        raise ValueError(page)
    found = []
    candidates = discovery.candidates(page.response)
    for candidate in candidates:
        result, _ = (await _try(tools, [candidate], category, is_guess=True))[candidate]
        if result.feed_id:
            found.append(result)
            if not every:
                break
    return found or [
        Result(
            url=page.response.requested_url,
            feed_id=None,
            message=f"not a feed, and none of {len(candidates)} candidates on the page is one",
        )
    ]


async def _try(
    tools: lines.Tools, addresses: Sequence[str], category: str | None, *, is_guess: bool = False
) -> dict[str, tuple[Result, record.Failed | None]]:
    """Register and poll; an answer that is no feed is taken off again and returned beside.

    So is a guess that failed in any other way: nobody asked for it to be kept.
    """
    added = await feeds.add(
        tools.db, list(dict.fromkeys(addresses)), now=await tools.clock.read(), category=category
    )
    fresh = [feed.feed_id for feed in added if feed.is_new]
    outcomes: dict[int, record.FeedRead | record.Same | record.Failed] = {}
    if fresh:
        await _poll(replace(tools, feed_ids=fresh), outcomes)
    found: dict[str, tuple[Result, record.Failed | None]] = {}
    for feed in added:
        outcome = outcomes.get(feed.feed_id)
        failed = outcome if isinstance(outcome, record.Failed) else None
        page = failed if failed and (is_guess or _is_no_feed(failed)) else None
        if page:
            await feeds.remove(tools.db, feed.feed_id)
        message = "known already" if not feed.is_new else _told(outcome)
        result = Result(url=feed.url, feed_id=None if page else feed.feed_id, message=message)
        found[feed.url] = (result, page)
    return found


async def _poll(
    tools: lines.Tools, outcomes: dict[int, record.FeedRead | record.Same | record.Failed]
) -> None:
    async def handle(feed: DueFeed) -> None:
        outcome = await flow.poll(feed, tools.fetch, tools.run, tools.reachable, tools.clock.now())
        outcomes[feed.feed_id] = outcome
        await record.write_poll(tools.db, feed, outcome, draw=tools.draws.random())

    line = replace(lines.feeds(tools), handle=handle)
    pause = tools.host_interval_seconds
    drain = Drain(line=line, db=tools.db, clock=tools.clock, width=HOSTS, interval_seconds=pause)
    await drain.run()


def _is_no_feed(failed: record.Failed) -> bool:
    return failed.error.reason in {"not_a_feed", "unreadable"} and failed.response is not None


def _told(outcome: record.FeedRead | record.Same | record.Failed | None) -> str:
    match outcome:
        case record.FeedRead():
            document = outcome.reading.document
            return f"{document.title or 'untitled'}: {len(outcome.reading.found)} entries"
        case record.Failed():
            return f"kept, but its first poll failed: {outcome.error}"
        case _:
            return "added; its host is busy, it is polled soon"
