"""The heartbeat of a service: its row says that its jobs make progress, and stops when one is stuck."""

from __future__ import annotations

import asyncio
import os
import platform
import time
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from pipeline import __version__
from pipeline.storage import outages, services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from pipeline.storage.database import Database

log = structlog.get_logger()

BEAT_SECONDS = 5.0
# How long a job may show no progress. A queue shows some every second while it works, and is
# started every two seconds; a wait for the database ends after 30 s.
QUEUE_SECONDS, PUBLISH_SECONDS = 60.0, 300.0
LIMITS = {"poll": QUEUE_SECONDS, "ingest": QUEUE_SECONDS, "publish": PUBLISH_SECONDS}
LAST_WORD_SECONDS = 2.0  # for the row of a service that ends, whatever the database does


@dataclass(slots=True, kw_only=True)
class Job:
    """How a job of the service fares; times are of the monotonic clock."""

    progressed_at: float
    began_at: float | None = None
    runs: int = 0
    last_seconds: float = 0.0
    longest_seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Heartbeat:
    """What the jobs of a service did last; `clock` gives monotonic seconds."""

    clock: Callable[[], float] = time.monotonic
    limits: dict[str, float] = field(default_factory=LIMITS.copy)
    state: str = "running"
    jobs: dict[str, Job] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Watch each job from now on: one that never runs is stuck, too."""
        self.jobs = {name: Job(progressed_at=self.clock()) for name in self.limits}

    def progressed(self, name: str) -> None:
        """A job got on with its work."""
        self._job(name).progressed_at = self.clock()

    async def run(self, name: str, job: Callable[[], Awaitable[int]]) -> int:
        """Run a job once, and note when and how long."""
        with self._running(name):
            return await job()

    @contextmanager
    def _running(self, name: str) -> Iterator[None]:
        job = self._job(name)
        job.began_at = job.progressed_at = began = self.clock()
        try:
            yield
        finally:
            job.began_at, job.progressed_at = None, self.clock()
            job.runs += 1
            job.last_seconds = job.progressed_at - began
            job.longest_seconds = max(job.longest_seconds, job.last_seconds)

    def _job(self, name: str) -> Job:
        return self.jobs.setdefault(name, Job(progressed_at=self.clock()))

    def stuck(self) -> str | None:
        """Return which job shows no progress, or None. One that stops is waited for elsewhere."""
        if self.state != "running":
            return None
        now = self.clock()
        for name, limit in self.limits.items():
            idle = now - self.jobs[name].progressed_at
            if idle > limit:
                return f"{name} is stuck: no progress for {idle:.0f} s"
        return None

    def is_alive(self) -> bool:
        """Whether all watched jobs make progress."""
        return self.stuck() is None

    def doing(self) -> str:
        """Return the jobs under way, or the one that is stuck."""
        return self.stuck() or ", ".join(n for n, job in self.jobs.items() if job.began_at) or ""

    def durations(self) -> dict[str, dict[str, float]]:
        """Return for each job how often it ran, and the seconds of its last and longest run."""
        return {
            name: {
                "runs": job.runs,
                "last_seconds": round(job.last_seconds, 3),
                "longest_seconds": round(job.longest_seconds, 3),
            }
            for name, job in self.jobs.items()
        }

    @asynccontextmanager
    async def written(self, db: Database) -> AsyncIterator[None]:
        """Keep the row of this service fresh; at the end the row says that it stopped."""
        number = await _added(db)
        over = asyncio.Event()
        writing = asyncio.create_task(self._write_on(db, number, over))
        try:
            yield
        finally:
            # The last write says "stopped"; while there is no database it is given up.
            self.state = "stopped"
            over.set()
            await asyncio.wait([writing], timeout=LAST_WORD_SECONDS)
            writing.cancel()

    async def _write_on(self, db: Database, number: int, over: asyncio.Event) -> None:
        is_last = False
        while not is_last:
            is_last = over.is_set()
            try:
                if not await self._write(db, number) and not is_last:  # the database was restored
                    number = await _added(db)
            except Exception as error:
                if outages.cause(error) is None:
                    log.exception("heartbeat not written")
            if not is_last:
                with suppress(TimeoutError):
                    async with asyncio.timeout(BEAT_SECONDS):
                        await over.wait()

    async def _write(self, db: Database, number: int) -> bool:
        return await services.beat(
            db,
            number,
            state=self.state,
            doing=self.doing(),
            jobs=self.durations(),
            is_stuck=not self.is_alive(),
        )


async def _added(db: Database) -> int:
    return await services.add(db, host=platform.node(), pid=os.getpid(), version=__version__)
