"""Lists of feeds in and out: each line is a feed or told with its number, twice changes nothing."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from jobs import feed_import
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.jobs.shell import Ran, Shell

OPML = """\
<?xml version="1.0"?>
<opml version="2.0"><body>
<outline text="News">
  <outline text="Europe">
    <outline text="Alder &amp; Tarn" xmlUrl="https://alder.example/feed" htmlUrl="https://alder.example/"/>
    <outline text="no address" type="rss"/>
  </outline>
  <outline text="Fell" xmlUrl="https://desk:hunter2@fell.example/feed"/>
  <outline text="script" xmlUrl="javascript:alert(1)"/>
</outline>
<outline text="https://lone.example/feed" xmlUrl="https://lone.example/feed"/>
<outline text="again" xmlUrl="https://alder.example/feed"/>
</body></opml>
"""
FEEDS = "SELECT url, title, category, site_url FROM news.feeds ORDER BY url"


@pytest.fixture
def opml(tmp_path: Path) -> str:
    """A list with three feeds, one of them twice, and two outlines that are none."""
    path = tmp_path / "list.opml"
    path.write_text(OPML)
    return str(path)


def test_list_is_registered_and_nothing_asked(
    cli: Callable[..., Ran], database_url: str, opml: str
) -> None:
    ran = cli("feeds", "import", opml, DATABASE_URL=database_url)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        'line 6 "no address": a feed without xmlUrl\n'
        "line 9 \"script\": scheme javascript: 'javascript:alert(1)'\n"
        "3 added, 0 known, 2 bad, 1 named twice\n"
    )
    world = World(database_url)
    assert world.rows(FEEDS) == [
        ("https://alder.example/feed", "Alder & Tarn", "News/Europe", "https://alder.example/"),
        ("https://fell.example/feed", "Fell", "News", None),
        ("https://lone.example/feed", None, None, None),
    ]
    assert world.values("SELECT next_poll_reason FROM news.feeds") == ["new"] * 3
    headers = "SELECT url, headers FROM ingest.feed_headers JOIN ingest.feeds USING (feed_id)"
    assert world.rows(headers) == [
        ("https://fell.example/feed", {"Authorization": "Basic ZGVzazpodW50ZXIy"})
    ]
    assert world.broken() == {}


def test_second_import_changes_nothing(
    cli: Callable[..., Ran], database_url: str, opml: str
) -> None:
    cli("feeds", "import", opml, DATABASE_URL=database_url)
    world = World(database_url)
    before = world.snapshot()
    ran = cli("feeds", "import", "--json", opml, DATABASE_URL=database_url)
    assert ran.json == {
        "added": 0,
        "known": 3,
        "added_again": 0,
        "repeated": 1,
        "bad": [
            {"line": 6, "title": "no address", "reason": "a feed without xmlUrl"},
            {"line": 9, "title": "script", "reason": "scheme javascript: 'javascript:alert(1)'"},
        ],
    }
    assert world.snapshot() == before


def test_lists_longer_than_a_batch_are_registered_whole(
    cli: Callable[..., Ran],
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed_import, "BATCH", 7)
    path = tmp_path / "urls"
    path.write_text("".join(f"https://n{n}.example/feed\n" for n in range(30)))
    ran = cli("feeds", "import", str(path), DATABASE_URL=database_url)
    assert (ran.code, ran.err) == (0, "30 added, 0 known, 0 bad\n")
    assert World(database_url).value("SELECT count(*) FROM news.feeds") == 30


def test_dash_reads_stdin(
    cli: Callable[..., Ran], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"https://a.example/f # mine\n")))
    ran = cli("feeds", "import", "-", DATABASE_URL=database_url)
    assert (ran.code, ran.err) == (0, "1 added, 0 known, 0 bad\n")


def test_removed_feed_is_added_again(cli: Callable[..., Ran], database_url: str, opml: str) -> None:
    cli("feeds", "import", opml, DATABASE_URL=database_url)
    world = World(database_url)
    number = world.value("SELECT feed_id FROM news.feeds WHERE title = 'Fell'")
    assert cli("feeds", "remove", str(number), DATABASE_URL=database_url).code == 0
    ran = cli("feeds", "import", opml, DATABASE_URL=database_url)
    assert ran.err.endswith("0 added, 1 added again, 2 known, 2 bad, 1 named twice\n")
    assert world.value("SELECT category FROM news.feeds WHERE title = 'Fell'") == "News"
    assert world.broken() == {}


def test_many_bad_lines_are_not_all_said(
    cli: Callable[..., Ran], database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "urls"
    path.write_text("nothing\n" * 250)
    ran = cli("feeds", "import", "--json", str(path), DATABASE_URL=database_url)
    assert ran.code == 1
    assert ran.err.count("\n") == 102
    assert "and 150 more" in ran.err
    assert len(ran.json["bad"]) == 250


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "no feed in it"), (b"# none\n", "no feed in it"), (None, "cannot read")],
    ids=["empty", "comment", "missing"],
)
def test_file_that_is_no_list_is_2(
    cli: Callable[..., Ran], closed_url: str, tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "list"
    if content is not None:
        path.write_bytes(content)
    ran = cli("feeds", "import", str(path), DATABASE_URL=closed_url)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_file_that_is_too_long_is_2(
    cli: Callable[..., Ran], closed_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_import, "MOST_BYTES", 2**20)
    path = tmp_path / "list"
    path.write_bytes(b"#" * (2**20 + 1))
    ran = cli("feeds", "import", str(path), DATABASE_URL=closed_url)
    assert (ran.code, ran.err.endswith("is longer than 1 MB: give it in parts\n")) == (2, True)


def test_database_of_a_replay_takes_no_list(
    cli: Callable[..., Ran], replayed: World, opml: str
) -> None:
    ran = cli("feeds", "import", opml, DATABASE_URL=replayed.url)
    assert (ran.code, "holds a replay" in ran.err) == (2, True)


def test_export_imported_elsewhere_is_the_same_export(
    shell: Shell, cli: Callable[..., Ran], database_url: str, empty_url: str, opml: str
) -> None:
    cli("feeds", "import", opml, DATABASE_URL=database_url)
    first = shell.run("feeds", "export", DATABASE_URL=database_url)
    assert (first.code, first.err) == (0, "")
    assert "hunter2" not in first.out
    assert "ZGVzaz" not in first.out
    copy = shell.folder / "copy.opml"
    copy.write_text(first.out)
    assert cli("db", "migrate", DATABASE_URL=empty_url).code == 0
    assert cli("feeds", "import", str(copy), DATABASE_URL=empty_url).code == 0
    assert cli("feeds", "export", DATABASE_URL=empty_url).out == first.out
    assert World(empty_url).rows(FEEDS) == World(database_url).rows(FEEDS)


def test_export_writes_addresses_too(cli: Callable[..., Ran], database_url: str, opml: str) -> None:
    cli("feeds", "import", opml, DATABASE_URL=database_url)
    ran = cli("feeds", "export", "--format", "urls", DATABASE_URL=database_url)
    assert ran.out == (
        "https://alder.example/feed\nhttps://fell.example/feed\nhttps://lone.example/feed\n"
    )


def test_export_of_a_replay_can_be_read(cli: Callable[..., Ran], replayed: World) -> None:
    ran = cli("feeds", "export", "--format", "urls", "--replay")
    assert ran.out.count("\n") == replayed.value("SELECT count(*) FROM news.feeds")
