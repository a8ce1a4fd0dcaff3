"""Which database errors are outages, and what is said of them."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors
from psycopg_pool import PoolTimeout

from pipeline.storage import outages
from pipeline.storage.database import Database, connected
from pipeline.storage.outages import Cause, cause, explained
from tests.pipeline.storage.builders import execute, on_database, value

CAUSES = [
    (psycopg.OperationalError("server closed the connection unexpectedly"), Cause.AWAY),
    (PoolTimeout("couldn't get a connection after 30.00 sec"), Cause.AWAY),
    (errors.AdminShutdown("terminating connection due to administrator command"), Cause.AWAY),
    (errors.CannotConnectNow("the database system is starting up"), Cause.AWAY),
    (errors.TooManyConnections("too many connections for role"), Cause.FULL),
    (psycopg.OperationalError("FATAL: sorry, too many clients already"), Cause.FULL),
    (errors.ReadOnlySqlTransaction("cannot execute UPDATE"), Cause.READ_ONLY),
    (errors.DiskFull("could not extend file"), Cause.DISK),
    (errors.OutOfMemory("out of memory"), Cause.MEMORY),
    (errors.QueryCanceled("canceling statement due to statement timeout"), Cause.TIMEOUT),
    (errors.IdleInTransactionSessionTimeout("terminating connection"), Cause.TIMEOUT),
    (errors.DeadlockDetected("deadlock detected"), Cause.CONFLICT),
    (errors.InsufficientPrivilege("permission denied for table feeds"), Cause.RIGHTS),
    # Of the classes of an outage, and none: the same would happen again.
    (errors.ProgramLimitExceeded("index row size 3000 exceeds maximum"), None),
    (errors.UniqueViolation("duplicate key"), None),
    (ValueError("no database error"), None),
]


@pytest.mark.parametrize(("error", "expected"), CAUSES, ids=lambda case: type(case).__name__)
def test_an_outage_is_told_from_a_fault(error: Exception, expected: Cause | None) -> None:
    assert cause(error) == expected
    if expected not in {None, Cause.RIGHTS}:
        assert isinstance(error, outages.LOST)


def test_an_outage_is_one_line_with_a_remedy() -> None:
    said = explained(errors.DiskFull("could not extend\nfile: No space left"))
    assert said == (
        "the database has no disk space left: could not extend file: No space left; "
        "free space on its machine"
    )


@on_database
async def test_a_connection_that_takes_no_writes_is_given_up(db: Database) -> None:
    """After a failover the name leads elsewhere: the next connection may find the primary."""
    async with connected(await _url(db), connections=1) as other:
        before = await value(other, "SELECT pg_backend_pid()")
        await execute(other, "SET default_transaction_read_only = on")
        with pytest.raises(errors.ReadOnlySqlTransaction):
            await execute(other, "UPDATE ingest.purpose SET purpose = 'live'")
        assert await value(other, "SELECT pg_backend_pid()") != before
        await execute(other, "UPDATE ingest.purpose SET purpose = 'live'")


async def _url(db: Database) -> str:
    async with db.session() as session:
        info = session.connection.info
        return f"postgresql://{info.user}@/{info.dbname}?host={info.host}"
