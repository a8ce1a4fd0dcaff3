"""The poll command: an operator wants feeds asked now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs import database_target
from jobs.clock import end_impossible_waits
from pipeline.storage import feeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.database_target import Target


async def make_due(place: Target, feed_ids: Sequence[int] | None) -> list[int]:
    """Make feeds due now (None: all active ones) and return which could be."""
    async with database_target.opened_live(place) as db:
        interval = place.settings.host_interval_seconds
        await end_impossible_waits(db, host_interval_seconds=interval)
        return await feeds.make_due(db, feed_ids, now=await db.clock(), reason="asked for")
