"""Failures that an operator wants tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which failures are meant: all that fit; None stands for any."""

    ids: Sequence[int] | None = None
    reason: str | None = None
    site: str | None = None


async def articles(db: Database, chosen: Chosen, *, now: datetime) -> list[int]:
    """Make failed articles due, as if they had not been tried; return their numbers."""
    return await _retry(db, "retry_articles", chosen, now)


async def feeds(db: Database, chosen: Chosen, *, now: datetime) -> list[int]:
    """Make failing feeds due; return their numbers. What they remember of the failures stays."""
    return await _retry(db, "retry_feeds", chosen, now)


async def ambiguous(db: Database, ids: Sequence[int]) -> list[int]:
    """Return those of `ids` under which both a feed and an article failed."""
    async with db.session() as session:
        return await session.values("ambiguous_failures", ids=list(ids))


async def _retry(db: Database, query: str, chosen: Chosen, now: datetime) -> list[int]:
    async with db.session() as session:
        found = await session.values(
            query,
            now=now,
            ids=None if chosen.ids is None else list(chosen.ids),
            reason=chosen.reason,
            site=chosen.site,
        )
    return sorted(found)
