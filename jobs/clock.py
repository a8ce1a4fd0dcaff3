"""The time: the database's, read once a claim, or the recorded moment of a replay."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

from pipeline.storage import clock_steps

if TYPE_CHECKING:
    from pipeline.storage.database import Database


log = structlog.get_logger()

STEPS_EVERY_SECONDS = 60.0


class Clock(Protocol):
    """Where jobs get the time from."""

    async def read(self) -> datetime:
        """Return the time, asking its source."""

    def now(self) -> datetime:
        """Return the time as reckoned since the source was last asked."""


class DatabaseClock:
    """The one clock of all replicas; between two questions the monotonic clock carries it on."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._read_at = datetime.now(UTC)
        self._since = time.monotonic()

    async def read(self) -> datetime:
        """Ask the database."""
        self._read_at = await self._db.clock()
        self._since = time.monotonic()
        return self._read_at

    def now(self) -> datetime:
        """Return the database's time without asking it."""
        return self._read_at + timedelta(seconds=time.monotonic() - self._since)


async def end_impossible_waits(db: Database, *, host_interval_seconds: float) -> int:
    """Let what was planned before the database's clock went back end in time; return how many."""
    ended = await clock_steps.end(
        db, now=await db.clock(), host_interval_seconds=host_interval_seconds
    )
    if ended.total:
        log.warning(
            "the database's clock went back: waits that it made too long are ended",
            hosts=ended.hosts,
            feeds=ended.feeds,
            articles=ended.articles,
        )
    return ended.total


@dataclass(slots=True)
class RecordedClock:
    """A moment of a replay: it stands still until it is set to the next one."""

    moment: datetime

    async def read(self) -> datetime:
        """Return the moment."""
        return self.moment

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment
