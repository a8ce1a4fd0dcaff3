"""Replay is exact: the same recordings give the same rows, whoever reads them and how often."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from pipeline.storage import embedded
from tests.jobs.world import World, replayed_into

if TYPE_CHECKING:
    from pipeline.storage.embedded import Server
    from tests.jobs.shell import Shell

Rows = dict[str, list[str]]


@pytest.fixture(scope="module")
def rows(replayed: World) -> Rows:
    """Every row of the seeds as the command stored them."""
    return replayed.snapshot()


@pytest.fixture(scope="module")
def copy(server: Server, rows: Rows) -> World:
    """Another database with the same rows."""
    assert rows
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE replay_copy TEMPLATE {}").format(
                sql.Identifier(embedded.REPLAY)
            )
        )
    return World(server.url("replay_copy"))


def _tables(folder: Path) -> list[str]:
    """The index's tables as text, each with the comments above it."""
    head, *tables = (folder / "recordings.toml").read_text("utf-8").split("[[recording]]\n")
    assert len(tables) > 50
    assert "url" not in head
    return [f"[[recording]]\n{table}" for table in tables]


def _folder(seeds: Path, folder: Path, tables: list[str]) -> Path:
    """A seeds folder with these tables and all bodies."""
    for bodies in ("feeds", "pages"):
        shutil.copytree(seeds / bodies, folder / bodies)
    (folder / "recordings.toml").write_text("".join(tables), "utf-8")
    return folder


def test_snapshot_covers_what_was_stored(rows: Rows) -> None:
    filled = {table for table, texts in rows.items() if texts}
    assert {
        "articles",
        "article_state",
        "article_urls",
        "bodies",
        "entries",
        "feeds",
        "feed_state",
        "fetches",
        "fingerprints_2026_03",
        "hosts",
        "polls",
        "publications",
        "revisions",
        "search",
        "signatures",
        "stories",
        "story_links",
    } <= filled
    assert len(rows["articles"]) == 27


def test_fresh_database_gets_the_same_rows(server: Server, rows: Rows, root: Path) -> None:
    url = embedded.create(server, "replay_fresh")
    assert replayed_into(url, [root / "seeds"]).snapshot() == rows


def test_more_processes_give_the_same_rows(server: Server, rows: Rows, root: Path) -> None:
    url = embedded.create(server, "replay_processes")
    assert replayed_into(url, [root / "seeds"], processes=2).snapshot() == rows


def test_order_of_the_recordings_does_not_matter(
    server: Server, rows: Rows, root: Path, tmp_path: Path
) -> None:
    tables = _tables(root / "seeds")
    random.Random(7).shuffle(tables)  # noqa: S311 - no secret
    shuffled = _folder(root / "seeds", tmp_path / "shuffled", tables)
    url = embedded.create(server, "replay_shuffled")
    assert replayed_into(url, [shuffled]).snapshot() == rows


def test_seeds_may_be_split_into_folders(
    server: Server, rows: Rows, root: Path, tmp_path: Path
) -> None:
    tables = _tables(root / "seeds")
    odd = _folder(root / "seeds", tmp_path / "odd", tables[::2])
    even = _folder(root / "seeds", tmp_path / "even", tables[1::2])
    url = embedded.create(server, "replay_split")
    assert replayed_into(url, [even, odd]).snapshot() == rows


def test_replay_onto_the_same_database_changes_no_row(
    shell: Shell, copy: World, rows: Rows, root: Path
) -> None:
    assert copy.snapshot() == rows
    ran = shell.run("replay", str(root / "seeds"), "--json", DATABASE_URL=copy.url)
    assert ran.code == 0, ran.err
    assert copy.snapshot() == rows
    assert ran.json["totals"] == [
        {
            "feeds": 13,
            "polls": 31,
            "entries": 30,
            "articles": 21,
            "revisions": 22,
            "stories": 19,
            "failures": 8,
        }
    ]


TWICE = """
[[recording]]
url = "https://harbour.example/feed.xml"
at = 2026-03-02T08:00:00Z
feed = true
status = 429
headers = { retry-after = "7200" }

[[recording]]
url = "https://harbour.example/feed.xml"
at = 2026-03-02T09:00:00Z
feed = true
file = "feed.xml"
"""
POLLS = "SELECT polled_at, outcome, reason FROM news.polls ORDER BY polled_at"


def test_recorded_feed_is_polled_at_its_moment_whatever_its_host_asked_for(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "recordings.toml").write_text(TWICE, "utf-8")
    (tmp_path / "feed.xml").write_text("<rss version='2.0'><channel/></rss>", "utf-8")
    world = replayed_into(embedded.create(server, "replay_held"), [tmp_path])
    assert world.rows(POLLS) == [
        (datetime(2026, 3, 2, 8, tzinfo=UTC), "failed", "rate_limited"),
        (datetime(2026, 3, 2, 9, tzinfo=UTC), "changed", None),
    ]


def test_replay_after_one_that_was_killed_polls_what_that_one_held(
    server: Server, shell: Shell, root: Path
) -> None:
    url = embedded.create(server, "replay_killed")
    world = replayed_into(url, [root / "seeds"])
    expected = world.value("SELECT count(*) FROM news.polls")
    only = world.value("SELECT feed_id FROM ingest.feeds WHERE url LIKE '%%guildhall-review%%'")
    world.rows("DELETE FROM ingest.polls WHERE feed_id = %s", only)
    world.rows(
        "UPDATE ingest.feed_state SET lease_token = gen_random_uuid(),"
        " due_at = '2026-03-02 09:01Z' WHERE feed_id = %s",
        only,
    )
    assert world.leases() == 1
    ran = shell.run("replay", str(root / "seeds"), DATABASE_URL=url)
    assert ran.code == 0, ran
    assert (world.leases(), world.value("SELECT count(*) FROM news.polls")) == (0, expected)


CPU_SECONDS = 3.0  # in place of ten
STOPPED_SECONDS = CPU_SECONDS + 1.0


def test_replay_gives_the_same_rows_where_workers_get_no_turn(
    rows: Rows, empty_url: str, root: Path
) -> None:
    """A busy machine in the extreme: now and then no worker runs for longer than a task's limit."""
    over = threading.Event()
    stops = threading.Thread(target=_stop_workers, args=(over,))
    stops.start()
    try:
        world = replayed_into(empty_url, [root / "seeds"], processes=2, cpu_seconds=CPU_SECONDS)
    finally:
        over.set()
        stops.join()
    assert world.snapshot() == rows


def _stop_workers(over: threading.Event) -> None:
    """Stop the workers of this process twice, for longer than their tasks may compute."""
    for _ in range(2):
        while not (workers := _workers()) and not over.wait(0.05):
            pass
        over.wait(0.3)
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
        over.wait(STOPPED_SECONDS)
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


def _workers() -> list[int]:
    children = Path(f"/proc/{os.getpid()}/task")
    listed = " ".join(path.read_text() for path in children.glob("*/children")).split()
    named = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in listed}
    return [pid for pid, name in named.items() if b"spawn_main" in name]
