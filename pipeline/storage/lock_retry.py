"""Changing the schema while others use it: short waits for their locks, a bounded number of them, aloud."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import class_row

from pipeline.errors import DatabaseError
from pipeline.storage.database import sql_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Who waits for a table makes all who come later wait behind him: not for long, then they go first.
# Less than deadlock_timeout (1 s), so that in a deadlock it is never the reader who is ended.
LOCK_TIMEOUT = b"SET LOCAL lock_timeout = '500ms'"
PAUSE_SECONDS = 0.5
ATTEMPTS = 60  # with their pauses about a minute


@dataclass(frozen=True, slots=True)
class Waiting:
    """What cannot be done meanwhile, and how those who hold it up are found: a file of sql/queries."""

    what: str
    sessions: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Session:
    pid: int
    role: str | None
    application: str | None


def patiently(
    connection: psycopg.Connection[tuple[object, ...]],
    waits: Sequence[Waiting],
    attempt: Callable[[], None],
    tell: Callable[[str], None],
) -> None:
    """Make the attempt until nobody's lock is in its way; `tell` hears for whom it waits.

    An attempt is one transaction with `LOCK_TIMEOUT`. The first of `waits` for which sessions are
    found is what it waits for.

    Raises:
        DatabaseError: it waited for a minute; names the sessions and the next step.
    """
    told = what = ""
    for _ in range(ATTEMPTS):
        try:
            attempt()
        except psycopg.errors.LockNotAvailable:
            what, who = _whom(connection, waits)
            if who != told:
                tell(f"{what} waits, for a minute at most, for {who}")
                told = who
            time.sleep(PAUSE_SECONDS)
        else:
            return
    raise DatabaseError(
        f"{what} waited a minute for {told}: let it come to its end, or end it with "
        "SELECT pg_terminate_backend(process), and run 'broadsheet db migrate' again"
    )


def _whom(
    connection: psycopg.Connection[tuple[object, ...]], waits: Sequence[Waiting]
) -> tuple[str, str]:
    """What waits, and for which sessions."""
    for waiting in waits:
        if found := _sessions(connection, waiting):
            return waiting.what, ", ".join(map(_named, found))
    return waits[-1].what, "a lock that was just given back"


def _sessions(
    connection: psycopg.Connection[tuple[object, ...]], waiting: Waiting
) -> list[_Session]:
    statement = (sql_folder() / "queries" / f"{waiting.sessions}.sql").read_bytes()
    with connection.cursor(row_factory=class_row(_Session)) as cursor:
        return cursor.execute(statement, waiting.values).fetchall()


def _named(session: _Session) -> str:
    return (
        f"process {session.pid} (user {session.role or 'unknown'}, "
        f"application {session.application or 'unnamed'})"
    )
