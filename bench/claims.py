"""Measure claims of due feeds and articles: 10 k rows against 1 M, in one run.

    PYTHONPATH=. python bench/claims.py FOLDER [--sizes 10000 1000000] [--rounds 25]

An embedded server is started in FOLDER (with DATABASE_URL set, databases are made on that server
instead) and each size gets a database of its own with the real schema and invented rows: four
feeds and four articles a host, a platform with a share of all, and a host with a thousand. For
each shape of the queue, rounds alternate between the sizes; each round is one claim of 100 hosts,
its plan with times (EXPLAIN ANALYZE, rolled back), and the completion: polls that brought nothing
new, and the hosts given back. What was claimed is due again, last in the queue, for the next round.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from pipeline import persist
from pipeline.decide import Same
from pipeline.model import DueFeed, Response
from pipeline.storage import embedded, hosts, leases, pages, polls, schema
from pipeline.storage.database import connected, sql_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import DueArticle
    from pipeline.storage.database import Database

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOSTS = 100  # hosts that a claim may take
WRITTEN = 50  # claimed feeds of a round whose poll is written; the rest is given back
ROUND = timedelta(seconds=5)

# Of every 20 items one is the platform's (at 10 k: four), the next 1,000 are the big host's, the
# rest are spread over hosts of four. Numbers that look random, and are the same in each run, come
# from a multiplication.
FILL = """
INSERT INTO ingest.hosts (host, next_request_at)
SELECT DISTINCT bench_host(n, %(size)s), %(now)s::timestamptz - interval '1 day'
FROM generate_series(1, %(size)s) AS n;

INSERT INTO ingest.feeds (url, url_digest, state, added_at)
SELECT url, sha256(url::bytea), 'active', %(now)s
FROM (
  SELECT n, format('https://%%s/%%s.xml', bench_host(n, %(size)s), n) AS url
  FROM generate_series(1, %(size)s) AS n
  ORDER BY n
) AS feeds;

INSERT INTO ingest.feed_urls (url_digest, url, feed_id, seen_at)
SELECT url_digest, url, feed_id, added_at FROM ingest.feeds;

INSERT INTO ingest.feed_state (
  feed_id, host, due_at, due_reason, etag, last_modified, body_sha256, last_polled_at, poll_interval
)
SELECT feed_id, split_part(url, '/', 3), %(later)s, 'interval', '"' || md5(url) || '"',
  'Mon, 02 Mar 2026 08:00:00 GMT', url_digest, %(now)s, interval '1 hour'
FROM ingest.feeds;

INSERT INTO ingest.articles (url, url_key, url_digest, site, first_seen_at)
SELECT url, url, sha256(url::bytea), 'example', %(now)s
FROM (
  SELECT n, format('https://%%s/%%s.html', bench_host(n, %(size)s), n) AS url
  FROM generate_series(1, %(size)s) AS n
  ORDER BY n
) AS articles;

INSERT INTO ingest.article_state (article_id, host, stage, outcome, due_at)
SELECT article_id, split_part(url, '/', 3), 'recheck', 'stored', %(later)s
FROM ingest.articles;
"""
HOST = """
CREATE FUNCTION bench_host(n bigint, size bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN n <= greatest(size / 20, 2000) THEN 'platform.example'
    WHEN n <= greatest(size / 20, 2000) + 1000 THEN 'big.example'
    ELSE 'h' || (n * 7919 % (size / 4)) || '.example'
  END
$$
"""
CALM = """
TRUNCATE ingest.polls, ingest.fetches CASCADE;
UPDATE ingest.{table} SET due_at = %(later)s, lease_token = NULL
WHERE due_at <> %(later)s OR lease_token IS NOT NULL;
UPDATE ingest.hosts SET next_request_at = %(now)s::timestamptz - interval '1 day',
  hold_reason = NULL, leased_until = NULL, lease_token = NULL
WHERE next_request_at <> %(now)s::timestamptz - interval '1 day' OR lease_token IS NOT NULL;
"""
# Due for up to an hour, in an order that has nothing to do with that of the numbers.
DUE = """
UPDATE ingest.{table} AS s
SET due_at = %(now)s::timestamptz - interval '1 hour' * (((s.{key} * 7919) %% 100000) / 1e5)
WHERE {which};
"""
# Held and cooling hosts are so for hours: far beyond the rounds.
HELD = "UPDATE ingest.hosts SET next_request_at = %(later)s WHERE {which};"
ONE_IN_101 = "s.host NOT IN ('platform.example', 'big.example') AND s.{key} %% 101 = 7"
LAST = "s.{key} > (SELECT max(t.{key}) - LAST FROM ingest.{table} AS t)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A state of the queue; conditions on its rows `s` and on hosts."""

    name: str
    due: str
    held: str | None = None


SHAPES = (
    Shape(name="a: 50 are due", due=LAST.replace("LAST", "50")),
    Shape(name="b: 1 % is due", due=ONE_IN_101),
    Shape(name="c: everything is due", due="true"),
    Shape(
        name="d: 50 are due, and all of a held platform",
        due="s.host = 'platform.example' OR " + LAST.replace("LAST", "50"),
        held="host = 'platform.example'",
    ),
    Shape(
        name="e: 1,000 hosts with one due, one with 1,000",
        due="s.host = 'big.example' OR " + LAST.replace("LAST", "1000"),
    ),
    Shape(name="f: 1 % is due, all hosts cool down", due=ONE_IN_101, held="true"),
    Shape(
        name="g: everything is due, a tenth of the hosts held",
        due="true",
        held="abs(hashtext(host)) %% 10 = 1",
    ),
)
TABLES = {"feeds": ("feed_state", "feed_id"), "articles": ("article_state", "article_id")}


@dataclass(slots=True, kw_only=True)
class Measured:
    """Milliseconds of each round; `taken` is how many items of how many hosts were claimed."""

    walls: list[float] = field(default_factory=list)
    plans: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Place:
    """A filled database, and what was measured in it by line and shape."""

    size: int
    url: str
    now: datetime = NOW
    measured: dict[tuple[str, str], Measured] = field(default_factory=dict)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--shapes", default="abcdefg")
    parser.add_argument("--keep", action="store_true", help="use databases of an earlier run")
    options = parser.parse_args()
    places = [_place(options.folder, size, keep=options.keep) for size in options.sizes]
    shapes = [shape for shape in SHAPES if shape.name[0] in options.shapes]
    asyncio.run(_measure(places, shapes, options.rounds))


def _place(folder: Path, size: int, *, keep: bool) -> Place:
    name = f"bench_claims_{size}"
    server = os.environ.get("DATABASE_URL") or embedded.start(folder).url("postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if not keep or not known:
            drop, create = "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"
            for statement in (drop, create):
                connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
    url = psycopg.conninfo.make_conninfo(server, dbname=name)
    if not keep or not known:
        started = time.monotonic()
        schema.migrate(url)
        with psycopg.connect(url) as connection:
            connection.execute("SET LOCAL synchronous_commit = off")
            connection.execute(HOST.encode())
            _run(connection, FILL, size=size)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
        print(f"{size:,} rows filled in {time.monotonic() - started:.0f} s", flush=True)
    return Place(size=size, url=url)


def _run(connection: psycopg.Connection[Any], statements: str, **names: object) -> None:
    values = {"now": NOW, "later": NOW + timedelta(days=1), **names}
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.execute(statement.encode(), values)


def _shape(place: Place, line: str, shape: Shape) -> None:
    """Bring the queue of a line into a shape, and nothing else is due."""
    with psycopg.connect(place.url, autocommit=True) as connection:
        for table, key in TABLES.values():
            _run(connection, CALM.format(table=table, key=key))
        table, key = TABLES[line]
        which = shape.due.format(table=table, key=key)
        _run(connection, DUE.format(table=table, key=key, which=which))
        if shape.held:
            _run(connection, HELD.format(which=shape.held))
        connection.execute("VACUUM ANALYZE ingest.hosts")
        connection.execute(sql.SQL("VACUUM ANALYZE ingest.{}").format(sql.Identifier(table)))


async def _measure(places: Sequence[Place], shapes: Sequence[Shape], rounds: int) -> None:
    print(_row("line, shape", "rows", "taken", "claim ms", "server ms", "ms a poll written"))
    async with AsyncExitStack() as stack:
        # One connection each, kept: its statements are prepared, as in the service.
        pools = [await stack.enter_async_context(connected(p.url, connections=1)) for p in places]
        for line in TABLES:
            for shape in shapes:
                for place in places:
                    _shape(place, line, shape)
                for _ in range(rounds):
                    for place, db in zip(places, pools, strict=True):
                        await _round(place, db, line, shape.name)
                for place in places:
                    _report(place, line, shape.name)


async def _round(place: Place, db: Database, line: str, shape: str) -> None:
    """Claim, complete, make due again; then see the plan of the next claim."""
    place.now += ROUND
    claim = polls.claim if line == "feeds" else pages.claim
    measured = place.measured.setdefault((line, shape), Measured())
    started = time.monotonic()
    claimed = await claim(db, **_terms(place.now))
    measured.walls.append((time.monotonic() - started) * 1e3)
    measured.taken.add((len(claimed), len({item.host for item in claimed})))
    started = time.monotonic()
    written = await _write(db, claimed[:WRITTEN], place.now)
    if written:
        measured.writes.append((time.monotonic() - started) * 1e3 / written)
    await leases.give_back(db, claimed[written:], now=place.now)
    for item in {item.host: item for item in claimed}.values():
        at = place.now + timedelta(seconds=1)
        await hosts.release(db, item.host, item.lease_token, next_request_at=at)
    with psycopg.connect(place.url, autocommit=True) as connection:
        _due_again(connection, line, claimed, place.now)
        measured.plans.append(_planned(connection, line, place.now + ROUND))


def _terms(now: datetime) -> dict[str, Any]:
    return {"now": now, "due_by": now, "hosts": HOSTS, "token": uuid.uuid4()}


async def _write(db: Database, claimed: Sequence[DueFeed | DueArticle], now: datetime) -> int:
    """Write polls that brought nothing new; return how many (articles are only given back)."""
    for item in claimed:
        if not isinstance(item, DueFeed):
            return 0
        answer = Response(url=item.url, status=304, fetched_at=now)
        same = Same(response=answer, outcome="not_modified")
        await persist.write_poll(db, item, same, draw=0.5)
    return len(claimed)


def _due_again(
    connection: psycopg.Connection[Any],
    line: str,
    claimed: Sequence[DueFeed | DueArticle],
    now: datetime,
) -> None:
    table, key = TABLES[line]
    update = "UPDATE ingest.{} SET due_at = %s WHERE {} = ANY (%s)"
    query = sql.SQL(update).format(sql.Identifier(table), sql.Identifier(key))
    connection.execute(query, [now, [getattr(item, key) for item in claimed]])


def _planned(connection: psycopg.Connection[Any], line: str, now: datetime) -> float:
    """Milliseconds of the server for a claim, which is rolled back."""
    query = (sql_folder() / "queries" / f"claim_due_{line}.sql").read_bytes()
    with connection.transaction(force_rollback=True):
        values = leases.values(_terms(now))
        found = connection.execute(b"EXPLAIN (ANALYZE, FORMAT JSON) " + query, values).fetchone()
    return float(found[0][0]["Execution Time"]) if found else 0.0


def _report(place: Place, line: str, shape: str) -> None:
    measured = place.measured[line, shape]
    taken = {f"{items} of {owned}" for items, owned in measured.taken}
    print(
        _row(
            f"{line}, {shape}",
            f"{place.size:,}",
            min(taken) if len(taken) == 1 else f"{min(taken)} .. {max(taken)}",
            *(f"{statistics.median(times):.2f}" for times in (measured.walls, measured.plans)),
            f"{statistics.median(measured.writes):.2f}" if measured.writes else "",
        ),
        flush=True,
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
