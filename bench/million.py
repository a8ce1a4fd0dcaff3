"""What people ask of a year of news: the same at a million articles as at ten thousand.

    python bench/million.py [--articles 1000000] [--folder FOLDER] [--buffers 1GB] [--follow 60]

Fills two embedded databases (10,000 articles, and `--articles`; see million.sql) in a temporary
folder, or keeps them in `--folder` and finds them there the next time: 11 GB and 12 minutes a
million. Then it prints medians, warm, over one connection: what readers ask, the real code's
writing and publishing of batches in both, by turns and by statement, and the memory of an export.
Last, a reader follows change_seq of the smaller one while four writers and a publisher work, and is
compared with news.articles. `--buffers` is the shared_buffers of the server: how much of a million
it holds is most of what is slower there than among ten thousand.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import math
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

from pipeline import persist
from pipeline.storage import embedded, hosts, schema
from pipeline.storage.database import Session, connected
from tests.pipeline.storage import builders
from tests.pipeline.storage.following import Copy, Work

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pipeline.model import DueArticle
    from pipeline.storage.database import Database
    from pipeline.storage.embedded import Server

FILL = Path(__file__).with_name("million.sql")
SMALL = 10_000
ROUNDS = 9
WARMING = 10  # batches before those that count: the server's memory fills with what they write to
BATCH = 100
START = datetime(2026, 3, 2, tzinfo=UTC)
# Which database (by its place) and step are at work, and what their statements took, in seconds.
AT_WORK: ContextVar[tuple[int, str]] = ContextVar("AT_WORK", default=(0, "begin"))
SPENT: defaultdict[tuple[int, str, str], float] = defaultdict(float)

INDEXES = """
SELECT pg_relation_filepath(c.oid) FROM pg_class AS c
WHERE c.relnamespace = 'ingest'::regnamespace AND c.relkind = 'i'
"""
ASKED = {
    "latest 50 articles": "SELECT * FROM news.articles ORDER BY published_at DESC NULLS LAST, article_id DESC LIMIT 50",
    "one site's day": "SELECT * FROM news.articles WHERE site = 'n7.example' AND published_at >= '2026-02-01Z' AND published_at < '2026-02-02Z'",
    "one story with members": "SELECT * FROM news.stories JOIN news.articles AS a USING (story_id) WHERE story_id = 7777",
    "search, rare word": "SELECT * FROM news.search('unique7777')",
    "search, word of 500": "SELECT * FROM news.search('theme7')",
    "search, word of all": "SELECT * FROM news.search('newsroom')",
    "search, word of all, one day": "SELECT * FROM news.search('newsroom', since => '2026-01-01Z', until => '2026-01-02Z')",
    "search, word of all, one site": "SELECT * FROM news.search('newsroom', site => 'n7.example')",
    "feed health": "SELECT * FROM news.feeds ORDER BY failure_streak DESC",
    "next 1,000 by change_seq": "SELECT * FROM news.articles WHERE change_seq > 9000 ORDER BY change_seq LIMIT 1000",
}  # fmt: skip


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--buffers", help="shared_buffers, such as 128MB; else the server's own")
    parser.add_argument("--follow", type=float, default=60.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        server = _started(folder, options.buffers)
        try:
            urls = [_filled(server, count) for count in (SMALL, options.articles)]
            for count, url in zip((SMALL, options.articles), urls, strict=True):
                _ask(count, url)
            for url in urls:
                _read_ahead(folder, url)
            asyncio.run(_write(urls))
            _export(urls[-1])
            asyncio.run(_follow(_copy(server, f"articles_{SMALL}"), options.follow))
        finally:
            embedded.stop(folder)


def _started(folder: Path, buffers: str | None) -> Server:
    """Start the server with so much memory of its own for pages."""
    server = embedded.start(folder)
    if buffers:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET shared_buffers = '{buffers}'".encode())
        embedded.stop(folder)
        server = embedded.start(folder)
    return server


def _filled(server: Server, count: int) -> str:
    name = f"articles_{count}"
    if embedded.exists(server, name):
        return server.url(name)
    began = time.monotonic()
    url = embedded.create(server, f"{name}_filling", anew=True)
    schema.migrate(url)
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SELECT set_config('million.articles', %s, false)", (str(count),))
        connection.execute(FILL.read_bytes())
        connection.execute("VACUUM ANALYZE")
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name}_filling RENAME TO {name}".encode())
    print(f"{count} articles filled in {time.monotonic() - began:.0f} s")
    return server.url(name)


def _copy(server: Server, name: str) -> str:
    """Make a copy of a database, so that it stays as it was filled."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(b"DROP DATABASE IF EXISTS followed")
        connection.execute(f"CREATE DATABASE followed TEMPLATE {name}".encode())
    return server.url("followed")


def _ask(count: int, url: str) -> None:
    print(f"\nof {count} articles, milliseconds: median ({ROUNDS} rounds), rows")
    with psycopg.connect(url, autocommit=True) as connection:
        for name, query in ASKED.items():
            taken = []
            for _ in range(ROUNDS + 2):
                began = time.perf_counter()
                rows = connection.execute(query.encode()).fetchall()
                taken.append((time.perf_counter() - began) * 1000)
            print(f"  {name:<32}{median(taken[2:]):7.1f}  {len(rows)}")


def _read_ahead(folder: Path, url: str) -> None:
    """Let the machine's memory hold the indexes, as it does where they are in use: 2 GB a million."""
    with psycopg.connect(url) as connection:
        found = connection.execute(INDEXES).fetchall()
    for (path,) in found:
        for part in (folder / "postgres").glob(f"{path}*"):
            part.read_bytes()


async def _write(urls: Sequence[str]) -> None:
    """Store and publish batches in each database by turns; the first is the measure."""
    _time_statements()
    async with AsyncExitStack() as stack:
        dbs = [await stack.enter_async_context(connected(url, connections=1)) for url in urls]
        stored: list[list[float]] = [[] for _ in dbs]
        published: list[list[float]] = [[] for _ in dbs]
        for db in dbs:
            await builders.publish(db)
        for turn in range(-WARMING, ROUNDS):
            if turn == 0:  # what a checkpoint makes dearer is part of the measure
                await builders.execute(dbs[0], "CHECKPOINT")
                SPENT.clear()
            for place, db in enumerate(dbs):
                taken = await _batch(db, f"{time.time_ns()}-{turn}", place)
                stored[place].append(taken[0])
                published[place].append(taken[1])
        buffers = await builders.value(dbs[0], "SHOW shared_buffers")
    print(f"\nmilliseconds an article ({ROUNDS} batches of {BATCH}), shared_buffers {buffers}")
    for name, taken in (("stored", stored), ("published", published)):
        _compare(name, *(median(times[WARMING:]) * 1000 / BATCH for times in taken))
    print("of these, on average")
    for step, name in dict.fromkeys((step, name) for _, step, name in SPENT):
        spent = (SPENT[place, step, name] * 1000 / BATCH / ROUNDS for place in range(len(dbs)))
        _compare(f"{step} {name}", *spent)


def _compare(name: str, small: float, large: float) -> None:
    print(f"  {name:<32}{small:8.3f}{large:8.3f}  ratio {large / small:.2f}")


def _time_statements() -> None:
    """Let every statement of the real code add its seconds to SPENT."""
    for kind in ("rows", "run", "values"):
        setattr(Session, kind, _timed(getattr(Session, kind)))


def _timed(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def timed(session: Session, *values: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return await method(session, *values, **named)
        finally:
            SPENT[(*AT_WORK.get(), values[-1])] += time.perf_counter() - began

    return timed


async def _batch(db: Database, name: str, place: int) -> tuple[float, float]:
    links = [builders.item(f"https://w{n}.example/{name}") for n in range(BATCH)]
    AT_WORK.set((place, "poll"))
    await builders.poll(db, *links, at=START, url=f"https://feed-{name}.example/")
    AT_WORK.set((place, "claim"))
    claimed = await builders.claim_articles(db, at=START, hosts=BATCH)
    reads = [builders.page_read(due.url, _text(due.url)) for due in claimed]
    AT_WORK.set((place, "store"))
    began = time.perf_counter()
    for due, read in zip(claimed, reads, strict=True):
        await persist.write_page(db, due, read, draw=0.5)
    stored = time.perf_counter() - began
    AT_WORK.set((place, "publish"))
    began = time.perf_counter()
    await builders.publish(db)
    published = time.perf_counter() - began
    AT_WORK.set((place, "give back"))
    await _give_back(db, claimed, START)
    return stored, published


def _text(seed: str) -> str:
    """A text of 330 words of the list that million.sql draws from, in paragraphs."""
    draws = random.Random(seed)  # noqa: S311 - no secret
    numbers = (int(math.exp(draws.random() * math.log(20_001))) for _ in range(330))
    words = [_word(number) for number in numbers]
    return "\n".join(" ".join(words[n : n + 41]).capitalize() + "." for n in range(0, 330, 41))


def _word(number: int) -> str:
    spelled = hashlib.md5(f"word{number}".encode(), usedforsecurity=False).hexdigest()
    return spelled[: 4 + number % 6].translate(str.maketrans("0123456789", "aeioustlnr"))


async def _give_back(db: Database, claimed: Sequence[DueArticle], at: datetime) -> None:
    for due in claimed:
        await hosts.release(db, due.host, due.lease_token, next_request_at=at)


def _export(url: str) -> None:
    program = str(Path(sys.executable).parent / "broadsheet")
    for kind in ("jsonl", "csv", "parquet"):
        with tempfile.NamedTemporaryFile() as file:
            command = [program, "export", "--format", kind, "--output", file.name]
            began = time.monotonic()
            with subprocess.Popen([*command, "--database-url", url]) as process:  # noqa: S603 - ours
                most = _peak_mb(process)
            size = Path(file.name).stat().st_size
            print(
                f"export {kind}: {time.monotonic() - began:.0f} s, {size / 1e9:.2f} GB, "
                f"at most {most:.0f} MB resident"
            )


def _peak_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the most memory that the process had resident; its rusage counts its parent too."""
    status, most = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                most = max(most, int(line.split()[1]))
        time.sleep(0.1)
    return most / 1024


async def _follow(url: str, seconds: float) -> None:
    copy = Copy()
    async with connected(url, connections=8) as db:
        work = Work(db, datetime.now(UTC))
        async with work.going_on():
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                if not await copy.catch_up(db):
                    await asyncio.sleep(0.01)
        await builders.publish(db)
        while await copy.catch_up(db):
            pass
        true = {row[0]: row for row in await builders.rows(db, "SELECT * FROM news.articles")}
    print(f"\nfollowed for {seconds:.0f} s: {work.written} pages written, last number {copy.last}")
    print(f"the copy has {len(copy.rows)} rows, news.articles {len(true)}")
    if copy.rows != true:
        raise SystemExit("the copy differs")


if __name__ == "__main__":
    main()
