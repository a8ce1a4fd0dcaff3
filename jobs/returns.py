"""Claims that go back unfinished; what the database cannot take now it gets at its next connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.storage import hosts, leases
from pipeline.storage.outages import LOST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from pipeline.model import DueArticle, DueFeed
    from pipeline.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Items of one host that nobody works on any more, and until when that host is left alone."""

    items: Sequence[DueFeed | DueArticle]
    host: str
    token: UUID
    next_request_at: datetime


@dataclass(slots=True)
class Returns:
    """What goes back. Each is fenced by its token: it ends no lease that is another's by now."""

    owed: list[Return] = field(default_factory=list)

    async def give(self, db: Database, back: Return, *, now: datetime) -> None:
        """Give items and host back, or owe them while the database is away."""
        self.owed.append(back)
        try:
            await self.settle(db, now=now)
        except LOST:
            return

    async def settle(self, db: Database, *, now: datetime) -> None:
        """Give back all that is owed.

        Raises:
            LOST: the database is away; what it did not take is still owed.
        """
        while self.owed:
            back = self.owed.pop()
            try:
                await leases.give_back(db, _claimed(back.items), now=now)
                await hosts.release(db, back.host, back.token, next_request_at=back.next_request_at)
            except LOST:
                self.owed.append(back)
                raise


def _claimed(items: Sequence[DueFeed | DueArticle]) -> leases.Claimed:
    return items  # type: ignore[return-value] # of one queue: all feeds, or all articles
