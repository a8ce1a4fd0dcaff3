"""A replayed database, and what can be asked of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from jobs.commands import check
from jobs.database_target import Target
from jobs.replay import replay
from pipeline import config
from pipeline.storage import feeds, schema
from pipeline.storage.database import connected
from pipeline.web import recorded_web, workers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pipeline.flow import Run


@dataclass(frozen=True, slots=True)
class World:
    """A database of ours."""

    url: str

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True, options="-c timezone=UTC") as connection:
            found = connection.execute(query.encode(), values)
            return found.fetchall() if found.description else []

    def value(self, query: str, *values: object) -> Any:
        ((value,),) = self.rows(query, *values)
        return value

    def values(self, query: str, *values: object) -> list[Any]:
        return [value for (value,) in self.rows(query, *values)]

    def leases(self) -> int:
        """How many feeds, articles and hosts are in somebody's hands."""
        return int(
            self.value(
                "SELECT (SELECT count(lease_token) FROM ingest.feed_state)"
                " + (SELECT count(lease_token) FROM ingest.article_state)"
                " + (SELECT count(lease_token) FROM ingest.hosts)"
            )
        )

    def add_feeds(self, *addresses: str) -> None:
        """Add feeds, due at once, without polling them."""

        async def add() -> None:
            async with connected(self.url, connections=1) as db:
                await feeds.add(db, addresses, now=await db.clock())

        asyncio.run(add())

    def broken(self) -> dict[str, Any]:
        """The rules that must always hold and do not."""
        settings, _ = config.load()
        found, _ = asyncio.run(check.broken(Target(url=self.url, settings=settings)))
        return dict(found)

    def snapshot(self) -> dict[str, list[str]]:
        """Every row of every table of schema `ingest`, all columns, as Postgres writes them."""
        tables = self.values(
            "SELECT relname FROM pg_class WHERE relnamespace = 'ingest'::regnamespace"
            " AND relkind = 'r' ORDER BY relname"
        )
        return {table: self._written(table) for table in tables}

    def _written(self, table: str) -> list[str]:
        query = sql.SQL("SELECT t::text FROM {} AS t ORDER BY 1")
        with psycopg.connect(self.url, options="-c timezone=UTC") as connection:
            rows = connection.execute(query.format(sql.Identifier("ingest", table)))
            return [text for (text,) in rows]


def replayed_into(
    url: str,
    folders: Sequence[Path],
    *,
    processes: int = 0,
    cpu_seconds: float = workers.CPU_SECONDS,
) -> World:
    """Replay seeds folders into a database; with no processes this one reads everything."""
    schema.migrate(url)

    async def here(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    async def walk(run: Run) -> None:
        recorded = recorded_web.load(folders)
        async with connected(url, connections=4) as db:
            await feeds.mark_replay(db)
            await replay(db, recorded, run, seen=lambda _: None, reached=lambda _: None)

    async def walk_with_pool() -> None:
        async with workers.started(processes, cpu_seconds) as pool:
            await walk(pool.run)

    asyncio.run(walk_with_pool() if processes else walk(here))
    return World(url)
