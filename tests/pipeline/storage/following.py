"""A reader that keeps a copy of news.articles by change_seq, and a service at work beside it."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline import flow, persist
from pipeline.storage import hosts
from tests.pipeline.storage import builders

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pipeline.storage.database import Database

WRITERS = 4
FOUND = 20  # articles that are found at a time


class Copy:
    """Rows of news.articles by article_id, and the last change_seq seen."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[Any, ...]] = {}
        self.last = 0

    async def catch_up(self, db: Database) -> int:
        """Upsert the next thousand changed rows; return how many there were."""
        query = "SELECT * FROM news.articles WHERE change_seq > %s ORDER BY change_seq LIMIT 1000"
        found = await builders.rows(db, query, self.last)
        for row in found:
            self.rows[row[0]] = row
            self.last = row[2]
        return len(found)


class Work:
    """Feeds that show new articles, writers that store and change them, a publisher."""

    def __init__(self, db: Database, start: datetime) -> None:
        self.db, self.start = db, start
        self.written = 0
        self._turns = itertools.count(1)
        self._stop = asyncio.Event()

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Work until the block ends; what is not published then stays so."""
        async with asyncio.TaskGroup() as tasks:
            for work in (self._find, *[self._write] * WRITERS, self._publish):
                tasks.create_task(work())
            try:
                yield
            finally:
                self._stop.set()

    def _next(self) -> tuple[int, datetime]:
        turn = next(self._turns)
        return turn, self.start + turn * timedelta(hours=1)

    async def _find(self) -> None:
        while not self._stop.is_set():
            turn, at = self._next()
            name = f"{self.start:%H%M%S%f}-{turn}"
            links = [builders.item(f"https://f{n}.example/{name}") for n in range(FOUND)]
            await builders.poll(self.db, *links, at=at, url=f"https://feed-{name}.example/")
            await asyncio.sleep(0.1)

    async def _write(self) -> None:
        while not self._stop.is_set():
            turn, at = self._next()
            claimed = await builders.claim_articles(self.db, at=at, hosts=FOUND)
            for due in claimed:
                text = builders.words(f"{due.url} {turn // WRITERS}")
                read = builders.page_read(due.url, text, at=at)
                await persist.write_page(self.db, due, read, draw=0.5)
                await hosts.release(self.db, due.host, due.lease_token, next_request_at=at)
                self.written += 1
            await asyncio.sleep(0.01)

    async def _publish(self) -> None:
        while not self._stop.is_set():
            await flow.publish(self.db)
            await asyncio.sleep(0.01)
