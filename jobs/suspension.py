"""Noticing that this process stood still: a suspended machine, a stopped process, a starved one.

On resume every deadline that lay in that time fires at once, and connections are dead. That says
nothing of the hosts that were being asked, so nobody is charged: the fetch is tried again soon.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import structlog

from pipeline.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from pipeline.model import Fetch, Request, Response

log = structlog.get_logger()

BEAT_SECONDS = 1.0
STANDSTILL_SECONDS = 5.0
"""A busy machine is late by less; a deadline of a fetch is longer."""
UNREACHED = {"dns", "connect", "tls", "timeout", "too_slow", "truncated_transfer"}
"""How a dead connection or a deadline looks."""
# What goes on while the machine sleeps, where the system has such a clock.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def elapsed_seconds() -> float:
    """Return seconds on a clock that also runs while the machine is suspended."""
    return time.clock_gettime(_CLOCK)


class Standstill:
    """The last time that this process stood still, noticed by a beat that was late."""

    def __init__(self, clock: Callable[[], float] = elapsed_seconds) -> None:
        """`clock` returns seconds and runs on while the machine sleeps."""
        self._clock = clock
        self._beat_at = clock()
        self._ended_at = float("-inf")
        self._seconds = 0.0

    @asynccontextmanager
    async def noticed(self) -> AsyncIterator[None]:
        """Beat while the body runs."""
        beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    def beat(self) -> None:
        """Notice that the last beat was long ago."""
        now = self._clock()
        if now - self._beat_at >= STANDSTILL_SECONDS:
            self._ended_at, self._seconds = now, now - self._beat_at
            log.warning("this process stood still", seconds=round(self._seconds, 1))
        self._beat_at = now

    def since(self, began_at: float) -> float:
        """Return for how many seconds it stood still last, 0 when that was over at `began_at`."""
        self.beat()
        return self._seconds if self._ended_at > began_at else 0.0

    def watched(self, fetch: Fetch) -> Fetch:
        """Return `fetch` with failures that a standstill explains raised as FetchError network_down."""

        async def watched_fetch(request: Request) -> Response:
            began_at = self._clock()
            try:
                return await fetch(request)
            except FetchError as error:
                seconds = self.since(began_at)
                if not seconds or error.reason not in UNREACHED:
                    raise
                message = f"this machine stood still for {seconds:.0f} s meanwhile: {error.message}"
                raise FetchError("network_down", message) from error

        return watched_fetch

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.beat()
