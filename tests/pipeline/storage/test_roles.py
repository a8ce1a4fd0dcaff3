"""The three roles: who migrates, who runs the service, and who may only read."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.errors import DatabaseError
from pipeline.persist.takedown import remove_article
from pipeline.storage import embedded, roles, schema
from pipeline.storage.database import sql_folder
from tests.pipeline.storage.builders import (
    NOW,
    article_id,
    on_database,
    page_read,
    publish,
    replay_seeds,
    store,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.storage.database import Database
    from pipeline.storage.embedded import Server

LOGINS = {"owner": "olga", "writer": "wim", "reader": "rosa"}

GRANTS = """
SELECT n.nspname, c.relname, c.relacl::text FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname IN ('ingest', 'news', 'public')
UNION ALL SELECT 'schema', nspname, nspacl::text FROM pg_namespace
UNION ALL SELECT 'function', p.oid::regprocedure::text, proacl::text FROM pg_proc AS p
WHERE p.pronamespace IN ('ingest'::regnamespace, 'news'::regnamespace)
ORDER BY 1, 2
"""


# Who owns what is ours.
OWNERS = """
SELECT DISTINCT pg_get_userbyid(owner) FROM (
  SELECT nspowner AS owner FROM pg_namespace WHERE nspname IN ('ingest', 'news')
  UNION ALL SELECT relowner FROM pg_class
  WHERE relnamespace IN ('ingest'::regnamespace, 'news'::regnamespace)
    OR oid = 'public.broadsheet_migrations'::regclass
  UNION ALL SELECT proowner FROM pg_proc
  WHERE pronamespace IN ('ingest'::regnamespace, 'news'::regnamespace)
) AS ours
"""


def as_login(url: str, role: str) -> str:
    return url.replace("postgres@", f"{LOGINS[role]}@")


@pytest.fixture(scope="module")
def guarded_url(server: Server) -> Iterator[str]:
    """A database with the roles made, and somebody in each of them; connect with `as_login`."""
    url = embedded.create(server, "guarded")
    schema.migrate(url)
    roles.make(url)
    with psycopg.connect(url, autocommit=True) as connection:
        for role, login in LOGINS.items():
            connection.execute(f"CREATE ROLE {login} LOGIN IN ROLE broadsheet_{role}")
    yield url
    with psycopg.connect(url, autocommit=True) as connection:
        for login in LOGINS.values():
            connection.execute(f"DROP OWNED BY {login}")
            connection.execute(f"DROP ROLE {login}")


def refused(url: str, statement: str) -> bool:
    """Whether a statement is refused for want of rights."""
    with psycopg.connect(url) as connection, connection.transaction(force_rollback=True):
        try:
            connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            return True
    return False


def names(url: str, query: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [str(name) for (name,) in connection.execute(query)]


def test_making_the_roles_twice_changes_nothing(database_url: str) -> None:
    assert roles.make(database_url) == ()
    with psycopg.connect(database_url, autocommit=True) as connection:
        before = connection.execute(GRANTS).fetchall()
        assert roles.make(database_url) == ()
        assert connection.execute(GRANTS).fetchall() == before
    assert [name for name, _ in roles.ROLES] == [
        "broadsheet_owner",
        "broadsheet_writer",
        "broadsheet_reader",
    ]


def test_a_reader_reads_every_view_and_searches(guarded_url: str) -> None:
    views = names(guarded_url, "SELECT viewname FROM pg_views WHERE schemaname = 'news'")
    assert len(views) >= 12
    with psycopg.connect(as_login(guarded_url, "reader")) as connection:
        for view in views:
            connection.execute(f"TABLE news.{view}")
        connection.execute("SELECT * FROM news.search('ferry')")


def test_a_reader_sees_no_table(guarded_url: str) -> None:
    tables = names(guarded_url, "SELECT tablename FROM pg_tables WHERE schemaname = 'ingest'")
    assert len(tables) > 20
    reader = as_login(guarded_url, "reader")
    assert [name for name in tables if not refused(reader, f"SELECT FROM ingest.{name}")] == []
    assert refused(reader, "SELECT FROM public.broadsheet_migrations")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM news.polls",
        "UPDATE news.polls SET message = ''",
        "INSERT INTO news.story_ids VALUES (1, 2)",
        "CREATE TABLE news.mine (n int)",
        "CREATE TABLE public.mine (n int)",
        "CREATE TABLE ingest.mine (n int)",
        "CREATE TEMPORARY TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT ingest.make_fingerprint_month('2026-03-01')",
        "SELECT ingest.drop_fingerprint_months('2026-03-01')",
        "SELECT ingest.index_article(1)",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_creat(-1)",
        "COPY news.polls TO '/tmp/polls'",
        "COPY news.polls TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/hostname')",
        "SET ROLE broadsheet_writer",
        "ALTER DEFAULT PRIVILEGES FOR ROLE broadsheet_owner GRANT SELECT ON TABLES TO PUBLIC",
    ],
)
def test_a_reader_changes_nothing(guarded_url: str, statement: str) -> None:
    assert refused(as_login(guarded_url, "reader"), statement)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE news.mine (n int)",
        "CREATE TABLE public.mine (n int)",
        "CREATE TABLE ingest.mine (n int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE ingest.polls ADD COLUMN n int",
        "DROP TABLE ingest.polls",
        "TRUNCATE ingest.articles",
        "DELETE FROM ingest.articles",
        "DELETE FROM ingest.entries",
        "DELETE FROM ingest.revisions",
        "DELETE FROM public.broadsheet_migrations",
        "INSERT INTO public.broadsheet_migrations VALUES (99, '', '', '2026-03-01Z')",
    ],
)
def test_a_writer_keeps_the_schema_and_the_record(guarded_url: str, statement: str) -> None:
    assert refused(as_login(guarded_url, "writer"), statement)


def test_a_writer_runs_the_service(guarded_url: str, root: Path) -> None:
    """Polls, pages, merged stories: all that the seeds bring; nothing of it is the owner's."""
    writer = as_login(guarded_url, "writer")
    schema.require_current(writer)
    asyncio.run(replay_seeds(writer, root))
    assert len(names(as_login(guarded_url, "reader"), "SELECT url FROM news.articles")) > 10


def test_a_reader_may_call_search_and_no_other_function_of_ours(guarded_url: str) -> None:
    query = """
        SELECT oid::regproc::text FROM pg_proc
        WHERE pronamespace IN ('ingest'::regnamespace, 'news'::regnamespace)
          AND has_function_privilege('broadsheet_reader', oid, 'EXECUTE')
    """
    assert names(guarded_url, query) == ["news.search"]


def test_everybody_may_call_no_large_object_function(guarded_url: str) -> None:
    query = """
        SELECT oid::regproc::text FROM pg_proc
        WHERE (proname LIKE 'lo\\_%' OR proname IN ('loread', 'lowrite'))
          AND has_function_privilege('broadsheet_reader', oid, 'EXECUTE')
    """
    assert names(guarded_url, query) == []


def test_functions_that_run_as_their_owner_trust_no_search_path(guarded_url: str) -> None:
    query = """
        SELECT oid::regproc::text FROM pg_proc
        WHERE prosecdef AND pronamespace IN ('ingest'::regnamespace, 'news'::regnamespace)
          AND NOT coalesce('search_path=""' = ANY (proconfig), false)
    """
    assert names(guarded_url, query) == []


def test_a_writer_may_do_what_the_queries_do(guarded_url: str) -> None:
    """Each table that a query deletes from, and the secrets of feeds, which only it reads."""
    writer = as_login(guarded_url, "writer")
    text = "\n".join(path.read_text() for path in (sql_folder() / "queries").glob("*.sql"))
    deleted = sorted(set(re.findall(r"DELETE FROM (ingest\.\w+)", text)))
    assert "ingest.polls" in deleted
    delete = "DELETE FROM {} WHERE false"
    assert [name for name in deleted if refused(writer, delete.format(name))] == []
    assert not refused(writer, "SELECT headers FROM ingest.feed_headers")
    assert refused(as_login(guarded_url, "reader"), "SELECT headers FROM ingest.feed_headers")


def test_what_a_later_migration_makes_is_covered(
    guarded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner's login migrates; neither it nor anybody runs the roles again."""
    later = schema.Migration(
        version=9999,
        name="9999_later",
        text=b"""
        CREATE TABLE ingest.later (n int);
        CREATE VIEW news.later AS SELECT n FROM ingest.later;
        CREATE FUNCTION ingest.later() RETURNS int LANGUAGE sql AS 'SELECT 1';
        """,
        checksum=b"later",
    )
    present = schema.migrations()
    monkeypatch.setattr(schema, "migrations", lambda: (*present, later))
    assert schema.migrate(as_login(guarded_url, "owner")) == ("9999_later",)
    writer, reader = as_login(guarded_url, "writer"), as_login(guarded_url, "reader")
    assert not refused(writer, "INSERT INTO ingest.later VALUES (1)")
    assert not refused(writer, "SELECT ingest.later()")
    assert not refused(reader, "TABLE news.later")
    assert refused(reader, "TABLE ingest.later")
    assert refused(reader, "SELECT ingest.later()")
    owners = "SELECT tableowner FROM pg_tables WHERE tablename = 'later'"
    assert names(guarded_url, owners) == ["broadsheet_owner"]


def test_an_owner_adds_to_the_schema(guarded_url: str) -> None:
    owner = as_login(guarded_url, "owner")
    assert not refused(owner, "CREATE TABLE ingest.mine (n int)")
    assert not refused(owner, "CREATE VIEW news.mine AS SELECT 1 AS n")


@pytest.fixture
def dba_url(server: Server, guarded_url: str) -> Iterator[str]:
    """A database, migrated by its owner, who may make roles and is no superuser."""
    assert guarded_url
    admin = server.url("postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE ROLE dora LOGIN CREATEROLE")
        for name in (name for name, _ in roles.ROLES):
            # Made by whoever came first on this server: its superuser lets her use them.
            connection.execute(f"GRANT {name} TO dora WITH ADMIN OPTION")
        connection.execute("CREATE DATABASE dora OWNER dora")
    url = server.url("dora").replace("postgres@", "dora@")
    schema.migrate(url)
    yield url
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("DROP DATABASE dora WITH (FORCE)")
        connection.execute("DROP OWNED BY dora")
        connection.execute("DROP ROLE dora")


def test_an_owner_without_superuser_does_all_but_one_thing(server: Server, dba_url: str) -> None:
    """Large objects stay open until a superuser was here; nothing else is left."""
    reader = as_login(server.url("dora"), "reader")
    for _ in range(2):
        (undone,) = roles.make(dba_url)
        assert "a superuser ends that by running 'broadsheet db roles'" in undone
    assert not refused(reader, "TABLE news.articles")
    assert refused(reader, "TABLE ingest.articles")
    assert refused(reader, "CREATE TEMPORARY TABLE mine (n int)")
    assert not refused(reader, "SELECT lo_create(0)")
    assert roles.make(server.url("dora")) == ()
    assert refused(reader, "SELECT lo_create(0)")
    assert roles.make(dba_url) == ()
    assert names(dba_url, OWNERS) == ["broadsheet_owner"]
    assert schema.migrate(dba_url) == ()


def test_a_reader_who_may_not_see_the_ledger_knows_the_version_by_the_views(
    guarded_url: str, database_url: str
) -> None:
    assert guarded_url
    roles.make(database_url)
    reader = as_login(database_url, "reader")
    schema.require_current(reader)
    with psycopg.connect(database_url) as connection:
        connection.execute("COMMENT ON SCHEMA news IS 'Another definition 0'")
    with pytest.raises(DatabaseError, match=r"schema news of .* is not of this program's version"):
        schema.require_current(reader)
    schema.migrate(database_url)
    schema.require_current(reader)


HIDDEN = "SECRETTITLE"


@on_database
async def one_published_one_not(db: Database) -> None:
    await store(db, page_read("https://alder.example/open", words("a")))
    await publish(db)
    await store(db, page_read("https://alder.example/hidden", words("b"), title=HIDDEN))


@on_database
async def published_and_removed(db: Database) -> None:
    await publish(db)
    page = await article_id(db, "https://alder.example/hidden")
    await remove_article(db, page, now=NOW, by="desk")


def shown_by_an_error(url: str) -> str | None:
    """A title that the views leave out, got out of an error message of a cast that comes first."""
    with psycopg.connect(url, options="-c enable_nestloop=off") as connection:
        try:
            connection.execute(
                "SELECT FROM news.articles WHERE CASE WHEN title LIKE 'SECRET%' THEN title::int END = 1"
            )
        except psycopg.errors.InvalidTextRepresentation as error:
            return str(error).split('"')[1]
    return None


def test_an_error_shows_a_reader_what_waits_to_be_published_and_nothing_that_was_removed(
    guarded_url: str, database_url: str
) -> None:
    """Why the views are no security barriers stands in sql/roles.sql."""
    assert guarded_url
    roles.make(database_url)
    reader = as_login(database_url, "reader")
    one_published_one_not(database_url=database_url)
    assert names(reader, "SELECT title FROM news.articles WHERE title LIKE 'SECRET%'") == []
    assert shown_by_an_error(reader) == HIDDEN
    published_and_removed(database_url=database_url)
    assert shown_by_an_error(reader) is None


def test_who_may_not_make_roles_is_told_what_to_do(guarded_url: str) -> None:
    with pytest.raises(DatabaseError, match="connect as a superuser once"):
        roles.make(as_login(guarded_url, "reader"))
