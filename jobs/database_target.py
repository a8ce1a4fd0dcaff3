"""Which database a command works on, and how it is opened."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs import output
from pipeline import config
from pipeline.errors import DatabaseError, UsageError
from pipeline.storage import catalog, embedded, feeds, schema
from pipeline.storage.connection_strings import shown
from pipeline.storage.database import connected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pipeline.config import Settings
    from pipeline.storage.database import Database
    from pipeline.storage.embedded import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A database; `server` is the embedded one when it holds it."""

    url: str
    settings: Settings
    server: Server | None = None


def find(database_url: str | None = None, *, replay: bool = False) -> Target:
    """Return the database to work on, with the schema of this version.

    The first that is given: `replay` (the embedded replay database), `database_url`,
    DATABASE_URL, else the embedded server, which is started and brought up to date. Raises
    DatabaseError when there is none, or not one this version can use.
    """
    settings, _ = config.load()
    if replay and database_url:
        raise UsageError("--replay and --database-url name two databases: give one")
    url = database_url or (settings.database_url and settings.database_url.get_secret_value())
    if url and not replay:
        schema.require_current(url)
        return Target(url=url, settings=settings)
    server = embedded.start(settings.data_dir)
    if replay and not embedded.exists(server, embedded.REPLAY):
        raise DatabaseError("nothing was replayed yet: run 'broadsheet replay PATH' first")
    url = embedded.create(server, embedded.REPLAY if replay else embedded.LIVE)
    schema.migrate(url, output.say)
    return Target(url=url, settings=settings, server=server)


@asynccontextmanager
async def opened(target: Target, *, connections: int = 4) -> AsyncIterator[Database]:
    """Open a pool on the target."""
    async with connected(target.url, connections=connections) as db:
        yield db


@asynccontextmanager
async def opened_live(target: Target, *, connections: int = 8) -> AsyncIterator[Database]:
    """Open a pool on the target for live work; refuses one that holds a replay, or takes no writes."""
    async with connected(target.url, connections=connections) as db:
        if await feeds.is_replay(db):
            raise UsageError(
                "this database holds a replay: live work would mix with recorded times; "
                "use another database"
            )
        if not await catalog.takes_writes(db):
            raise DatabaseError(
                f"{shown(target.url)} takes no writes: it is a standby or set to read-only; name the "
                "primary in DATABASE_URL, or start again when it takes them"
            )
        yield db
