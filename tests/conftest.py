"""A real Postgres for every test that wants one: migrated once, cloned for each."""

from __future__ import annotations

import itertools
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import settings

from pipeline.storage import embedded, schema, server_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.storage.embedded import Server

# A busy machine fails no test: how long an example takes is no property of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
ROOT = Path(__file__).resolve().parent.parent
_numbers = itertools.count(1)
# Which PostgreSQL the tests run on, such as 16; the newest of the wheel when it is not said.
SERVER = os.environ.get("TEST_POSTGRES", str(server_files.VERSION))


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
def server(data_dir: Path) -> Server:
    """The embedded server of the test run. It need not survive a power cut: no fsync."""
    found = embedded.start(data_dir, version=int(SERVER))
    _spare_the_disk(found)
    return found


def _spare_the_disk(found: Server) -> None:
    with psycopg.connect(found.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


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
