"""The check command: the rules that must always hold, each one query that finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs import database_target
from pipeline.storage.database import checks

if TYPE_CHECKING:
    from jobs.database_target import Target
    from pipeline.storage.database import Table


async def broken(place: Target) -> tuple[dict[str, Table], int]:
    """Return the rules that are broken, with the rows that break them, and how many hold."""
    found = {}
    async with database_target.opened(place) as db, db.session() as session:
        for rule in checks():
            table = await session.check(rule)
            if table.rows:
                found[rule] = table
    return found, len(checks()) - len(found)
