"""Behind PgBouncer: what a session keeps is used by nobody, and every statement is the one meant."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.errors import DatabaseError
from pipeline.storage import schema
from pipeline.storage.database import Database, connected
from tests.pgbouncer import needs_pgbouncer, pooled, through
from tests.pipeline.storage.builders import execute, on_database, rows, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.storage.embedded import Server

PREPARED = "SELECT count(*) FROM pg_prepared_statements"
ENOUGH = 12  # psycopg prepares what it runs for the sixth time

pytestmark = needs_pgbouncer


@pytest.fixture(scope="module")
def pooler(server: Server) -> Iterator[str]:
    """A PgBouncer in transaction mode with one server connection, which all clients share."""
    with (
        TemporaryDirectory(prefix="bs-") as name,
        pooled(server, Path(name), mode="transaction") as url,
    ):
        yield url


def test_two_programs_on_one_server_connection_get_their_own_answers(
    pooler: str, database_url: str
) -> None:
    """Both would prepare their sixth run under the same name, for another statement each."""

    async def scenario() -> None:
        url = through(pooler, database_url)
        async with connected(url) as one, connected(url) as other:
            for n in range(ENOUGH):
                assert await value(one, "SELECT 'one' || %s::text", str(n)) == f"one{n}"
                assert await value(other, "SELECT 'other' || %s::text", str(n)) == f"other{n}"
            assert await value(one, PREPARED) == 0

    asyncio.run(scenario())


@on_database
async def test_without_a_pooler_statements_are_prepared(db: Database) -> None:
    async with db.transaction() as tx:  # one connection for all of it
        for _ in range(ENOUGH):
            await tx.value("database_purpose")
        cursor = await tx.connection.execute(PREPARED)
        assert (await cursor.fetchone() or (0,))[0] > 0


def test_times_are_in_utc_whatever_the_zone_of_the_server_connection(
    pooler: str, database_url: str
) -> None:
    async def scenario() -> None:
        async with connected(through(pooler, database_url), connections=1) as db:
            await execute(db, "SET TIME ZONE 'Asia/Tokyo'")  # as another client may leave it
            assert (await db.clock()).utcoffset() == timedelta(0)
            ((moment, moments),) = await rows(
                db, "SELECT t, ARRAY[t] FROM (VALUES ('2026-03-04 23:30Z'::timestamptz)) AS v (t)"
            )
            assert moment.isoformat() == moments[0].isoformat() == "2026-03-04T23:30:00+00:00"

    asyncio.run(scenario())


def test_a_schema_is_made_and_no_lock_is_left(pooler: str, empty_url: str) -> None:
    url = through(pooler, empty_url)
    assert schema.migrate(url) == tuple(step.name for step in schema.migrations())
    schema.require_current(url)
    with psycopg.connect(empty_url) as connection:
        held = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert held.fetchone() == (0,)


def test_a_pooler_that_runs_no_transactions_is_refused_at_the_start(
    server: Server, database_url: str, tmp_path: Path
) -> None:
    async def connect(url: str) -> None:
        async with connected(url):
            raise AssertionError(url)

    with pooled(server, tmp_path, mode="statement") as pooler:
        url = through(pooler, database_url)
        with pytest.raises(DatabaseError, match="pool_mode transaction or session"):
            asyncio.run(connect(url))
        with pytest.raises(DatabaseError, match="pool_mode transaction or session"):
            schema.migrate(url)
