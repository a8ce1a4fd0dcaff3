"""The hosts: who may ask them now, what they asked for, what their robots.txt said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.model import Robots
from pipeline.storage.leases import LEASE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from pipeline.model import HostHold
    from pipeline.storage.database import Database, Session

LONGEST_HOLD = timedelta(days=7)  # a longer Retry-After is cut: pipeline/web/redirects.py


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


async def hold(tx: Session, holds: Sequence[HostHold]) -> None:
    """Let nobody ask hosts that want to be left alone before their holds are over."""
    for one in holds:
        await tx.run("hold_host", host=one.host, until=one.ends_at, reason=one.reason)


async def robots(db: Database, hosts: Sequence[str]) -> list[Robots]:
    """Return what is known of hosts' robots.txt now, in their order."""
    found: dict[str, Robots] = {}

    def row(host: str, **known: Any) -> None:
        found[host] = Robots(**known)

    async with db.session() as session:
        await session.rows(row, "host_robots", hosts=sorted(set(hosts)))
    unknown = Robots(text=None, reason=None, fetched_at=None)
    return [found.get(host, unknown) for host in hosts]


async def store_robots(tx: Session, host: str, known: Robots) -> None:
    """Keep what a host's robots.txt said."""
    await tx.run(
        "store_robots",
        host=host,
        robots=known.text,
        reason=known.reason,
        fetched_at=known.fetched_at,
    )
