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
class _Looked:
    """How many bodies were looked at, how many of them went, and the last one (None: there was none)."""

    looked_at: int
    removed: int
    last_at: datetime | None
    last_sha256: bytes | None


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

    Yields nothing when another process prunes. Polls go before the fetches that they point to.
    """
    done = Pruned()
    looked = _Looked(BATCH, 0, _BEGINNING, b"")
    while looked.looked_at == BATCH:
        async with db.transaction() as tx:
            if not await _is_alone(tx):
                return
            looked = await _bodies(tx, keep, looked)
        done = replace(done, bodies=done.bodies + looked.removed)
        yield done
    for count, query in (("polls", "prune_polls"), ("fetches", "prune_fetches")):
        removed = BATCH
        while removed == BATCH:
            async with db.transaction() as tx:
                if not await _is_alone(tx):
                    return
                removed = await tx.run(query, before=keep.fetches_since, most=BATCH)
            done = replace(done, **{count: getattr(done, count) + removed})
            yield done
    async with db.transaction() as tx:
        if not await _is_alone(tx):
            return
        months = await tx.value("drop_fingerprint_months", before=keep.fingerprints_since.date())
    yield replace(done, months=int(months))


async def _is_alone(tx: Session) -> bool:
    return await tx.value("lock_pruning") is not None


async def _bodies(tx: Session, keep: Horizons, after: _Looked) -> _Looked:
    looked = await tx.row(
        _Looked,
        "prune_bodies",
        pages_since=keep.pages_since,
        feeds_since=keep.feeds_since,
        after_at=after.last_at,
        after_sha256=after.last_sha256,
        most=BATCH,
    )
    return looked or _Looked(0, 0, None, None)
