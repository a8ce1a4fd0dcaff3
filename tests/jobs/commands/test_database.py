"""The db commands, on an embedded server of their own and on a database that is given."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.storage import embedded, lock_retry, roles, schema
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.jobs.shell import Ran, Shell

NEWEST = schema.migrations()[-1].version


@pytest.fixture(scope="module")
def fresh() -> Iterator[Path]:
    """A data folder that is not there yet."""
    with tempfile.TemporaryDirectory(prefix="bs-") as name:
        Path(name).chmod(0o755)  # or root's server keeps its data in a folder of the system
        folder = Path(name) / "new"
        yield folder
        embedded.stop(folder)


def test_embedded_server_is_started_used_and_stopped(cli: Callable[..., Ran], fresh: Path) -> None:
    own = {"BROADSHEET_DATA_DIR": str(fresh)}
    before = cli("db", "status", **own)
    assert (before.code, before.out) == (3, "")
    assert f"the embedded server in {fresh} is not running: 'broadsheet db start'" in before.err

    started = cli("db", "start", **own)
    assert (started.code, started.err) == (0, "")
    url = started.out.strip()
    assert url == f"postgresql://postgres@/broadsheet?host={fresh / 'postgres'}"

    nothing = cli("articles", "list", "--replay", **own)
    assert (nothing.code, nothing.out) == (3, "")
    assert "nothing was replayed yet: run 'broadsheet replay PATH' first" in nothing.err

    assert cli("db", "migrate", **own).code == 0
    status = cli("db", "status", "--json", **own)
    assert status.code == 0
    assert f'"schema": {NEWEST},' in status.out
    assert f'"newest": {NEWEST}' in status.out
    assert cli("db", "url", **own).out == started.out

    stopped = cli("db", "stop", **own)
    assert (stopped.code, stopped.err) == (0, "the embedded server is stopped\n")
    again = cli("db", "stop", **own)
    assert (again.code, again.err) == (0, "no embedded server was running\n")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_server_starts_by_itself_with_the_first_command(
    cli: Callable[..., Ran], fresh: Path
) -> None:
    own = {"BROADSHEET_DATA_DIR": str(fresh)}
    assert embedded.running(fresh) is None
    listed = cli("feeds", "list", "--json", **own)
    assert (listed.code, listed.out) == (0, "[]\n")
    assert embedded.running(fresh) is not None
    assert cli("db", "status", **own).code == 0


def test_data_folder_that_cannot_be_is_3(cli: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = cli("feeds", "list", BROADSHEET_DATA_DIR=str(tmp_path / "file" / "data"))
    assert ran.code == 3
    assert "cannot make the data folder" in ran.err
    assert ran.err.count("\n") == 1


def test_migrate_brings_an_empty_database_up_to_date_once(
    cli: Callable[..., Ran], empty_url: str
) -> None:
    first = cli("db", "migrate", "--database-url", empty_url)
    assert first.code == 0
    assert [line for line in first.err.splitlines() if line.startswith("applied")] == [
        f"applied {step.name}" for step in schema.migrations()
    ]
    again = cli("db", "migrate", "--database-url", empty_url)
    assert again.code == 0
    assert again.err == f"{empty_url} is at migration {NEWEST}\n"
    assert cli("feeds", "list", "--database-url", empty_url).code == 0


def test_status_of_a_database_without_schema_shows_it_and_is_3(
    cli: Callable[..., Ran], empty_url: str
) -> None:
    ran = cli("db", "status", DATABASE_URL=empty_url)
    assert ran.code == 3
    assert empty_url in ran.out
    assert "run 'broadsheet db migrate'" in ran.err


def test_psql_gets_the_arguments_after_the_dashes(shell: Shell, replayed: World) -> None:
    assert replayed.value("SELECT count(*) FROM news.articles") == 21
    query = "select count(*) from news.articles"
    ran = shell.run("db", "psql", "--replay", "--", "-At", "-c", query)
    assert (ran.code, ran.out) == (0, "21\n"), ran.err
    failing = shell.run("db", "psql", "--replay", "--", "-c", "select no")
    assert failing.code == 1
    assert 'column "no" does not exist' in failing.err


def test_psql_of_a_given_database_is_the_one_in_the_path(
    cli: Callable[..., Ran], database_url: str, tmp_path: Path
) -> None:
    ran = cli("db", "psql", DATABASE_URL=database_url, PATH=str(tmp_path))
    assert ran.code == 2
    assert "psql is not installed; 'broadsheet db url' prints the connection string" in ran.err


def test_address_is_printed_as_json(cli: Callable[..., Ran], database_url: str) -> None:
    ran = cli("db", "url", "--json", "--database-url", database_url)
    assert (ran.code, ran.json) == (0, {"url": database_url})


@pytest.mark.parametrize("command", ["migrate", "status", "url", "roles"])
def test_replay_and_a_given_database_are_one_too_many(
    cli: Callable[..., Ran], closed_url: str, command: str
) -> None:
    ran = cli("db", command, "--replay", "--database-url", closed_url)
    assert (ran.code, ran.out) == (2, "")
    assert "--replay and --database-url name two databases: give one" in ran.err


def test_roles_are_made_and_made_again(cli: Callable[..., Ran], database_url: str) -> None:
    for _ in range(2):
        ran = cli("db", "roles", DATABASE_URL=database_url)
        assert ran.code == 0
        for name in ("owner", "writer", "reader"):
            assert f"broadsheet_{name}: " in ran.err
    world = World(database_url)
    assert world.values(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'broadsheet%%' ORDER BY 1"
    ) == ["broadsheet_owner", "broadsheet_reader", "broadsheet_writer"]
    rights = world.rows(
        "SELECT has_table_privilege('broadsheet_reader', 'news.articles', 'SELECT'),"
        " has_schema_privilege('broadsheet_reader', 'ingest', 'USAGE')"
    )
    assert rights == [(True, False)]


def test_roles_that_are_not_all_made_are_1_with_a_line_each(
    cli: Callable[..., Ran], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "make", lambda _: ("one thing is left",))
    ran = cli("db", "roles", DATABASE_URL=database_url)
    assert ran.code == 1
    assert ran.err.endswith("broadsheet: warning: one thing is left\n")


def test_a_migration_that_is_held_up_is_3_and_says_by_whom(
    cli: Callable[..., Ran], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_retry, "ATTEMPTS", 2)
    with psycopg.connect(database_url, autocommit=True, application_name="psql") as reader:
        reader.execute("SELECT pg_advisory_lock(1651663987, 1)")
        ran = cli("db", "migrate", DATABASE_URL=database_url)
        who = f"process {reader.info.backend_pid} (user postgres, application psql)"
    assert ran.code == 3
    first, last = ran.err.splitlines()
    assert first == f"a migration waits, for a minute at most, for {who}"
    assert last.startswith(f"broadsheet: a migration waited a minute for {who}: let it come to its")
    assert last.endswith("and run 'broadsheet db migrate' again")
