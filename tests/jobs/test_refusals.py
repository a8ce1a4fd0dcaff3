"""A database that is there and will not: one clear line and exit 3, and what can be done is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from jobs.commands import root
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.storage.embedded import Server
    from tests.jobs.shell import Ran

FEED = "https://alder.example/feed"


def _set(url: str, setting: str) -> None:
    """Change a setting of the database for sessions to come."""
    name = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ").format(name) + sql.SQL(setting))


def _is_one_line(ran: Ran) -> bool:
    return ran.err.startswith("broadsheet: ") and ran.err.count("\n") == 1 and not ran.out


@pytest.fixture
def read_only_url(database_url: str) -> str:
    """A database with a feed that takes no writes, as a standby does."""
    World(database_url).add_feeds(FEED)
    _set(database_url, "SET default_transaction_read_only = on")
    return database_url


@pytest.mark.parametrize(
    "command",
    [["run"], ["once"], ["poll", "--all"], ["feeds", "pause", "1"], ["prune"]],
    ids=" ".join,
)
def test_work_on_a_read_only_database_is_3(
    cli: Callable[..., Ran], read_only_url: str, command: list[str]
) -> None:
    ran = cli(*command, DATABASE_URL=read_only_url)
    assert (ran.code, _is_one_line(ran)) == (root.NO_DATABASE, True), ran.err
    assert "takes no writes" in ran.err
    assert "name the primary in DATABASE_URL" in ran.err


@pytest.mark.parametrize(
    "command",
    [["feeds", "list"], ["articles", "list"], ["db", "status"], ["check"], ["export", "--format", "jsonl"]],
    ids=" ".join,
)  # fmt: skip
def test_a_read_only_database_can_be_read(
    cli: Callable[..., Ran], read_only_url: str, command: list[str]
) -> None:
    assert cli(*command, DATABASE_URL=read_only_url).code == root.DONE


def test_a_statement_that_the_server_gives_up_is_3(
    cli: Callable[..., Ran], database_url: str
) -> None:
    _set(database_url, "SET statement_timeout = '200ms'")
    with psycopg.connect(database_url) as other:
        other.execute("SET statement_timeout = 0; LOCK TABLE ingest.feeds IN ACCESS EXCLUSIVE MODE")
        ran = cli("feeds", "list", DATABASE_URL=database_url)
    assert (ran.code, _is_one_line(ran)) == (root.NO_DATABASE, True), ran.err
    assert "raise statement_timeout for this role" in ran.err


def test_a_limit_of_connections_is_3(
    cli: Callable[..., Ran], server: Server, database_url: str
) -> None:
    role = "limited_reader"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 0".encode())
    ran = cli("feeds", "list", DATABASE_URL=f"{database_url}&user={role}")
    assert (ran.code, _is_one_line(ran)) == (root.NO_DATABASE, True), ran.err
    assert f'too many connections for role "{role}"' in ran.err
