"""Claimed work, host by host: turns that run side by side, and leases kept while they do."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

import structlog

from pipeline.model import DueArticle, DueFeed
from pipeline.storage import hosts, leases

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from jobs.clock import Clock
    from pipeline.storage.database import Database

log = structlog.get_logger()

Due = TypeVar("Due", DueFeed, DueArticle)

RENEW_SECONDS = 20.0  # a third of the lease
LOOK_AGAIN_SECONDS = 1.0  # how long new work may wait while old work is going on


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Generic[Due]):
    """One queue: how it is claimed, and what is done with an item."""

    name: str
    claim: Callable[[datetime, int, UUID], Awaitable[list[Due]]]
    handle: Callable[[Due], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Drain(Generic[Due]):
    """Works a line off until nothing is due: up to `width` hosts at a time.

    Within a host one item follows the other, `interval_seconds` apart. With a width of 1 the
    order is that of the claims, which is what makes a replay exact.
    """

    line: Line[Due]
    db: Database
    clock: Clock
    width: int
    interval_seconds: float
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    held: dict[int, Due] = field(default_factory=dict)
    handled: int = 0

    async def run(self) -> int:
        """Return how many items were handled; ends when nothing can be claimed, or on `stop`."""
        over = asyncio.Event()
        renewal = asyncio.create_task(self._renew(over))
        turns: set[asyncio.Task[None]] = set()
        try:
            while True:
                turns |= await self._begin(self.width - len(turns))
                if not turns:
                    return self.handled
                done, turns = await asyncio.wait(
                    turns, timeout=LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for turn in done:
                    turn.result()
        finally:
            over.set()
            renewal.cancel()
            for turn in turns:
                turn.cancel()
            await asyncio.gather(renewal, *turns, return_exceptions=True)
            await self._give_back()

    async def _begin(self, free: int) -> set[asyncio.Task[None]]:
        if self.stop.is_set() or free <= 0:
            return set()
        items = await self.line.claim(await self.clock.read(), free, uuid.uuid4())
        self.held.update({_number(item): item for item in items})
        ordered = sorted(items, key=lambda item: item.host)
        turns = [list(group) for _, group in groupby(ordered, key=lambda item: item.host)]
        return {asyncio.create_task(self._turn(turn)) for turn in turns}

    async def _turn(self, items: Sequence[Due]) -> None:
        """One host's items, one after the other; the host is given back whatever happens."""
        try:
            for number, item in enumerate(items):
                if self.stop.is_set():
                    return
                if number:
                    await asyncio.sleep(self.interval_seconds)
                await self._handle(item)
        finally:
            pause = timedelta(seconds=self.interval_seconds)
            await hosts.release(
                self.db,
                items[0].host,
                items[0].lease_token,
                next_request_at=self.clock.now() + pause,
            )

    async def _handle(self, item: Due) -> None:
        """The one place where an unexpected exception ends: its item alone is affected."""
        try:
            await self.line.handle(item)
            self.handled += 1
        except Exception:
            # The lease stays: it brings the item back when it expires, and counts that.
            log.exception("item failed", line=self.line.name, number=_number(item), url=item.url)
        self.held.pop(_number(item), None)

    async def _renew(self, over: asyncio.Event) -> None:
        # Not by cancelling alone: asyncio.wait_for of Python 3.11, under every statement, swallows
        # a cancellation that meets its answer (bpo-37658).
        while not over.is_set():
            await asyncio.sleep(RENEW_SECONDS)
            await leases.renew(self.db, list(self.held.values()), now=await self.clock.read())

    async def _give_back(self) -> None:
        """What was claimed and not worked on goes back at once."""
        if self.held:
            await leases.give_back(self.db, list(self.held.values()), now=self.clock.now())


def _number(item: DueFeed | DueArticle) -> int:
    return item.feed_id if isinstance(item, DueFeed) else item.article_id
