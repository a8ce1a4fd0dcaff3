"""Migrations: each once, all or nothing, and never on a database that is not ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.errors import DatabaseError
from pipeline.storage import embedded, lock_retry, schema
from pipeline.storage.database import sql_folder

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.storage.embedded import Server

LEDGER = "SELECT version, name, checksum FROM public.broadsheet_migrations ORDER BY version"
OBJECTS = """
SELECT n.nspname || '.' || c.relname, c.relkind::text, obj_description(c.oid)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('ingest', 'news', 'public')
UNION ALL SELECT oid::regprocedure::text, 'f', md5(prosrc) FROM pg_proc
WHERE pronamespace::regnamespace::text IN ('ingest', 'news')
UNION ALL SELECT nspname, 'n', obj_description(oid) FROM pg_namespace
ORDER BY 1, 2
"""
MIGRATE = "import sys; from pipeline.storage import schema; print(len(schema.migrate(sys.argv[1])))"


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def change(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture
def own_sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sql folder that the program uses in place of its own."""
    folder = shutil.copytree(sql_folder(), tmp_path / "sql")
    monkeypatch.setattr(schema, "sql_folder", lambda: folder)
    return folder


def test_each_migration_has_a_number_of_its_own() -> None:
    steps = schema.migrations()
    assert len({step.version for step in steps}) == len(steps)
    assert all(step.name.startswith(f"{step.version:04}_") for step in steps)


def test_a_fresh_database_gets_every_migration(empty_url: str) -> None:
    names = tuple(step.name for step in schema.migrations())
    assert schema.version(empty_url) is None
    assert schema.migrate(empty_url) == names
    assert schema.version(empty_url) == schema.migrations()[-1].version
    schema.require_current(empty_url)


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    before = ask(database_url, OBJECTS), ask(database_url, "TABLE public.broadsheet_migrations")
    assert schema.migrate(database_url) == ()
    assert (
        ask(database_url, OBJECTS),
        ask(database_url, "TABLE public.broadsheet_migrations"),
    ) == before


def test_four_processes_at_once_apply_each_migration_once(empty_url: str, root: Path) -> None:
    runs = [
        subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", MIGRATE, empty_url],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    said = [run.communicate(timeout=60) for run in runs]
    assert [error for _, error in said] == [b""] * 4
    assert [run.returncode for run in runs] == [0] * 4
    steps = schema.migrations()
    assert sum(int(count) for count, _ in said) == len(steps)
    assert ask(empty_url, LEDGER) == [(step.version, step.name, step.checksum) for step in steps]


def test_a_newer_schema_is_refused(database_url: str) -> None:
    change(
        database_url,
        "INSERT INTO public.broadsheet_migrations VALUES (9999, '9999_x', '', '2026-03-01Z')",
    )
    for use in (schema.migrate, schema.require_current):
        with pytest.raises(DatabaseError, match=r"newer than this program \(migration 9999\)"):
            use(database_url)


def test_an_edited_migration_is_refused(database_url: str) -> None:
    change(
        database_url, r"UPDATE public.broadsheet_migrations SET checksum = '\x00' WHERE version = 2"
    )
    for use in (schema.migrate, schema.require_current):
        with pytest.raises(DatabaseError, match=r"migration 2 .* differs from this program's"):
            use(database_url)


def test_an_older_schema_asks_for_a_migration(database_url: str, own_sql: Path) -> None:
    (own_sql / "migrations" / "9998_more.sql").write_text("CREATE TABLE ingest.more (n int);")
    with pytest.raises(DatabaseError, match="older than this program: run 'broadsheet db migrate'"):
        schema.require_current(database_url)
    assert schema.migrate(database_url) == ("9998_more",)
    schema.require_current(database_url)


def test_a_database_of_somebody_else_is_not_ours(empty_url: str) -> None:
    with pytest.raises(DatabaseError, match="holds no Broadsheet schema"):
        schema.require_current(empty_url)


@pytest.mark.parametrize(
    ("last", "told"),
    [
        pytest.param("SELECT 1 / 0;", "division by zero", id="in its last statement"),
        pytest.param(
            "ALTER TABLE public.broadsheet_migrations ADD CHECK (version < 9998);",
            "violates check constraint",
            id="when it is written down",
        ),
    ],
)
def test_a_failing_migration_leaves_nothing_behind(
    database_url: str, own_sql: Path, last: str, told: str
) -> None:
    before = ask(database_url, OBJECTS)
    path = own_sql / "migrations" / "9998_bad.sql"
    first = "CREATE TABLE ingest.bad (n int);\nINSERT INTO ingest.bad VALUES (1);"
    path.write_text(f"{first}\n{last}")
    with pytest.raises(DatabaseError, match=f"migration 9998_bad failed: .*{told}"):
        schema.migrate(database_url)
    path.unlink()
    assert ask(database_url, OBJECTS) == before
    assert schema.migrate(database_url) == ()


def test_what_was_applied_before_a_failure_stays(empty_url: str, own_sql: Path) -> None:
    (own_sql / "migrations" / "0003_articles.sql").write_text("CREATE nonsense;")
    with pytest.raises(DatabaseError, match="0003_articles failed"):
        schema.migrate(empty_url)
    assert [name for _, name, _ in ask(empty_url, LEDGER)] == ["0001_closed_lists", "0002_feeds"]


def test_a_changed_view_is_made_anew(database_url: str, own_sql: Path) -> None:
    view = own_sql / "views" / "freshness.sql"
    view.write_text(f"{view.read_text()}\nCOMMENT ON VIEW news.freshness IS 'How fresh.';\n")
    assert schema.migrate(database_url) == ()
    assert ask(database_url, "SELECT obj_description('news.freshness'::regclass)") == [
        ("How fresh.",)
    ]


def test_a_view_that_fails_leaves_the_old_ones(database_url: str, own_sql: Path) -> None:
    before = ask(database_url, OBJECTS)
    (own_sql / "views" / "a_first.sql").write_text("COMMENT ON VIEW news.polls IS 'Gone.';")
    (own_sql / "views" / "z_last.sql").write_text("CREATE VIEW news.z AS SELECT missing;")
    with pytest.raises(DatabaseError, match="the views could not be made"):
        schema.migrate(database_url)
    assert ask(database_url, OBJECTS) == before


def test_an_old_server_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "LEAST_SERVER", 990000)
    for use in (schema.migrate, schema.require_current):
        with pytest.raises(
            DatabaseError, match=r"is PostgreSQL 1[68]: Broadsheet needs 16 or newer"
        ):
            use(database_url)


def test_a_server_from_16_on_is_taken() -> None:
    assert schema.LEAST_SERVER == 160000


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://reader:secret@127.0.0.1:1/news", r"no connection to postgresql://127.0.0.1:1/news: "),
        ("postgresql://[broken", "no connection to"),
        ("no such thing", "no connection to"),
    ],
)  # fmt: skip
def test_no_server_is_told_without_its_password(url: str, told: str) -> None:
    with pytest.raises(DatabaseError, match=told) as caught:
        schema.migrate(url)
    assert "secret" not in str(caught.value)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two attempts in place of a minute of them."""
    monkeypatch.setattr(lock_retry, "ATTEMPTS", 2)
    monkeypatch.setattr(lock_retry, "PAUSE_SECONDS", 0.0)


@pytest.fixture
def changed_view(own_sql: Path) -> None:
    """A view to be made anew."""
    view = own_sql / "views" / "freshness.sql"
    view.write_text(f"{view.read_text()}\nCOMMENT ON VIEW news.freshness IS 'How fresh.';\n")


HOLDERS = {
    "the lock of migrations": (
        "SELECT pg_advisory_lock(1651663987, 1)",
        r"a migration waited a minute for process {pid} \(user postgres, application psql\)",
    ),
    "a view that is read": (
        "BEGIN; SELECT count(*) FROM news.freshness",
        r"changing the schema waited a minute for process {pid} \(user postgres, application psql\)",
    ),
}


@pytest.mark.usefixtures("impatient", "changed_view")
@pytest.mark.parametrize("held", HOLDERS)
def test_whoever_holds_a_migration_up_is_named_with_the_next_step(
    database_url: str, held: str
) -> None:
    before = ask(database_url, OBJECTS)
    statement, told = HOLDERS[held]
    said: list[str] = []
    with psycopg.connect(database_url, autocommit=True, application_name="psql") as reader:
        reader.execute(statement.encode())
        pid = reader.info.backend_pid
        with pytest.raises(DatabaseError, match=told.format(pid=pid)) as caught:
            schema.migrate(database_url, said.append)
        assert "SELECT pg_terminate_backend(process)" in str(caught.value)
        assert "run 'broadsheet db migrate' again" in str(caught.value)
        assert len(said) == 1
        assert f"process {pid} (user postgres, application psql)" in said[0]
    assert ask(database_url, OBJECTS) == before
    assert schema.migrate(database_url) == ()
    assert ask(database_url, OBJECTS) != before


@pytest.mark.usefixtures("changed_view")
@pytest.mark.parametrize("held", HOLDERS)
def test_who_lets_go_in_time_is_only_waited_for(database_url: str, held: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as reader:
        reader.execute(HOLDERS[held][0].encode())
        assert schema.migrate(database_url, lambda _: reader.close()) == ()
    assert ask(database_url, "SELECT obj_description('news.freshness'::regclass)") == [
        ("How fresh.",)
    ]


def test_a_migration_that_waits_for_a_reader_is_made_whole_later(
    database_url: str, own_sql: Path
) -> None:
    (own_sql / "migrations" / "9998_more.sql").write_text(
        "CREATE TABLE ingest.more (n int); ALTER TABLE ingest.polls ADD COLUMN more int;"
    )
    with psycopg.connect(database_url, autocommit=True) as reader:
        reader.execute("BEGIN; SELECT count(*) FROM news.polls")
        done = schema.migrate(database_url, lambda _: reader.close())
    assert done == ("9998_more",)


def test_a_waiting_migration_does_not_make_readers_wait_for_long(
    database_url: str, own_sql: Path
) -> None:
    """Who asks for a table behind a migration that waits for it gets it when the migration gives way."""
    path = own_sql / "migrations" / "9998_more.sql"
    path.write_text("ALTER TABLE ingest.polls ADD COLUMN more int;")
    asked: list[int] = []

    def ask_meanwhile(_: str) -> None:
        options = "-c statement_timeout=100ms"
        with psycopg.connect(database_url, options=options) as other:
            asked.append(len(other.execute("SELECT FROM news.polls").fetchall()))
        reader.close()

    with psycopg.connect(database_url, autocommit=True) as reader:
        reader.execute("BEGIN; SELECT count(*) FROM news.polls")
        schema.migrate(database_url, ask_meanwhile)
    assert asked == [0]


def test_two_databases_of_one_server_migrate_side_by_side(server: Server, empty_url: str) -> None:
    """The lock is the database's: another's migration under way is nobody's business."""
    other = embedded.create(server, "side_by_side")
    with psycopg.connect(other, autocommit=True) as busy:
        busy.execute("SELECT pg_advisory_lock(%s, %s)", schema.LOCK)
        assert schema.migrate(empty_url)
