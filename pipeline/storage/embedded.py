"""The Postgres server that comes in a wheel: no DATABASE_URL, no set-up, a real PostgreSQL 18.

It keeps running after the command that started it, so that a printed psql line works, and any
number of commands share it. `stop` ends it.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
from psycopg import sql

from pipeline.errors import DatabaseError
from pipeline.storage import postmaster, server_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.storage.postmaster import Postmaster
    from pipeline.storage.server_files import ServerFiles

LIVE = "broadsheet"
REPLAY = "replay"
# What a new server is given, and how much more it gets: fingerprints are looked up all over their
# index, which has 1.2 GB in its window at 17 thousand articles a day (bench/stories_scale.py).
STOCK_MB = 128
MOST_MB = 1024
MEMORY_SHARE = 8  # one part in so many of the machine's
_STOCK_LINE = f"\nshared_buffers = {STOCK_MB}MB"
_LIMIT = Path("/sys/fs/cgroup/memory.max")  # of the container, or "max"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running embedded server; `tools` is the folder with its psql."""

    pid: int
    socket_dir: Path
    tools: Path

    def url(self, database: str) -> str:
        """Return the connection string for one of its databases."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.socket_dir))}"


def start(data_dir: Path, *, version: int = server_files.VERSION) -> Server:
    """Start the server kept in `data_dir`, or join the one that runs; makes it when new.

    Raises:
        DatabaseError: the wheel is not installed, its files are of another version of Postgres, or
            the server does not come up.
    """
    _make_folder(data_dir)
    with _locked(data_dir / "server.lock"):
        files = server_files.make(data_dir, version)
        _require_version(files, version)
        postmaster.initialise(files)
        _give_memory(files.data)
        return _server(server_files.find(data_dir, version), postmaster.start(files))


def running(data_dir: Path) -> Server | None:
    """Return the server kept in `data_dir` if it runs."""
    if not (data_dir / "postgres" / "postmaster.pid").exists():
        return None
    files = server_files.find(data_dir)
    found = postmaster.found(files)
    return _server(files, found) if found else None


def stop(data_dir: Path) -> bool:
    """Stop the server kept in `data_dir`; return whether one ran."""
    _make_folder(data_dir)
    with _locked(data_dir / "server.lock"):
        files = server_files.find(data_dir)
        found = postmaster.found(files)
        if found:
            postmaster.stop(found, files.data)
        return found is not None


def clients(server: Server) -> list[str]:
    """Return who is connected: program, database and number of sessions, a line each."""
    with psycopg.connect(
        server.url("postgres"), autocommit=True, application_name="broadsheet db stop"
    ) as connection:
        found = connection.execute(
            "SELECT coalesce(nullif(application_name, ''), 'unnamed'), datname, count(*)"
            " FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
    return [f"{name} to {database} ({count})" for name, database, count in found]


def exists(server: Server, database: str) -> bool:
    """Return whether the server holds this database."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        return _exists(connection, database)


def create(server: Server, database: str, *, anew: bool = False) -> str:
    """Make sure that the database exists, empty when `anew`; return its connection string."""
    name = sql.Identifier(database)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, %s)", (0x62726473, 2))
        if anew:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        if not _exists(connection, database):
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        if anew:  # what is made anew can be made again: it need not wait for the disk
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(name)
            )
    return server.url(database)


def _exists(connection: psycopg.Connection[tuple[object, ...]], database: str) -> bool:
    found = connection.execute("SELECT FROM pg_database WHERE datname = %s", (database,))
    return found.fetchone() is not None


@contextmanager
def alone(data_dir: Path, task: str) -> Iterator[None]:
    """Hold a lock that only one process may hold; raises DatabaseError when another does."""
    _make_folder(data_dir)
    with (data_dir / f"{task}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseError(f"another {task} is running on {data_dir}: wait for it") from error
        yield


def _require_version(files: ServerFiles, version: int) -> None:
    file = files.data / "PG_VERSION"
    if file.exists() and (have := file.read_text().strip()) != str(version):
        raise DatabaseError(
            f"{files.data} was made by PostgreSQL {have}, and the embedded server is {version}: dump it "
            "with the program that made it, and load it into a new data folder"
        )


def buffers_mb(memory_bytes: int) -> int:
    """Return the shared_buffers, in MB, of a server on a machine with so much memory."""
    return max(STOCK_MB, min(MOST_MB, memory_bytes // MEMORY_SHARE // 2**20))


def _give_memory(pgdata: Path) -> None:
    """Raise shared_buffers where nobody has: the line that initdb wrote; it counts from a start on."""
    file = pgdata / "postgresql.conf"
    text = file.read_text()
    if _STOCK_LINE in text:
        file.write_text(text.replace(_STOCK_LINE, f"\nshared_buffers = {buffers_mb(_memory())}MB"))


def _memory() -> int:
    """Bytes of memory of the machine, or of the container if that has fewer."""
    import psutil  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with the extra

    limit = _LIMIT.read_text().strip() if _LIMIT.exists() else ""
    machine = int(psutil.virtual_memory().total)
    return min(machine, int(limit)) if limit.isdecimal() else machine


def _server(files: ServerFiles, found: Postmaster) -> Server:
    return Server(pid=found.pid, socket_dir=found.socket_dir, tools=files.programs)


def _make_folder(data_dir: Path) -> None:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"cannot make the data folder {data_dir}: {error}") from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
