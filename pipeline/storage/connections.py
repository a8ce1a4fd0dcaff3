"""How a connection is set up, with a pooler such as PgBouncer in between or without one.

A pooler in transaction mode gives each transaction any of its server connections. What a session
keeps is then another's, or lost: prepared statements under names that others use for theirs,
SET, session advisory locks, LISTEN. So nothing of that is used through one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.types.datetime import TimestamptzLoader

from pipeline.errors import DatabaseError

if TYPE_CHECKING:
    from psycopg import AsyncConnection, Connection
    from psycopg.abc import Buffer

CONNECT_SECONDS = 10.0
CONNECTION: dict[str, Any] = {"application_name": "broadsheet"}
PREPARE_AFTER = 1
"""Uses of a statement after which a connection prepares it: the service has few, used for ever."""
UNPREPARED: dict[str, Any] = {**CONNECTION, "prepare_threshold": None}
"""For a connection of a few statements, whatever is in between."""


class _UtcLoader(TimestamptzLoader):
    """Times in UTC whatever the time zone of the server connection that a pooler picked."""

    def load(self, data: Buffer) -> datetime:
        return super().load(data).astimezone(UTC)


async def prepare(connection: AsyncConnection[Any]) -> None:
    """Set up a new connection in autocommit: times in UTC, and no session state behind a pooler."""
    if await _is_pooled(connection):
        connection.prepare_threshold = None
        connection.adapters.register_loader("timestamptz", _UtcLoader)
    else:
        # A statement, no startup option: a connection string may have options of its own.
        await connection.execute("SET TIME ZONE 'UTC'")
        connection.prepare_threshold = PREPARE_AFTER


def require_transactions(connection: Connection[Any], named: str) -> None:
    """Raise DatabaseError for a pooler that gives each statement another server connection."""
    try:
        with connection.transaction():
            connection.execute("SELECT 1")
    except psycopg.errors.ProtocolViolation as error:
        reason = " ".join(str(error).split())
        raise DatabaseError(
            f"{named} runs no transactions: {reason}; a pooler needs pool_mode transaction or session"
        ) from error


async def _is_pooled(connection: AsyncConnection[Any]) -> bool:
    """Whether something in between speaks for the server.

    Who connects is told the process number of its backend, for cancelling. A pooler cannot know
    which backend it is going to use, so it tells a number of its own.
    """
    cursor = await connection.execute("SELECT pg_backend_pid()")
    return await cursor.fetchone() != (connection.info.backend_pid,)
