"""Pruning: what is past its age goes, by the settings in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from jobs import database_target
from pipeline.storage import retention

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.database_target import Target
    from pipeline.config import Settings
    from pipeline.storage.database import Database
    from pipeline.storage.retention import Pruned

log = structlog.get_logger()

# How often the service prunes: what grew past its age in ten minutes is a few small batches.
EVERY_SECONDS = 600.0


async def prune(
    db: Database, settings: Settings, tell: Callable[[Pruned], None] = lambda _: None
) -> Pruned | None:
    """Remove what is past its age; `tell` hears of each batch. None when another process prunes."""
    keep = retention.horizons(
        await db.clock(),
        pages_days=settings.keep_pages_days,
        feeds_days=settings.keep_feeds_days,
        fetches_days=settings.keep_fetches_days,
    )
    pruned: Pruned | None = None
    async for so_far in retention.prune(db, keep):
        pruned = so_far
        tell(so_far)
    return pruned


async def once(place: Target, tell: Callable[[Pruned], None]) -> Pruned | None:
    """Prune a database once; refuses one that holds a replay."""
    async with database_target.opened_live(place, connections=1) as db:
        return await prune(db, place.settings, tell)


async def scheduled(db: Database, settings: Settings) -> int:
    """Prune for the service and log what went; return how many rows."""
    pruned = await prune(db, settings)
    if pruned is None:
        return 0
    rows = pruned.bodies + pruned.polls + pruned.fetches
    if rows or pruned.months:
        log.info(
            "pruned",
            bodies=pruned.bodies,
            polls=pruned.polls,
            fetches=pruned.fetches,
            months=pruned.months,
        )
    return rows
