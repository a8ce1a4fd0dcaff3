"""Migrations, views and comments: what makes a database one of ours."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import psycopg
from psycopg import Connection

from pipeline.errors import DatabaseError
from pipeline.storage import connection_strings
from pipeline.storage.connection_strings import shown
from pipeline.storage.connections import CONNECT_SECONDS, UNPREPARED, require_transactions
from pipeline.storage.database import sql_folder
from pipeline.storage.lock_retry import LOCK_TIMEOUT, Waiting, patiently

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Two-integer advisory key: the class is ours ('brds'), the object is "migrations".
LOCK = (0x62726473, 1)
TURN = Waiting("a migration", "migrating_sessions", {"class": LOCK[0], "object": LOCK[1]})
WAITS = (TURN, Waiting("changing the schema", "schema_sessions", {}))
LEAST_SERVER = 160000
LEDGER = b"""
CREATE TABLE IF NOT EXISTS public.broadsheet_migrations (
  version int PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL, applied_at timestamptz NOT NULL
)"""
# Whether who connects may read it; no row where there is none.
LEDGER_RIGHT = b"""
SELECT has_table_privilege(ledger, 'SELECT')
FROM to_regclass('public.broadsheet_migrations') AS ledger
WHERE ledger IS NOT NULL
"""
# Whether 'broadsheet db roles' has been here, and who connects may act as the owner.
OWNER = b"""
SELECT pg_has_role(o.oid, 'MEMBER')
FROM pg_namespace AS n
JOIN pg_roles AS o ON o.oid = n.nspowner AND o.rolname = 'broadsheet_owner'
WHERE n.nspname = 'ingest'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One numbered file; `checksum` is the sha256 of its bytes."""

    version: int
    name: str
    text: bytes
    checksum: bytes


def migrations() -> tuple[Migration, ...]:
    """Return the migrations that this version of Broadsheet carries, in order."""
    return tuple(_read(path) for path in sorted((sql_folder() / "migrations").glob("*.sql")))


def migrate(url: str, tell: Callable[[str], None] = lambda _: None) -> tuple[str, ...]:
    """Bring the database to this version's schema and return the names of what was applied.

    Each migration is one transaction with its ledger row, under an advisory lock of that
    transaction: any number of processes may start together, and a pooler may give each transaction
    another server connection. Views are made anew afterwards when anything of them changed. Whoever
    reads or holds that lock meanwhile is waited for, a minute at most, and `tell` hears of it.

    Raises:
        DatabaseError: the wait was over, or the server or its schema is not ours.
    """
    with _connect(url) as connection:
        _require_server(connection, url)
        done: list[str] = []
        fresh: list[Migration] = []
        patiently(connection, WAITS, lambda: fresh.extend(_missing(connection, url)), tell)
        for step in fresh:
            patiently(connection, WAITS, partial(_apply, connection, step, done), tell)
        patiently(connection, WAITS, lambda: _make_views(connection, changed=bool(fresh)), tell)
        return tuple(done)


def require_current(url: str) -> None:
    """Raise DatabaseError unless the database has exactly this version's schema.

    For a reader, who may not see the ledger of migrations: exactly this version's views.
    """
    with _connect(url) as connection:
        _require_server(connection, url)
        may_look = connection.execute(LEDGER_RIGHT).fetchone()
        if may_look is None:
            raise DatabaseError(
                f"{shown(url)} holds no Broadsheet schema: run 'broadsheet db migrate'"
            )
        if may_look == (False,):
            _require_views(connection, url)
            return
        applied = _applied(connection)
        _require_known(applied, url)
        if len(applied) < len(migrations()):
            raise DatabaseError(
                f"the schema of {shown(url)} is older than this program: run 'broadsheet db migrate'"
            )


def version(url: str) -> int | None:
    """Return the number of the newest migration applied, or None for a database not yet ours."""
    with _connect(url) as connection:
        found = connection.execute("SELECT to_regclass('public.broadsheet_migrations')").fetchone()
        return max(_applied(connection), default=None) if found != (None,) else None


def _read(path: Path) -> Migration:
    text = path.read_bytes()
    number, _, _ = path.name.partition("_")
    checksum = hashlib.sha256(text).digest()
    return Migration(version=int(number), name=path.stem, text=text, checksum=checksum)


def _connect(url: str) -> Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(
            url, autocommit=True, connect_timeout=int(CONNECT_SECONDS), **UNPREPARED
        )
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise DatabaseError(connection_strings.failure(url, error)) from error


def _require_server(connection: Connection[tuple[object, ...]], url: str) -> None:
    if connection.info.server_version < LEAST_SERVER:
        have = connection.info.server_version // 10000
        raise DatabaseError(f"{shown(url)} is PostgreSQL {have}: Broadsheet needs 16 or newer")
    require_transactions(connection, shown(url))


@contextmanager
def _turn(connection: Connection[tuple[object, ...]]) -> Iterator[None]:
    """One transaction that holds the lock of migrations, as broadsheet_owner where that owns the schema.

    What is made falls under the owner's grants. Nothing of it outlives the transaction.
    """
    with connection.transaction():
        connection.execute(LOCK_TIMEOUT)
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOCK)
        if connection.execute(OWNER).fetchone() == (True,):
            connection.execute("SET LOCAL ROLE broadsheet_owner")
        yield


def _missing(connection: Connection[tuple[object, ...]], url: str) -> list[Migration]:
    """The migrations that were not applied yet."""
    with _turn(connection):
        connection.execute(LEDGER)
        applied = _applied(connection)
    _require_known(applied, url)
    return [step for step in migrations() if step.version not in applied]


def _applied(connection: Connection[tuple[object, ...]]) -> dict[int, bytes]:
    rows = connection.execute(
        "SELECT version, checksum FROM public.broadsheet_migrations"
    ).fetchall()
    return {
        int(str(number)): bytes(checksum)
        for number, checksum in rows
        if isinstance(checksum, bytes)
    }


def _require_known(applied: dict[int, bytes], url: str) -> None:
    ours = {step.version: step.checksum for step in migrations()}
    newer = sorted(set(applied) - set(ours))
    if newer:
        raise DatabaseError(
            f"the schema of {shown(url)} is newer than this program (migration {newer[-1]}): "
            "install the newer Broadsheet"
        )
    edited = sorted(number for number, checksum in applied.items() if ours[number] != checksum)
    if edited:
        raise DatabaseError(
            f"migration {edited[0]} in {shown(url)} differs from this program's: it was applied by "
            "another build; use the build that made the database"
        )


def _apply(connection: Connection[tuple[object, ...]], step: Migration, done: list[str]) -> None:
    """Apply a migration, unless another process was quicker, and add its name to `done`."""
    try:
        with _turn(connection):
            if step.version in _applied(connection):
                return
            connection.execute(step.text)
            connection.execute(
                "INSERT INTO public.broadsheet_migrations VALUES (%s, %s, %s, clock_timestamp())",
                (step.version, step.name, step.checksum),
            )
    except psycopg.errors.LockNotAvailable:
        raise
    except psycopg.Error as error:
        raise DatabaseError(f"migration {step.name} failed: {error}") from error
    done.append(step.name)


def _make_views(connection: Connection[tuple[object, ...]], *, changed: bool) -> None:
    """Make schema `news` anew, in one transaction, when a view's text or a table changed."""
    texts, digest = _views()
    try:
        with _turn(connection):
            if not changed and _held_views(connection) == digest:
                return
            for text in texts:
                connection.execute(text)
            comment = (
                f"What people query: clean articles and how they came here. Definition {digest}"
            )
            connection.execute(
                psycopg.sql.SQL("COMMENT ON SCHEMA news IS {}").format(psycopg.sql.Literal(comment))
            )
    except psycopg.errors.LockNotAvailable:
        raise
    except psycopg.Error as error:
        raise DatabaseError(f"the views could not be made: {error}") from error


def _require_views(connection: Connection[tuple[object, ...]], url: str) -> None:
    _, digest = _views()
    if _held_views(connection) != digest:
        raise DatabaseError(
            f"schema news of {shown(url)} is not of this program's version: its owner runs "
            "'broadsheet db migrate', or install the version that made it"
        )


def _views() -> tuple[list[bytes], str]:
    """The texts of the views, and their digest."""
    texts = [path.read_bytes() for path in sorted((sql_folder() / "views").glob("*.sql"))]
    return texts, hashlib.sha256(b"\0".join(texts)).hexdigest()


def _held_views(connection: Connection[tuple[object, ...]]) -> str | None:
    """The digest of the views that the database holds."""
    held = connection.execute(
        "SELECT obj_description(oid) FROM pg_namespace WHERE nspname = 'news'"
    ).fetchone()
    return str(held[0]).rpartition(" ")[2] if held else None
