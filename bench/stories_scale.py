"""What publishing costs: CPU of ours by article, and lookup and insert at 10 thousand and a million.

    python bench/stories_scale.py CORPUS/dev.jsonl.gz [--articles 10000 1000000]

The texts of a labelled corpus of near-duplicates are published through the service's own queries
into a database that holds so many articles of synthetic postings: a quarter of them copies of
others, one hash of boilerplate in each hundredth, spread over two months. Printed are CPU
milliseconds of ours for each article (signature, and everything that publishing does beside
Postgres), wall milliseconds of the lookup and of the insert by themselves, and bytes on disk.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import local_web
from pipeline import flow
from pipeline.model import StoryText
from pipeline.storage import publishing
from pipeline.storage.database import connected
from pipeline.stories import signature
from tests.pipeline.storage.builders import rows, value
from tests.pipeline.storage.signed import arrive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.storage.database import Database

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
HASHES = 43  # of an article of 360 words
POSTINGS = """
INSERT INTO ingest.fingerprints (hash, article_id, seen_on)
SELECT
  CASE WHEN k = 0 AND n %% 100 = 0 THEN 42
  ELSE hashint8extended((CASE WHEN n %% 4 = 0 THEN n - 1 ELSE n END) * 64 + k, 7) END,
  -n,
  DATE '2026-02-01' + (n %% 59)::int
FROM generate_series(%s::bigint, %s::bigint) AS n, generate_series(0, %s) AS k
"""
SIZE = """
SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c
JOIN pg_inherits AS i ON i.inhrelid = c.oid WHERE i.inhparent = 'ingest.fingerprints'::regclass
"""


def main() -> None:
    """Run and print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, nargs="*", default=[10_000, 1_000_000])
    options = parser.parse_args()
    with gzip.open(options.corpus, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    began = time.process_time()
    for one in documents:
        signature.of(one["text"])
    print(f"signature: {_each(time.process_time() - began, documents)} ms of CPU an article")
    with local_web.database() as place:
        asyncio.run(_all(place, options.articles, documents))


async def _all(place: Any, sizes: Sequence[int], documents: Sequence[Any]) -> None:
    async with connected(place.url, connections=4) as db:
        for month in (1, 2, 3):
            day = datetime(2026, month, 1, tzinfo=UTC).date()
            await rows(db, "SELECT ingest.make_fingerprint_month(%s)", day)
        held = 0
        for round_number, size in enumerate(sizes):
            await _fill(db, held, size)
            held = size
            some = documents[round_number :: len(sizes)]
            print(f"{size:,} articles: {await _measured(db, place, round_number, some)}")


async def _fill(db: Database, held: int, size: int) -> None:
    async with db.session() as session:
        for start in range(held + 1, size + 1, 100_000):
            last = min(start + 99_999, size)
            await session.connection.execute(POSTINGS, (start, last, HASHES - 1))
        await session.connection.execute("VACUUM ANALYZE ingest.fingerprints")
        await session.connection.execute("CHECKPOINT")


async def _measured(db: Database, place: Any, round_number: int, documents: Sequence[Any]) -> str:
    texts = [
        StoryText(
            id=n, url=f"https://r{round_number}.example/{n}", title=one["title"], text=one["text"]
        )
        for n, one in enumerate(documents)
    ]
    await arrive(db, texts, at=NOW + timedelta(minutes=round_number))
    lookup, insert = await _queries(db)
    before, began = local_web.spent(place), time.perf_counter()
    while await flow.publish(db):
        pass
    wall = time.perf_counter() - began
    spent = local_web.spent(place).since(before)
    held = await value(db, "SELECT count(DISTINCT article_id) FROM ingest.fingerprints")
    size = await value(db, SIZE)
    return (
        f"ours {_each(spent.process, texts)}, Postgres {_each(spent.server, texts)} ms of CPU, "
        f"{_each(wall, texts)} ms of wall an article; lookup {lookup:.2f}, insert {insert:.2f} ms "
        f"of wall; {int(size / held):,} bytes of fingerprints an article"
    )


async def _queries(db: Database) -> tuple[float, float]:
    """Wall milliseconds an article of the lookup and the insert, undone afterwards."""
    times = {"lookup": 0.0, "insert": 0.0}
    async with db.transaction() as tx:
        batch = await publishing.batch(tx)
        began = time.perf_counter()
        await publishing.make_findable(tx, batch)
        times["insert"] = time.perf_counter() - began
        for _ in range(3):
            began = time.perf_counter()
            await publishing.hash_matches(tx, batch, flow.SEARCH)
            times["lookup"] = time.perf_counter() - began
        await tx.connection.execute("DELETE FROM ingest.fingerprints WHERE article_id > 0")
    return 1000 * times["lookup"] / len(batch), 1000 * times["insert"] / len(batch)


def _each(seconds: float, articles: Sequence[object]) -> str:
    return f"{1000 * seconds / len(articles):.2f}"


if __name__ == "__main__":
    main()
