"""Removing what is past its age, in small transactions: no reader waits for it.

Articles, entries and revisions stay for ever, and with them what a feed's entries are known by:
nothing that was pruned can come back as new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pipeline.storage.database import Database, Session

# Rows of one transaction: a few milliseconds, so that a writer who wants one of them goes on soon.
BATCH = 500
FINGERPRINTS = timedelta(days=60)  # twice the window in which the same text is looked for
# In this order: what needs another goes before it.
PRUNED = (("bodies", "prune_bodies"), ("polls", "prune_polls"), ("fetches", "prune_fetches"))
_BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizons:
    """From when on things are kept."""

    pages_since: datetime
    feeds_since: datetime
    fetches_since: datetime
    fingerprints_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many rows were removed, and months of fingerprints."""

    bodies: int = 0
    polls: int = 0
    fetches: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class _Removed:
    """How many rows of a batch went, and the time of the youngest (None: there was none)."""

    rows: int
    last_at: datetime | None


def horizons(now: datetime, *, pages_days: int, feeds_days: int, fetches_days: int) -> Horizons:
    """Return the horizons of these ages, in days, at a moment."""
    return Horizons(
        pages_since=now - timedelta(days=pages_days),
        feeds_since=now - timedelta(days=feeds_days),
        fetches_since=now - timedelta(days=fetches_days),
        fingerprints_since=now - FINGERPRINTS,
    )


async def prune(db: Database, keep: Horizons) -> AsyncIterator[Pruned]:
    """Remove what is older, batch after batch; yield what is gone so far after each.

    Yields nothing when another process prunes. Bodies go before their fetches, which stay as long
    as a body that they brought may; polls before the fetches that they point to.
    """
    done = Pruned()
    for kind, query in PRUNED:
        removed = _Removed(BATCH, _BEGINNING)
        while removed.rows == BATCH:
            async with db.transaction() as tx:
                if not await _is_alone(tx):
                    return
                removed = await _batch(tx, query, keep, removed.last_at)
            done = replace(done, **{kind: getattr(done, kind) + removed.rows})
            yield done
    async with db.transaction() as tx:
        if not await _is_alone(tx):
            return
        months = await tx.value("drop_fingerprint_months", before=keep.fingerprints_since.date())
    yield replace(done, months=int(months))


async def _is_alone(tx: Session) -> bool:
    return await tx.value("lock_pruning") is not None


async def _batch(tx: Session, query: str, keep: Horizons, from_at: datetime | None) -> _Removed:
    """Remove the next rows of a kind; what lies before `from_at` was looked at by the batch before."""
    removed = await tx.row(
        _Removed,
        query,
        pages_since=keep.pages_since,
        feeds_since=keep.feeds_since,
        fetches_since=keep.fetches_since,
        from_at=from_at,
        most=BATCH,
    )
    return removed or _Removed(0, None)
