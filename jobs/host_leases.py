"""Hosts that are asked besides the one that was claimed: where redirects lead, and robots.txt.

A redirect to another host takes that host's turn, as a claim of its own would: one request at a
time across all replicas, its interval, its hold, and for pages its robots.txt.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from pipeline import persist, urls
from pipeline.errors import BadUrlError, FetchError
from pipeline.storage import hosts
from pipeline.storage.outages import LOST
from pipeline.web import robots_policy
from pipeline.web.redirects import following

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from jobs.clock import Clock
    from pipeline.model import Fetch, Request, Robots
    from pipeline.storage.database import Database
    from pipeline.web.redirects import Exchange

log = structlog.get_logger()

AGENT = "Broadsheet"
"""The product name that robots.txt rules are looked up for."""

WAIT_SECONDS = 20.0
"""How long a redirect waits for its turn; two that wait for each other's host end with it."""

LOOK_AGAIN_SECONDS = 0.25
RENEW_SECONDS = 20.0  # a third of the lease
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliteFetcher:
    """Follows redirects politely over `exchange`.

    `heeded` are the purposes for which robots.txt is obeyed; its own redirects never are.
    """

    db: Database
    clock: Clock
    exchange: Exchange
    interval_seconds: float
    heeded: frozenset[str] = frozenset({"page"})
    wait_seconds: float = WAIT_SECONDS

    @property
    def fetch(self) -> Fetch:
        """The Fetch for a caller who holds the host of what it asks for, and no other."""
        return self._fetch(NOBODY)

    def _fetch(self, held: frozenset[str]) -> Fetch:
        return following(self.exchange, visit=partial(self._visit, held))

    @asynccontextmanager
    async def _visit(self, held: frozenset[str], request: Request, url: str) -> AsyncIterator[None]:
        """Take the turn of the host of `url`, where `request` was redirected to.

        Raises FetchError: rate_limited with the rest of its hold, host_busy when others keep
        it, robots or why robots.txt could not be had, bad_url.
        """
        host, held = _host(url), held | {_host(request.url)}
        if host in held:
            await self._welcome(request, url, held)
            yield
            return
        token = await self._taken(host, url)
        pause = self.interval_seconds
        over = asyncio.Event()
        renewal = asyncio.create_task(self._renew(host, token, over))
        try:
            pause = await self._welcome(request, url, held | {host})
            yield
        finally:
            over.set()
            renewal.cancel()
            await asyncio.gather(renewal, return_exceptions=True)
            again_at = self.clock.now() + timedelta(seconds=pause)
            await hosts.release(self.db, host, token, next_request_at=again_at)

    async def _taken(self, host: str, url: str) -> UUID:
        token, until = uuid.uuid4(), time.monotonic() + self.wait_seconds
        while not await hosts.take(self.db, host, token, now=self.clock.now()):
            now = self.clock.now()
            held_until = await hosts.held_until(self.db, host, now=now)
            if held_until is not None:
                message = f"{url}: {host} wants to be left alone until {held_until:%Y-%m-%d %H:%M}"
                raise FetchError("rate_limited", message, retry_after=held_until - now)
            if time.monotonic() >= until:
                message = f"{url}: {host} was busy for {self.wait_seconds:g} s"
                raise FetchError("host_busy", message)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return token

    async def _welcome(self, request: Request, url: str, held: frozenset[str]) -> float:
        """How long the host is to be left alone afterwards; FetchError where we may not ask."""
        if request.purpose not in self.heeded:
            return self.interval_seconds
        known = await known_robots(self.db, _host(url))
        fetch = self._fetch(held)
        known = await robots(self.db, self.clock, fetch, url, known, self.interval_seconds)
        robots_policy.require_allowed(known, url, AGENT)
        return robots_policy.pause(known, AGENT, self.interval_seconds)

    async def _renew(self, host: str, token: UUID, over: asyncio.Event) -> None:
        # Not ended by cancelling alone: see jobs.worker.QueueWorker.
        while not over.is_set():
            await asyncio.sleep(RENEW_SECONDS)
            try:
                await hosts.renew(self.db, host, token, now=self.clock.now())
            except LOST:
                log.warning("host not renewed: no database", host=host)


async def known_robots(db: Database, host: str) -> Robots:
    """Return what is known of one host's robots.txt."""
    (known,) = await hosts.robots(db, [host])
    return known


async def robots(
    db: Database, clock: Clock, fetch: Fetch, url: str, known: Robots, interval_seconds: float
) -> Robots:
    """Return what the host of `url`, which the caller holds, allows: `known`, or its answer now.

    After it was asked the interval between two requests is waited for.
    """
    now = clock.now()
    if robots_policy.must_ask(known, now):
        known, answer = await robots_policy.ask(urls.origin(url), fetch, now)
        await persist.write_robots(db, url, known, answer, now)
        await asyncio.sleep(interval_seconds)
    return known


def _host(url: str) -> str:
    try:
        return urls.host(url)
    except BadUrlError as error:
        raise FetchError(error.reason, error.message) from error
