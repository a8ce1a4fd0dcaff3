"""The replay command: what it prints, and folders and databases that it refuses."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.jobs.shell import Ran

FEED = """\
[[recording]]
url = "https://news.example/feed.xml"
at = 2026-03-02T08:00:00Z
feed = true
file = "feed.xml"
"""
PAGE = """\
[[recording]]
url = "https://news.example/page"
at = 2026-03-02T08:00:00Z
"""
COUNT = "-At -c 'SELECT count(*) FROM news.articles'"
SECOND = "recordings.toml: recording 2 (https://news.example/page): "

BAD = [
    # (id, index, what the message says)
    ("wrong name", FEED.replace("[[recording]]", "[[recordings]]"), "'recordings': answers are"),
    (
        "twice",
        FEED + FEED,
        "https://news.example/feed.xml is recorded twice at 2026-03-02T08:00:00Z",
    ),
    ("not TOML", "[[recording", "cannot read"),
    ("no array", 'recording = "none"', "'recording' must be an array of tables: [[recording]]"),
    ("no feed", PAGE, "hold no feed: mark at least one with 'feed = true'"),
    ("empty", "", "hold no feed"),
    ("missing body", FEED + PAGE + 'file = "page.html"', SECOND + "the file"),
    ("unknown key", FEED + PAGE + 'stat = "200"', SECOND + "unknown key 'stat'"),
    ("status too low", FEED + PAGE + "status = 99", SECOND + "'status' must be a number"),
    ("status as text", FEED + PAGE + 'status = "200"', SECOND + "'status' must be a number"),
    ("headers as text", FEED + PAGE + 'headers = "x"', SECOND + "'headers' must be a table"),
    ("header a number", FEED + PAGE + "headers = {age = 3}", SECOND + "'headers' must be"),
    ("unknown error", FEED + PAGE + 'error = "tired"', SECOND + "'error' must be one of"),
    (
        "time without zone",
        FEED + PAGE.replace("00Z", "00"),
        SECOND + "'at' must be a time with its zone, such as 2026-03-02T08:00:00Z",
    ),
    (
        "time as text",
        FEED + PAGE.replace("2026-03-02T08:00:00Z", '"Monday"'),
        SECOND + "'at' must be a time",
    ),
    (
        "no time",
        FEED + PAGE.replace("at = 2026-03-02T08:00:00Z\n", ""),
        SECOND + "'at' must be a time",
    ),
    (
        "no address",
        FEED + "[[recording]]\nat = 2026-03-02T08:00:00Z",
        "recording 2 (without url): 'url' must be an http or https address",
    ),
    (
        "no web address",
        FEED + PAGE.replace("https:", "ftp:"),
        "'url' must be an http or https address",
    ),
]


@pytest.fixture
def live_url(database_url: str) -> str:
    """A database in which live work was done."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO ingest.hosts (host, next_request_at) VALUES ('news.example', now())"
        )
    return database_url


@pytest.mark.parametrize(("index", "says"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_fault_in_the_seeds_is_2_before_any_database_is_touched(
    cli: Callable[..., Ran], tmp_path: Path, closed_url: str, index: str, says: str
) -> None:
    seeds = tmp_path / "broken"
    seeds.mkdir()
    (seeds / "feed.xml").write_text("<rss/>")
    (seeds / "recordings.toml").write_text(index)
    ran = cli("replay", str(seeds), DATABASE_URL=closed_url)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert str(seeds) in ran.err or says.startswith(("hold no feed", "https://"))
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_folder_without_an_index_is_2(
    cli: Callable[..., Ran], tmp_path: Path, closed_url: str, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    ran = cli("replay", str(tmp_path / name), DATABASE_URL=closed_url)
    assert ran.code == 2
    assert ran.err == (
        f"broadsheet: {tmp_path / name} is no seeds folder: it has no recordings.toml\n"
    )


def test_index_in_place_of_its_folder_is_2(
    cli: Callable[..., Ran], root: Path, closed_url: str
) -> None:
    ran = cli("replay", str(root / "seeds" / "recordings.toml"), DATABASE_URL=closed_url)
    assert ran.code == 2
    assert ran.err.endswith(f"is the index of a seeds folder: give the folder {root / 'seeds'}\n")


def test_fault_in_the_second_folder_stops_the_first(
    cli: Callable[..., Ran], tmp_path: Path, root: Path, closed_url: str
) -> None:
    ran = cli("replay", str(root / "seeds"), str(tmp_path), DATABASE_URL=closed_url)
    assert ran.code == 2
    assert str(tmp_path) in ran.err


def test_replay_into_live_work_is_2_and_writes_nothing(
    cli: Callable[..., Ran], live_url: str, root: Path
) -> None:
    world = World(live_url)
    before = world.snapshot()
    ran = cli("replay", str(root / "seeds"), DATABASE_URL=live_url)
    assert (ran.code, ran.out) == (2, "")
    assert "is a database for live work" in ran.err
    assert "or say --into-live" in ran.err
    assert world.snapshot() == before


def test_report_shows_what_was_stored_and_what_failed(replay: Ran) -> None:
    assert replay.code == 0
    assert replay.err.startswith("replayed 7 moments in ")
    for title in ("Stored (last published first)", "Told by more than one", "Failed, by reason"):
        assert title in replay.out
    totals = replay.out[replay.out.index("In the database now") :]
    numbers = [line.split() for line in totals.splitlines() if line.strip()[:1].isdigit()]
    # feeds, polls, entries, articles, revisions, stories, failures: as seeds/README.md tells.
    assert numbers == [["13", "31", "30", "21", "22", "19", "8"]]


def test_printed_line_queries_the_database(replay: Ran) -> None:
    _, _, line = replay.out.rpartition("Query it:\n")
    assert line.count("\n") == 1
    done = subprocess.run(  # noqa: S602 - what a person pastes into a shell
        f"{line.strip()} {COUNT}",
        shell=True,
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.returncode, done.stdout) == (0, "21\n")


def test_json_report_is_the_same_as_data(
    cli: Callable[..., Ran], tmp_path: Path, empty_url: str
) -> None:
    (tmp_path / "feed.xml").write_text("<html><body>Closed for repairs.</body></html>")
    (tmp_path / "recordings.toml").write_text(FEED)
    ran = cli("replay", str(tmp_path), "--json", DATABASE_URL=empty_url)
    assert ran.code == 0
    report = json.loads(ran.out)
    assert (report["articles"], report["stories"]) == ([], [])
    assert [(row["kind"], row["reason"]) for row in report["failures"]] == [("feed", "not_a_feed")]
    assert (report["totals"][0]["feeds"], report["totals"][0]["polls"]) == (1, 1)
    assert World(empty_url).values("SELECT purpose FROM ingest.purpose") == ["replay"]


def test_replay_into_live_leaves_the_database_live_when_told_so(
    cli: Callable[..., Ran], tmp_path: Path, live_url: str
) -> None:
    (tmp_path / "feed.xml").write_text("no feed")
    (tmp_path / "recordings.toml").write_text(FEED)
    ran = cli("replay", str(tmp_path), "--into-live", DATABASE_URL=live_url)
    assert ran.code == 0
    world = World(live_url)
    assert world.values("SELECT url FROM news.feeds") == ["https://news.example/feed.xml"]
    assert world.values("SELECT purpose FROM ingest.purpose") == ["live"]
