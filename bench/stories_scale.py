"""What publishing costs: CPU of ours by article, and lookup and insert at 10 thousand and a million.

    python bench/stories_scale.py CORPUS/dev.jsonl.gz [--articles 10000 1000000] [--batches 12]

The texts of a labelled corpus of near-duplicates are published through the service's own queries
into databases that hold so many articles of synthetic postings, in turn: a batch into the first
database, a batch into the second, and again, on one server with the settings that a new one gets.

The postings are as the service leaves them: 43 of each article, a quarter of the articles copies of
others, one hash of boilerplate in each hundredth, hashes spread over the numbers as those of the
corpus are (winnowing keeps the least of 16: most lie close together), articles in the order of
their numbers over the 60 days before the batch, index pages as full as random inserts leave them.
The window of 30 days begins in one month's partition and ends in the next one.

Printed are, for each database, wall milliseconds of the lookup and of the insert (medians of the
batches after the first three), their CPU in Postgres and their WAL, what publishing costs beside
Postgres, and bytes on disk; and how long it takes to drop the oldest partition.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from psycopg import Rollback

from bench import local_web
from pipeline import flow
from pipeline.model import StoryText
from pipeline.storage import embedded, publishing, schema
from pipeline.storage.database import connected
from pipeline.stories import fingerprint, signature
from tests.pipeline.storage.builders import execute, value
from tests.pipeline.storage.signed import arrive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.database_target import Target
    from pipeline.storage.database import Database, Session

NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)
DAYS = 60  # kept; half of them are in the window
MONTHS = tuple(date(2026, month, 1) for month in (1, 2, 3))
HASHES = 43  # of an article of 360 words
BORDERS = 4096  # parts of the corpus's hashes, in each of which there are equally many
WARM = 3  # batches that are not counted
FILL_PERCENT = 70  # of an index page after random inserts

POSTINGS = """
INSERT INTO ingest.fingerprints (hash, article_id, seen_on)
SELECT
  CASE WHEN k = 0 AND n %% 100 = 0 THEN 42
  ELSE b.low + ((b.high - b.low) * ((drawn & 4503599627370495) / 4503599627370496.0::float8))::bigint END,
  n - 1 - %(size)s,
  %(today)s::date - (%(days)s - 1 - (n - 1) * %(days)s / %(size)s)::int
FROM generate_series(%(first)s::bigint, %(last)s) AS n
CROSS JOIN generate_series(0, %(hashes)s - 1) AS k
CROSS JOIN LATERAL (
  SELECT hashint8extended((CASE WHEN n %% 4 = 0 THEN n - 1 ELSE n END) * 64 + k, 7)
) AS d (drawn)
JOIN borders AS b ON b.place = (drawn >> 52) + 2048
"""
SIZE = """
SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c
JOIN pg_inherits AS i ON i.inhrelid = c.oid WHERE i.inhparent = 'ingest.fingerprints'::regclass
"""


@dataclass(slots=True)
class Spent:
    """Milliseconds an article of each batch, and kB of WAL; CPU seconds are of all batches."""

    lookup: list[float] = field(default_factory=list)
    insert: list[float] = field(default_factory=list)
    wal: list[float] = field(default_factory=list)
    server: float = 0.0
    ours: float = 0.0
    articles: int = 0


def main() -> None:
    """Run and print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, nargs="*", default=[10_000, 1_000_000])
    parser.add_argument("--batches", type=int, default=12)
    options = parser.parse_args()
    with gzip.open(options.corpus, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    began = time.process_time()
    for one in documents:
        signature.of(one["text"])
    each = 1000 * (time.process_time() - began) / len(documents)
    print(f"signature: {each:.2f} ms of CPU an article")
    documents = documents[: options.batches * publishing.BATCH]
    with local_web.database() as place:
        asyncio.run(_all(place, options.articles, documents))


async def _all(place: Target, sizes: Sequence[int], documents: Sequence[Any]) -> None:
    async with AsyncExitStack() as stack:
        spent: dict[int, tuple[Database, Spent]] = {}
        for size in sizes:
            db = await stack.enter_async_context(connected(_database(place, size), connections=4))
            await _fill(db, size, documents)
            await _arrive(db, documents)
            spent[size] = db, Spent()
        first, _ = spent[sizes[0]]
        await execute(first, "CHECKPOINT")
        for number in range(len(documents) // publishing.BATCH):
            for db, so_far in spent.values():
                await _publish(db, place, so_far if number >= WARM else Spent())
        print(f"shared_buffers: {await value(first, 'SHOW shared_buffers')}")
        for size, (db, sums) in spent.items():
            times = _together(sums) / _together(spent[sizes[0]][1])
            print(f"{size:,} articles: {await _told(db, size, sums)}; {times:.2f} times the first")


def _database(place: Target, size: int) -> str:
    if place.server is None:
        raise SystemExit("the embedded server is measured")
    url = embedded.create(place.server, f"articles_{size}")
    schema.migrate(url)
    return url


async def _fill(db: Database, size: int, documents: Sequence[Any]) -> None:
    hashes = sorted({h for one in documents for h in fingerprint.of(one["text"]).hashes})
    borders = [hashes[n * (len(hashes) - 1) // BORDERS] for n in range(BORDERS + 1)]
    async with db.session() as session:
        run = session.connection.execute
        for month in MONTHS:
            await run("SELECT ingest.make_fingerprint_month(%s)", (month,))
        await run("DROP INDEX ingest.fingerprints_hash")
        await run("CREATE TEMPORARY TABLE borders (place int, low bigint, high bigint)")
        await run(
            "INSERT INTO borders SELECT * FROM unnest(%s::int[], %s::bigint[], %s::bigint[])",
            (list(range(BORDERS)), borders[:-1], borders[1:]),
        )
        shape = {"size": size, "days": DAYS, "hashes": HASHES, "today": NOW.date()}
        for first in range(1, size + 1, 100_000):
            last = min(first + 99_999, size)
            await run(POSTINGS, {"first": first, "last": last, **shape})
        await run("SET maintenance_work_mem = '1GB'")
        for month in MONTHS:
            part = f"fingerprints_{month:%Y_%m}"
            await run(
                f"CREATE INDEX {part}_hash ON ingest.{part} (hash, article_id)"
                f" WITH (fillfactor = {FILL_PERCENT})".encode()
            )
        await run("CREATE INDEX fingerprints_hash ON ingest.fingerprints (hash, article_id)")
        await run("VACUUM ANALYZE ingest.fingerprints")


async def _arrive(db: Database, documents: Sequence[Any]) -> None:
    texts = [
        StoryText(id=n, url=f"https://r.example/{n}", title=one["title"], text=one["text"])
        for n, one in enumerate(documents)
    ]
    await arrive(db, texts, at=NOW)


async def _publish(db: Database, place: Target, spent: Spent) -> None:
    """Measure insert and lookup of the next batch by themselves, undone; then publish it."""
    async with db.transaction() as tx:
        await _measure(tx, place, spent)
        raise Rollback
    began = time.process_time()  # type: ignore[unreachable]  # the transaction takes the Rollback
    spent.articles += await flow.publish(db)
    spent.ours += time.process_time() - began


async def _measure(tx: Session, place: Target, spent: Spent) -> None:
    batch = await publishing.batch(tx)
    wal, before, began = await _wal(tx), local_web.spent(place), time.perf_counter()
    await publishing.make_findable(tx, batch)
    posted = time.perf_counter()
    await publishing.hash_matches(tx, batch, flow.SEARCH)
    found = time.perf_counter()
    spent.server += local_web.spent(place).since(before).server
    spent.wal.append((await _wal(tx) - wal) / 1024 / len(batch))
    spent.insert.append(1000 * (posted - began) / len(batch))
    spent.lookup.append(1000 * (found - posted) / len(batch))


async def _wal(tx: Session) -> int:
    cursor = await tx.connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
    ((position,),) = await cursor.fetchall()
    return int(position)


async def _told(db: Database, size: int, spent: Spent) -> str:
    bytes_held = await value(db, SIZE)
    began = time.perf_counter()
    await execute(db, "SELECT ingest.drop_fingerprint_months('2026-02-01')")
    dropped = time.perf_counter() - began
    return (
        f"lookup {median(spent.lookup):.2f}, insert {median(spent.insert):.2f}, both "
        f"{_together(spent):.2f} ms of wall an article ({1000 * spent.server / spent.articles:.2f}"
        f" of CPU, {median(spent.wal):.1f} kB of WAL); ours "
        f"{1000 * spent.ours / spent.articles:.2f} ms of CPU; {int(bytes_held / size):,} bytes of "
        f"fingerprints an article; a month dropped in {1000 * dropped:.0f} ms"
    )


def _together(spent: Spent) -> float:
    return median(sum(both) for both in zip(spent.lookup, spent.insert, strict=True))


if __name__ == "__main__":
    main()
