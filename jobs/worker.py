"""Claimed work, host by host: turns that run side by side, and leases kept while they do."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

import structlog

from jobs.outage_log import OutageLog
from jobs.returns import Return, Returns
from pipeline.model import DueArticle, DueFeed
from pipeline.storage import leases, outages
from pipeline.storage.outages import LOST

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from jobs.clock import Clock
    from pipeline.storage.database import Database

log = structlog.get_logger()

Due = TypeVar("Due", DueFeed, DueArticle)

RENEW_SECONDS = 20.0  # a third of the lease
RENEW_AGAIN_SECONDS = 2.0  # after a renewal that failed: many tries before the lease is over
LOOK_AGAIN_SECONDS = 1.0  # how long new work may wait while old work is going on
# Turns that end within this time are replaced by one claim: a claim for each would cost as much
# as the polls.
GATHER_SECONDS = 0.05
# A turn is given up, and what is left of it back, when it would go on for longer than this: a
# crawl-delay is waited for by the host's row, not by a turn.
TURN = timedelta(seconds=10)
# Turns that last longer than this no longer count against the width, up to so many times the
# width in all: hosts that let us wait until the deadline do not stand in the others' way.
SLOW, MOST_WIDTHS = timedelta(seconds=3), 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Generic[Due]):
    """One queue: how it is claimed, and what is done with an item.

    `handle` returns the seconds that its host is left alone before the next item, or None when
    the host asked to be left alone for longer. `fail` records what no step expected.
    """

    name: str
    claim: Callable[[datetime, int, UUID], Awaitable[list[Due]]]
    handle: Callable[[Due], Awaitable[float | None]]
    fail: Callable[[Due, Exception], Awaitable[None]]
    returns: Returns = field(default_factory=Returns)


@dataclass(slots=True, kw_only=True)
class QueueWorker(Generic[Due]):
    """Works a line off until nothing is due: up to `width` hosts at a time, and slow ones beside.

    Within a host one item follows the other. With a width of 1 the order is that of the claims,
    which is what makes a replay exact: its clock stands still, so no turn is long or slow. After
    `stop`, what is under way has `grace_seconds`.
    """

    line: Queue[Due]
    db: Database
    clock: Clock
    width: int
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    grace_seconds: float = 15.0
    held: dict[int, Due] = field(default_factory=dict)
    handled: int = 0
    broken: int = 0
    outage: OutageLog = field(default_factory=OutageLog)
    progressed: Callable[[], None] = lambda: None

    async def run(self) -> int:
        """Return how many items were handled; ends when nothing can be claimed, or on `stop`."""
        over = asyncio.Event()
        renewal = asyncio.create_task(self._renew(over))
        turns: dict[asyncio.Task[None], datetime] = {}
        try:
            while not self.stop.is_set():
                self.progressed()
                room = self._room(turns)
                begun = await self._begin_beside(turns, room)
                turns |= begun
                if not turns:
                    return self.handled
                # A claim that came back short took all there was: the next may wait.
                until = asyncio.ALL_COMPLETED if len(begun) < room else asyncio.FIRST_COMPLETED
                if await _ended(turns, LOOK_AGAIN_SECONDS, until):
                    await _ended(turns, GATHER_SECONDS, asyncio.ALL_COMPLETED)
            await _ended(turns, self.grace_seconds, asyncio.ALL_COMPLETED)
            if turns:
                log.warning("cut off", line=self.line.name, hosts=len(turns))
            return self.handled
        finally:
            over.set()
            renewal.cancel()
            for turn in turns:
                turn.cancel()
            await asyncio.gather(renewal, *turns, return_exceptions=True)
            for _, unbegun in _by_host(self.held.values()):
                await self._give_back(unbegun, 0.0)

    def _room(self, turns: dict[asyncio.Task[None], datetime]) -> int:
        """How many hosts more may be asked now."""
        slow_since = self.clock.now() - SLOW
        brisk = sum(began_at > slow_since for began_at in turns.values())
        return min(self.width - brisk, MOST_WIDTHS * self.width - len(turns))

    async def _begin_beside(
        self, turns: Mapping[asyncio.Task[None], datetime], free: int
    ) -> dict[asyncio.Task[None], datetime]:
        """Begin turns; none while the database is away: it may be back when those under way end."""
        try:
            return await self._begin(free)
        except LOST as error:
            if not turns:
                raise
            self.outage.lost(error)
            return {}

    async def _begin(self, free: int) -> dict[asyncio.Task[None], datetime]:
        """Claim for this many hosts; return the turns that begin, and when they do."""
        if free <= 0:
            return {}
        now = await self.clock.read()
        self.outage.back()
        await self.line.returns.settle(self.db, now=now)
        items = await self.line.claim(now, free, uuid.uuid4())
        self.held.update({item.item_id: item for item in items})
        return {asyncio.create_task(self._turn(turn)): now for _, turn in _by_host(items)}

    async def _turn(self, items: Sequence[Due]) -> None:
        """One host's items, one after the other; host and rest are given back whatever happens."""
        pause: float | None = 0.0
        until = self.clock.now() + TURN
        try:
            for item in items:
                if pause is None or self.clock.now() + timedelta(seconds=pause) > until:
                    return
                if await self._stopped_within(pause) or item.item_id not in self.held:
                    return
                pause = await self._handle(item)
        finally:
            await self._give_back(items, pause or 0.0)

    async def _give_back(self, items: Sequence[Due], pause: float) -> None:
        """Give back a host, to be left alone for `pause` seconds, and what is still held of its items."""
        now = self.clock.now()
        back = Return(
            items=[item for item in items if self.held.pop(item.item_id, None)],
            host=items[0].host,
            token=items[0].lease_token,
            next_request_at=now + timedelta(seconds=pause),
        )
        await self.line.returns.give(self.db, back, now=now)

    async def _stopped_within(self, seconds: float) -> bool:
        """Wait, and return whether it was time to stop."""
        if seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.stop.wait()
        return self.stop.is_set()

    async def _handle(self, item: Due) -> float | None:
        """The one place where an unexpected exception ends: its item alone is affected."""
        try:
            pause = await self.line.handle(item)
            self.handled += 1
        except Exception as error:
            if self.outage.lost(error):
                self._let_go(item, error)
                return None
            self.broken += 1
            pause = 0.0
            log.exception("item failed", line=self.line.name, number=item.item_id, url=item.url)
            await self._record(item, error)
        self.held.pop(item.item_id, None)
        return pause

    def _let_go(self, item: Due, error: Exception) -> None:
        """No database, no outcome: the item goes back, and its host's others with it.

        What failed of itself, as a statement that took too long, would do so again at once: its
        lease brings it back, and counts.
        """
        if outages.cause(error) not in outages.PASSING:
            self.held.pop(item.item_id, None)

    async def _record(self, item: Due, error: Exception) -> None:
        try:
            await self.line.fail(item, error)
        except Exception as lost:  # then the lease stays: it brings the item back when it expires
            if not self.outage.lost(lost):
                log.exception("not recorded", line=self.line.name, number=item.item_id)

    async def _renew(self, over: asyncio.Event) -> None:
        # Not by cancelling alone: asyncio.wait_for of Python 3.11, under every statement, swallows
        # a cancellation that meets its answer (bpo-37658).
        seconds = RENEW_SECONDS
        while not over.is_set():
            await asyncio.sleep(seconds)
            try:
                await self._renew_once()
                seconds = RENEW_SECONDS
            except LOST as error:
                if not self.outage.lost(error):
                    log.exception("leases not renewed", line=self.line.name)
                seconds = RENEW_AGAIN_SECONDS
            except Exception:  # a fault of ours must not cost all that is in hand
                log.exception("leases not renewed", line=self.line.name)
                seconds = RENEW_AGAIN_SECONDS

    async def _renew_once(self) -> None:
        """Push the leases; what went to somebody else meanwhile is in hand no more."""
        asked = list(self.held.values())
        kept = await leases.renew(self.db, asked, now=await self.clock.read())
        for number in {item.item_id for item in asked} - kept:
            self.held.pop(number, None)


async def _ended(turns: dict[asyncio.Task[None], datetime], seconds: float, until: str) -> bool:
    """Wait for turns to end and drop those that did; return whether any did."""
    if not turns:
        return False
    done, _ = await asyncio.wait(turns, timeout=seconds, return_when=until)
    for turn in done:
        turns.pop(turn)
        turn.result()
    return bool(done)


def _by_host(items: Iterable[Due]) -> list[tuple[str, list[Due]]]:
    ordered = sorted(items, key=lambda item: item.host)
    return [(host, list(group)) for host, group in groupby(ordered, key=lambda item: item.host)]
