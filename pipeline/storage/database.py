"""One pool of Postgres connections, and the queries of `sql/queries` run by name."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import kwargs_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from pipeline.errors import DatabaseError
from pipeline.storage import connection_strings
from pipeline.storage.connections import (
    CONNECT_SECONDS,
    CONNECTION,
    UNPREPARED,
    prepare,
    require_transactions,
)
from pipeline.storage.outages import READ_ONLY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

Row = TypeVar("Row")
WAIT_SECONDS = 30.0  # for a connection of the pool: a restart of the server is sat out


def sql_folder() -> Path:
    """Return the folder that holds migrations, views and queries: of a wheel or a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_sql"
    return packed if packed.is_dir() else package.parent / "sql"


@cache
def _text(kind: str, name: str) -> bytes:
    return (sql_folder() / kind / f"{name}.sql").read_bytes()


def checks() -> tuple[str, ...]:
    """Return the names of the rules in `sql/checks`, in order."""
    return tuple(path.stem for path in sorted((sql_folder() / "checks").glob("*.sql")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows to be shown to a person or printed as JSON, with their column names."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A connection that runs the named queries; inside `Database.transaction` they are one."""

    connection: AsyncConnection[Any]

    async def rows(self, kind: Callable[..., Row], name: str, **values: object) -> list[Row]:
        """Run a query and return its rows, each made by `kind` of its columns by name."""
        async with self.connection.cursor(row_factory=kwargs_row(kind)) as cursor:
            await cursor.execute(_text("queries", name), values)
            return await cursor.fetchall()

    async def row(self, kind: Callable[..., Row], name: str, **values: object) -> Row | None:
        """Run a query that finds at most one row."""
        found = await self.rows(kind, name, **values)
        return found[0] if found else None

    async def run(self, name: str, **values: object) -> int:
        """Run a query for its effect and return how many rows it touched."""
        async with self.connection.cursor() as cursor:
            await cursor.execute(_text("queries", name), values)
            return cursor.rowcount

    async def values(self, name: str, **values: object) -> list[Any]:
        """Run a query and return the first column of its rows."""
        async with self.connection.cursor() as cursor:
            await cursor.execute(_text("queries", name), values)
            return [row[0] for row in await cursor.fetchall()]

    async def value(self, name: str, **values: object) -> Any:
        """Run a query and return the one value it finds, or None."""
        found = await self.values(name, **values)
        return found[0] if found else None

    async def table(self, name: str, **values: object) -> Table:
        """Run a query and return what it finds as a table to be shown."""
        return await self._table(_text("queries", name), values)

    async def check(self, name: str) -> Table:
        """Run a rule of `sql/checks` and return the rows that break it."""
        return await self._table(_text("checks", name), {"now": await self.value("read_clock")})

    async def _table(self, statement: bytes, values: dict[str, object]) -> Table:
        async with self.connection.cursor() as cursor:
            await cursor.execute(statement, values)
            names = tuple(column.name for column in cursor.description or ())
            return Table(names=names, rows=tuple(await cursor.fetchall()))

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Keep what came before when what is inside fails with a DataError."""
        async with self.connection.transaction():
            yield


class Database:
    """The pool; every statement outside `transaction` commits by itself."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """Lend a connection in autocommit."""
        async with self._pool.connection() as connection, _left_when_read_only(connection):
            yield Session(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """Lend a connection inside one READ COMMITTED transaction."""
        async with (
            self._pool.connection() as connection,
            _left_when_read_only(connection),
            connection.transaction(),
        ):
            yield Session(connection)

    async def clock(self) -> datetime:
        """Return the database's time: the one clock of all replicas."""
        async with self.session() as session:
            now = await session.value("read_clock")
        if not isinstance(now, datetime):
            raise TypeError(now)
        return now


@asynccontextmanager
async def connected(url: str, *, connections: int = 8) -> AsyncIterator[Database]:
    """Open a pool on `url`; raises DatabaseError when no server answers."""
    await asyncio.to_thread(_probe, url)
    pool = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=connections,
        timeout=WAIT_SECONDS,
        kwargs={"autocommit": True, **CONNECTION},
        configure=prepare,
        check=_still_there,
        open=False,
    )
    try:
        await pool.open(wait=True, timeout=CONNECT_SECONDS)
    except PoolTimeout as error:
        raise DatabaseError(connection_strings.failure(url, error)) from error
    try:
        yield Database(pool)
    finally:
        await pool.close()


@asynccontextmanager
async def _left_when_read_only(connection: AsyncConnection[Any]) -> AsyncIterator[None]:
    """Close a connection that takes no writes: after a failover the next may find the primary."""
    try:
        yield
    except READ_ONLY:
        await connection.close()
        raise


async def _still_there(connection: AsyncConnection[Any]) -> None:
    """Raise OperationalError for a connection that the server has closed; no round trip.

    A server that stops or restarts closes its sockets, and a closed one can be read from. The
    pool's own check asks a query each time, a tenth of the cost of a poll (bench/unchanged.py).
    """
    connection.pgconn.consume_input()
    if connection.closed:
        raise psycopg.OperationalError("the server closed the connection")


def _probe(url: str) -> None:
    """One connection for its error message: a pool only says that it timed out."""
    try:
        connection = psycopg.connect(
            url, autocommit=True, connect_timeout=int(CONNECT_SECONDS), **UNPREPARED
        )
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise DatabaseError(connection_strings.failure(url, error)) from error
    with connection:
        require_transactions(connection, connection_strings.shown(url))
