"""The hosts: who may ask them now, what they asked for, what their robots.txt said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.errors import FetchError, IngestError
from pipeline.model import Robots
from pipeline.storage.leases import LEASE

if TYPE_CHECKING:
    from uuid import UUID

    from pipeline.storage.database import Database, Session

# A 429 that does not say how long: notes of operators ask for hours, not minutes.
UNSAID_HOLD = timedelta(hours=4)
LONGEST_HOLD = timedelta(days=7)  # a longer Retry-After is cut: pipeline/web/redirects.py
_BUSY = {429, 503}


async def take(db: Database, host: str, token: UUID, *, now: datetime) -> bool:
    """Lease a host, unless somebody talks to it or it is to be left alone now.

    A host that nobody has asked yet is put on the list.
    """
    async with db.session() as session:
        return bool(await session.run("take_host", host=host, token=token, now=now, lease=LEASE))


async def renew(db: Database, host: str, token: UUID, *, now: datetime) -> None:
    """Push the lease of a host that is still in hand."""
    async with db.session() as session:
        await session.run("renew_hosts", until=now + LEASE, hosts=[host], tokens=[token])


async def held_until(db: Database, host: str, *, now: datetime) -> datetime | None:
    """Return until when a host wants to be left alone; None when it only cools down or is busy."""
    async with db.session() as session:
        found = await session.value("host_hold", host=host, now=now)
    return found if isinstance(found, datetime) else None


async def release(db: Database, host: str, token: UUID, *, next_request_at: datetime) -> None:
    """Give a host back; nobody asks it before `next_request_at`, or its hold if that is later."""
    async with db.session() as session:
        await session.run("release_host", host=host, token=token, next_request_at=next_request_at)


def to_hold(host: str, error: IngestError) -> str | None:
    """Return which host wants to be left alone when asking `host` failed; None for nobody.

    It is the one that said so, which is another where a redirect led there. One that was not
    asked, because its hold goes on, needs no other: then the answer is the redirect to it.
    """
    if not isinstance(error, FetchError) or error.reason != "rate_limited":
        return None
    answer = error.response
    if answer is None:
        return host
    if answer.status not in _BUSY:
        return None
    return urls.host(answer.url) if answer.hops else host


async def hold_for(tx: Session, host: str, error: IngestError, at: datetime) -> None:
    """Let nobody ask a host that wants to be left alone (429, and 503 that says how long)."""
    held = to_hold(host, error)
    if held is not None and isinstance(error, FetchError):
        wish = UNSAID_HOLD if error.retry_after is None else error.retry_after
        await tx.run("hold_host", host=held, until=at + wish, reason=error.reason)


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
