"""Writing what a host's robots.txt said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.decide import holds
from pipeline.errors import FetchError
from pipeline.model import FetchRecord
from pipeline.storage import fetches, hosts

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model import Response, Robots
    from pipeline.storage.database import Database


async def write_robots(
    db: Database, url: str, known: Robots, answer: Response | FetchError, at: datetime
) -> None:
    """Write what the host of `url` allows, and the answer that said so."""
    error = answer if isinstance(answer, FetchError) else None
    record = FetchRecord(
        url=f"{urls.origin(url)}/robots.txt",
        purpose="robots",
        asked_at=at,
        response=answer.response if isinstance(answer, FetchError) else answer,
        reason=error.reason if error else None,
    )
    hold = holds.hold(urls.host(url), error, at) if error else None
    async with db.transaction() as tx:
        await fetches.add(tx, [record])
        await hosts.store_robots(tx, urls.host(url), known)
        await hosts.hold(tx, [hold] if hold else [])
