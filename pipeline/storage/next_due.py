"""How long what is due has to wait for hosts that only cool down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.storage.database import Database

QUERIES = {"feeds": "soonest_feed", "articles": "soonest_article"}


async def soonest(db: Database, line: str, *, due_by: datetime) -> datetime | None:
    """Return when the next due item of a line can be claimed; None when none is due.

    Items of hosts that somebody else talks to do not count: they are that somebody's.
    """
    async with db.session() as session:
        found = await session.value(QUERIES[line], due_by=due_by)
    return found if isinstance(found, datetime) else None
