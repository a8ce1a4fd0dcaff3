"""Recording a feed and its pages as a seeds folder: from the web, or from what is kept."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.host_leases import AGENT
from pipeline import flow, urls
from pipeline.decide import Failed, FeedRead, Same
from pipeline.errors import BadUrlError, FetchError, UsageError
from pipeline.model import DueFeed, Request, Robots
from pipeline.storage import fetched
from pipeline.web import robots_policy
from pipeline.web.recorded_web import ERRORS
from pipeline.web.recording import Answer, Recorder
from pipeline.web.redirects import address, following

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

    from pipeline.flow import Run
    from pipeline.model import Fetch, Response
    from pipeline.model.listing import ListedFeed
    from pipeline.storage.database import Database
    from pipeline.storage.fetched import Fetched
    from pipeline.web.redirects import Exchange

NOBODY = UUID(int=0)  # the lease of a feed that is in no database


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What was recorded, and what could not be.

    `refused` counts pages that robots.txt keeps us from, `missing` what no recording can hold:
    failures that are not of a transport, bodies that were pruned. `error` is the feed's.
    """

    answers: tuple[Answer, ...]
    pages: int
    refused: int = 0
    missing: int = 0
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class Visit:
    """Asks politely on its own: one request at a time, hosts at their interval, robots.txt heeded.

    There is no database, so that an incident can be recorded anywhere: other processes that ask
    the same hosts are not known.
    """

    recorder: Recorder
    interval_seconds: float
    now: datetime
    known: dict[str, Robots] = field(default_factory=dict)
    asked_at: dict[str, float] = field(default_factory=dict)

    @property
    def fetch(self) -> Fetch:
        """The Fetch of this visit; for pages, robots.txt has its say at each host."""
        return following(self._exchange, visit=self._enter)

    async def page(self, url: str) -> None:
        """Ask for a page, and record whatever comes. Raises FetchError."""
        request = Request(url=url, purpose="page")
        await self._require_allowed(request, url)
        await self.fetch(request)

    async def _exchange(self, request: Request, url: str) -> Response:
        host = urls.host(url)
        rest = self.asked_at.get(host, 0.0) + self._pause(host) - time.monotonic()
        if host in self.asked_at and rest > 0:
            await asyncio.sleep(rest)
        try:
            return await self.recorder.exchange(request, url)
        finally:
            self.asked_at[host] = time.monotonic()

    @asynccontextmanager
    async def _enter(self, request: Request, url: str) -> AsyncIterator[None]:
        await self._require_allowed(request, url)
        yield

    async def _require_allowed(self, request: Request, url: str) -> None:
        if request.purpose != "page":
            return
        host = _host(url)
        if host not in self.known:
            self.known[host], _ = await robots_policy.ask(urls.origin(url), self.fetch, self.now)
        robots_policy.require_allowed(self.known[host], url, AGENT)

    def _pause(self, host: str) -> float:
        known = self.known.get(host)
        return (
            robots_policy.pause(known, AGENT, self.interval_seconds)
            if known
            else self.interval_seconds
        )


async def capture(  # noqa: PLR0913 - what it works with, and who is told
    listed: ListedFeed,
    exchange: Exchange,
    run: Run,
    *,
    now: datetime,
    interval_seconds: float,
    reachable: Callable[[str], bool],
    most_pages: int,
    told: Callable[[int], None],
) -> Captured:
    """Record a feed, and the pages it shows, as they answer now; each once.

    Every recording is of the moment `now`, so that a replay polls the feed and asks for its pages
    in one step, as the service would. `told` hears how many pages there are, at first, and of each.
    """
    recorder = Recorder(exchange, now)
    visit = Visit(recorder=recorder, interval_seconds=interval_seconds, now=now)
    feed = DueFeed(
        feed_id=0,
        url=listed.url,
        host=urls.host(listed.url),
        due_at=now,
        lease_token=NOBODY,
        headers=dict(listed.headers),
    )
    recorder.mark_feed(address(listed.url))
    outcome = await flow.poll(feed, visit.fetch, run, reachable, now)
    pages = _pages(outcome)[:most_pages]
    told(len(pages))
    refused = 0
    for url in pages:
        try:
            await visit.page(url)
        except FetchError as error:
            refused += error.reason == "robots"
        told(-1)
    return Captured(
        answers=tuple(recorder.answers()),
        pages=len(pages),
        refused=refused,
        missing=len(recorder.unrecorded),
        error=str(outcome.error) if isinstance(outcome, Failed) else None,
    )


async def captured_before(db: Database, feed_id: int, since: datetime | None) -> Captured:
    """Return what is kept of a feed, its pages and their hosts' robots.txt, at its own times.

    Raises UsageError when nothing is kept of a feed of that number.
    """
    found = await fetched.of_feed(db, feed_id, since)
    if not found:
        raise UsageError(f"nothing is kept of a feed {feed_id}: 'broadsheet feeds list'")
    recorded = [_answers(one) for one in found]
    answers = [answer for answers in recorded for answer in answers]
    return Captured(
        answers=tuple(_known_from_the_start(answers)),
        pages=sum(one.is_page for one in found),
        missing=sum(not answers for answers in recorded),
    )


def _known_from_the_start(answers: Sequence[Answer]) -> list[Answer]:
    """Let each robots.txt be known at the first moment.

    It is asked for after the poll that leads to it, and a replay that finds no recording yet takes
    everything for allowed.
    """
    start = min((answer.at for answer in answers), default=None)
    seen: set[str] = set()
    moved = []
    for answer in answers:
        is_first = answer.url.endswith("/robots.txt") and answer.url not in seen
        seen.add(answer.url)
        moved.append(replace(answer, at=start) if is_first and start else answer)
    return moved


def _answers(one: Fetched) -> list[Answer]:
    """The recordings of one fetch, its redirects hop by hop; none when it cannot be repeated."""
    is_transport = one.reason in ERRORS
    if one.is_pruned or (one.status is None and not is_transport):
        return []
    led_to = [*(url for url, _ in one.hops[1:]), one.final_url]
    redirects = [
        Answer(url=url, at=one.fetched_at, status=status, headers={"location": location})
        for (url, status), location in zip(one.hops, led_to, strict=False)
    ]
    last = Answer(url=one.final_url, at=one.fetched_at, error=one.reason)
    if not is_transport and one.status is not None:
        last = replace(last, error=None, status=one.status, headers=one.headers, body=one.body)
    first, *rest = [*redirects, last]
    return [replace(first, is_feed=one.is_poll), *rest]


def _pages(outcome: FeedRead | Same | Failed) -> list[str]:
    if not isinstance(outcome, FeedRead):
        return []
    return list(dict.fromkeys(one.url for one in outcome.parsed.found if one.url))


def _host(url: str) -> str:
    try:
        return urls.host(url)
    except BadUrlError as error:
        raise FetchError(error.reason, error.message) from error
