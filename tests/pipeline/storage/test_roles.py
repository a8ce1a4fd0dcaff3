"""The three roles: who migrates, who runs the service, and who may only read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.errors import DatabaseError
from pipeline.storage import embedded, roles, schema
from tests.pipeline.storage.builders import replay_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    made = roles.make(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        before = connection.execute(GRANTS).fetchall()
        assert roles.make(database_url) == made
        assert connection.execute(GRANTS).fetchall() == before
    assert [name for name, _ in made] == [
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
        "SELECT ingest.make_fingerprint_month('2026-03-01')",
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


def test_an_owner_adds_to_the_schema(guarded_url: str) -> None:
    owner = as_login(guarded_url, "owner")
    assert not refused(owner, "CREATE TABLE ingest.mine (n int)")
    assert not refused(owner, "CREATE VIEW news.mine AS SELECT 1 AS n")


def test_who_may_not_make_roles_is_told_what_to_do(guarded_url: str) -> None:
    with pytest.raises(DatabaseError, match="connect as a superuser once"):
        roles.make(as_login(guarded_url, "reader"))
