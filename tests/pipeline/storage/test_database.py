"""The pool, what is said when there is none, and the queries run by name."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from pipeline.errors import DatabaseError
from pipeline.storage.database import Database, Session, Table, checks, connected, sql_folder
from tests.pipeline.storage.builders import FEED, execute, on_database, poll, rows, value


@pytest.mark.parametrize("url", ["postgresql://wim:secret@127.0.0.1:1/news", "nonsense"])
def test_a_server_that_does_not_answer_is_told_at_once(url: str) -> None:
    async def connect() -> None:
        async with connected(url):
            raise AssertionError(url)

    with pytest.raises(DatabaseError, match="no connection to") as caught:
        asyncio.run(connect())
    assert "secret" not in str(caught.value)


def test_the_rules_are_run_in_order() -> None:
    names = checks()
    assert names == tuple(sorted(names))
    assert names[0].startswith("01_")
    assert (sql_folder() / "checks" / f"{names[0]}.sql").is_file()


@on_database
async def test_the_clock_is_aware_and_in_utc(db: Database) -> None:
    now = await db.clock()
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(hours=1)


@on_database
async def test_the_clock_goes_on_inside_a_session(db: Database) -> None:
    assert await db.clock() < await db.clock()


@on_database
async def test_a_transaction_that_fails_leaves_nothing(db: Database) -> None:
    async def fail() -> None:
        async with db.transaction() as tx:
            await tx.run("mark_replay")
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await value(db, "SELECT purpose FROM ingest.purpose") == "live"


@on_database
async def test_a_savepoint_keeps_what_came_before(db: Database) -> None:
    async def fail(tx: Session) -> None:
        async with tx.savepoint():
            await tx.connection.execute("UPDATE ingest.purpose SET purpose = 'live'")
            raise psycopg.DataError

    async with db.transaction() as tx:
        await tx.run("mark_replay")
        with pytest.raises(psycopg.DataError):
            await fail(tx)
    assert await value(db, "SELECT purpose FROM ingest.purpose") == "replay"


@on_database
async def test_a_statement_outside_a_transaction_commits_by_itself(db: Database) -> None:
    async with db.session() as session:
        assert await session.run("mark_replay") == 1
        assert await value(db, "SELECT purpose FROM ingest.purpose") == "replay"


@on_database
async def test_a_table_carries_its_column_names(db: Database) -> None:
    await poll(db)
    async with db.session() as session:
        found = await session.table("feeds_by_address", digests=[])
        assert found == Table(names=("url_digest", "feed_id", "url", "state"), rows=())
        assert (await session.check("01_polls_balance")).rows == ()


@on_database
async def test_a_query_that_finds_nothing_gives_none(db: Database) -> None:
    async with db.session() as session:
        assert (
            await session.value("host_hold", host="nowhere.example", now=datetime.now(UTC)) is None
        )
        assert await session.values("soonest_feed", due_by=datetime.now(UTC)) == [None]


@on_database
async def test_a_lost_connection_is_replaced(db: Database) -> None:
    await rows(db, "SELECT 1")
    await execute(
        db,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    assert await value(db, "SELECT count(*) FROM ingest.feeds WHERE url = %s", FEED) == 0
