"""Reading all published articles in order, a bounded number of rows at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.storage.database import sql_folder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime

    from psycopg import Column as Described
    from psycopg.adapt import AdaptersMap

    from pipeline.storage.database import Database

QUERY = "export_articles"
# Rows in memory at once: some 25 MB of articles of usual length.
CHUNK = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the export: its name and its Postgres type, such as text, int8 or text[]."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some rows, with the columns that all of them have."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]


async def count(db: Database, *, since: datetime | None, site: str | None) -> int:
    """Return how many articles `articles` is going to read."""
    async with db.session() as session:
        return int(await session.value("count_articles", since=since, site=site))


async def articles(
    db: Database, *, since: datetime | None, site: str | None
) -> AsyncGenerator[Chunk, None]:
    """Read the articles published at or after `since`, of one site if given, by ingest_seq.

    All that is read is of one moment. The first chunk may be empty: it names the columns.
    """
    statement = (sql_folder() / "queries" / f"{QUERY}.sql").read_bytes()
    async with db.transaction() as tx, tx.connection.cursor(name="export") as cursor:
        await cursor.execute(statement.rstrip(b";\n"), {"since": since, "site": site})
        types = tx.connection.adapters
        columns: tuple[Column, ...] = ()
        rows = [()]
        while rows:
            rows = await cursor.fetchmany(CHUNK)
            columns = columns or tuple(_column(types, one) for one in cursor.description or ())
            yield Chunk(columns=columns, rows=rows)


def _column(types: AdaptersMap, described: Described) -> Column:
    known = types.types.get(described.type_code)
    if known is None:
        return Column(name=described.name, kind="text")
    is_array = described.type_code == known.array_oid
    return Column(name=described.name, kind=f"{known.name}[]" if is_array else known.name)
