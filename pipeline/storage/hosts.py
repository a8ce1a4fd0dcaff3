"""The hosts: who may ask them now, what they asked for, what their robots.txt said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.errors import FetchError, IngestError
from pipeline.model import Robots

if TYPE_CHECKING:
    from uuid import UUID

    from pipeline.storage.database import Database, Session

# A 429 that does not say how long: notes of operators ask for hours, not minutes.
UNSAID_HOLD = timedelta(hours=4)


async def release(db: Database, host: str, token: UUID, *, next_request_at: datetime) -> None:
    """Give a host back; nobody asks it before `next_request_at`, or its hold if that is later."""
    async with db.session() as session:
        await session.run("release_host", host=host, token=token, next_request_at=next_request_at)


async def hold_for(tx: Session, host: str, error: IngestError, at: datetime) -> None:
    """Let nobody ask a host that wants to be left alone (429, and 503 that says how long)."""
    if isinstance(error, FetchError) and error.reason == "rate_limited":
        until = at + (error.retry_after or UNSAID_HOLD)
        await tx.run("hold_host", host=host, until=until, reason=error.reason)


async def robots(db: Database, host: str) -> Robots:
    """Return what is known of a host's robots.txt now."""
    async with db.session() as session:
        found = await session.row(Robots, "host_robots", host=host)
    return found or Robots(text=None, reason=None, fetched_at=None)


async def store_robots(tx: Session, host: str, known: Robots) -> None:
    """Keep what a host's robots.txt said."""
    await tx.run(
        "store_robots",
        host=host,
        robots=known.text,
        reason=known.reason,
        fetched_at=known.fetched_at,
    )
