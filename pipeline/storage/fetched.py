"""What was fetched for a feed, as it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.packing import unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipeline.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One fetch: of the feed (`is_poll`), of a page it led to, of a robots.txt, of a sitemap.

    `status` is None when no answer came, for `reason`. `hops` are the redirects followed.
    """

    url: str
    final_url: str
    fetched_at: datetime
    is_poll: bool
    is_page: bool
    status: int | None
    reason: str | None
    hops: tuple[tuple[str, int], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_pruned: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    url: str
    final_url: str
    fetched_at: datetime
    is_poll: bool
    is_page: bool
    status: int | None
    reason: str | None
    hops: list[tuple[str, int]]
    headers: Mapping[str, str]
    has_body: bool
    body: bytes | None


async def of_feed(db: Database, feed_id: int, since: datetime | None) -> list[Fetched]:
    """Return every fetch of a feed since a time, oldest first."""
    async with db.session() as session:
        rows = await session.rows(_Row, "fetches_of_feed", feed_id=feed_id, since=since)
    return [
        Fetched(
            url=row.url,
            final_url=row.final_url,
            fetched_at=row.fetched_at,
            is_poll=row.is_poll,
            is_page=row.is_page,
            status=row.status,
            reason=row.reason,
            hops=tuple((url, status) for url, status in row.hops),
            headers=row.headers,
            body=unpacked(row.body) if row.body is not None else b"",
            is_pruned=row.has_body and row.body is None,
        )
        for row in rows
    ]
