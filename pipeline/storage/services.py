"""The rows of running services, and what a look at them and at the queues tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.storage.database import Database

FORGOTTEN_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service that did not end in order: one that runs, or one that died or is stuck."""

    service_id: int
    host: str
    pid: int
    version: str
    started_at: datetime
    beat_at: datetime
    state: str
    doing: str
    beat_age_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A feed or article that should have been worked on before `due_at`'s grace ended."""

    id: int
    url: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How much is due, and the feeds by state; lags are seconds since the oldest due time."""

    feeds_due: int
    articles_due: int
    unpublished: int
    feeds_active: int
    feeds_paused: int
    feeds_gone: int
    feeds_failing: int
    feed_lag_seconds: float
    article_lag_seconds: float


async def add(db: Database, *, host: str, pid: int, version: str) -> int:
    """Add the row of a service that starts; return its number. Rows of a week ago go."""
    now = await db.clock()
    async with db.session() as session:
        await session.values("forget_services", before=now - FORGOTTEN_AFTER)
        number = await session.value("add_service", host=host, pid=pid, version=version, now=now)
    return int(number)


async def beat(
    db: Database,
    service_id: int,
    *,
    state: str,
    doing: str,
    jobs: Mapping[str, object],
    is_stuck: bool,
) -> bool:
    """Write what a service does; return whether its row is still there."""
    now = await db.clock()
    async with db.session() as session:
        touched = await session.run(
            "beat_service",
            service_id=service_id,
            now=now,
            state=state,
            doing=doing,
            jobs=Jsonb(jobs),
            is_stuck=is_stuck,
        )
    return touched > 0


async def unended(db: Database, *, now: datetime) -> list[Service]:
    """Return the services that did not end in order, oldest first; not those that were replaced."""
    async with db.session() as session:
        return await session.rows(Service, "list_services", now=now)


async def overdue(db: Database, kind: str, *, before: datetime) -> Overdue | None:
    """Return the feed or article (`kind`) that waits longest, due before this time at a free host."""
    async with db.session() as session:
        return await session.row(Overdue, f"overdue_{kind}", before=before)


async def backlog(db: Database, *, now: datetime) -> Backlog:
    """Return how much is due now."""
    async with db.session() as session:
        found = await session.row(Backlog, "count_backlog", now=now)
    if found is None:
        raise TypeError(found)
    return found
