"""Pausing, resuming, removing and setting feeds from the command line."""

from __future__ import annotations

import getpass
import io
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import typer

from jobs.commands import orders
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.jobs.shell import Ran

A, B, C = (f"https://{name}.example/feed" for name in ("alder", "birch", "cedar"))
STATES = "SELECT feed_id, state, due_at IS NOT NULL FROM ingest.feeds JOIN ingest.feed_state USING (feed_id) ORDER BY 1"
SECRET = "hunter2-hunter2"  # noqa: S105 - invented


@pytest.fixture
def world(database_url: str) -> World:
    """Three feeds, 1 to 3, of which none was polled."""
    found = World(database_url)
    for address in (A, B, C):
        found.add_feeds(address)
    return found


@pytest.fixture
def feeds(cli: Callable[..., Ran], world: World) -> Callable[..., Ran]:
    """Runs `broadsheet feeds ...` on the three feeds."""
    return lambda *arguments: cli("feeds", *arguments, DATABASE_URL=world.url)


def test_feeds_are_paused_and_resumed(feeds: Callable[..., Ran], world: World) -> None:
    ran = feeds("pause", "1", "3", "1")
    assert (ran.code, ran.out, ran.err) == (0, "", "feed 1 paused\nfeed 3 paused\n")
    assert world.rows(STATES) == [(1, "paused", False), (2, "active", True), (3, "paused", False)]
    assert world.broken() == {}
    ran = feeds("resume", "3")
    assert (ran.code, ran.err) == (0, "feed 3 resumed\n")
    assert world.rows(STATES)[2] == (3, "active", True)


@pytest.mark.parametrize("order", ["pause", "resume", "remove"])
def test_unknown_numbers_are_1_and_the_others_done(
    feeds: Callable[..., Ran], world: World, order: str
) -> None:
    world.rows("UPDATE ingest.feeds SET state = 'merged', merged_into = 2 WHERE feed_id = 1")
    world.rows("UPDATE ingest.feed_state SET due_at = NULL WHERE feed_id = 1")
    feeds("remove", "3")
    ran = feeds(order, "4711", "1", "3", "2")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.split("\n") == [
        f"feed 2 {order.removesuffix('e')}ed",
        "there is no feed 4711: 'broadsheet feeds list' shows those there are",
        "feed 1 is the same as feed 2: use that number",
        f"feed 3 was removed: 'broadsheet feeds add {C}' brings it back",
        "",
    ]


def test_removed_feed_is_not_shown_or_listed(feeds: Callable[..., Ran]) -> None:
    assert feeds("remove", "1").err == "feed 1 removed\n"
    ran = feeds("show", "1")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"feed 1 was removed: 'broadsheet feeds add {A}' brings it back\n"
    assert [feed["id"] for feed in feeds("list", "--json").json] == [2, 3]


CHOICES = (
    "SELECT given_title, category, every_seconds, fetch_pages FROM ingest.feeds WHERE feed_id = 1"
)


@pytest.mark.parametrize(
    ("options", "row"),
    [
        (["--every", "30m"], (None, None, 1800.0, None)),
        (["--every", "1h30m", "--every", "1d"], (None, None, 86400.0, None)),
        (["--pages", "no"], (None, None, None, False)),
        (["--pages", "yes"], (None, None, None, True)),
        (["--title", " The\nAlder "], ("The Alder", None, None, None)),
        (["--category", "/News / Europe"], (None, "News/Europe", None, None)),
    ],
    ids=str,
)
def test_settings_are_set_and_taken_back(
    feeds: Callable[..., Ran], world: World, options: list[str], row: tuple[object, ...]
) -> None:
    ran = feeds("set", "1", *options)
    assert (ran.code, ran.out, ran.err) == (0, "", "feed 1 set\n")
    assert world.rows(CHOICES) == [row]
    back = ["--every", "default", "--pages", "default", "--title", "", "--category", ""]
    assert feeds("set", "1", *back).code == 0
    assert world.rows(CHOICES) == [(None, None, None, None)]


def test_setting_nothing_is_2_and_no_feed_is_1(feeds: Callable[..., Ran]) -> None:
    ran = feeds("set", "1")
    assert (ran.code, "nothing to set" in ran.err) == (2, True)
    ran = feeds("set", "4711", "--title", "T")
    assert (ran.code, ran.err.startswith("there is no feed 4711: ")) == (1, True)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("60s", timedelta(minutes=1)),
        ("1m", timedelta(minutes=1)),
        ("90m", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
        ("30d", timedelta(days=30)),
        ("default", None),
    ],
)
def test_duration(written: str, expected: timedelta | None) -> None:
    assert orders.duration(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "30",
        "m",
        "59s",
        "31d",
        "720h1s",
        "1.5h",
        "-1h",
        "1 h",
        "\u0661h",
        "9999999d" * 9,
        "9" * 30 + "d",
    ],
)
def test_what_is_no_duration(written: str) -> None:
    with pytest.raises(typer.BadParameter):
        orders.duration(written)


def test_bad_duration_is_2(feeds: Callable[..., Ran]) -> None:
    ran = feeds("set", "1", "--every", "soon")
    assert (ran.code, "no duration such as 30m" in ran.err) == (2, True)


HEADERS = "SELECT headers FROM ingest.feed_headers WHERE feed_id = 1"


def test_headers_are_set_one_by_one_and_taken_back(
    feeds: Callable[..., Ran], world: World, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text(f"{SECRET}\n")
    assert feeds("set", "1", "--header", "x-api-KEY=one", "--header", "Cookie=a=b").code == 0
    assert feeds("set", "1", "--header", f"X-Api-Key=@{key}").code == 0
    assert world.values(HEADERS) == [{"X-Api-Key": SECRET, "Cookie": "a=b"}]
    assert feeds("set", "1", "--header", "COOKIE=", "--header", "X-Never=").code == 0
    assert world.values(HEADERS) == [{"X-Api-Key": SECRET}]
    assert feeds("set", "1", "--header", "x-api-key=").code == 0
    assert world.values(HEADERS) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--header", "Host=a.example"], "belongs to the connection"),
        (["--header", "Content-Length="], "belongs to the connection"),
        (["--header", "X-Key"], "write K=V"),
        (["--header", f"X-Key={SECRET}\nHost: b"], "cannot be sent"),
        (["--header", "X Key=v"], "no name of a header"),
        (["--header", "X-Key=@/nowhere/to/be/found"], "cannot read"),
        (["--auth", "a:b", "--password-file", "{file}"], "a name with a colon"),
        (["--auth", "desk", "--password-file", "/nowhere/to/be/found"], "cannot read"),
        (["--password-file", "{file}"], "goes with --auth"),
        (["--auth", "", "--password-file", "{file}"], "goes with --auth"),
        (["--auth", "desk"], "give --password-file FILE"),
        (["--auth", "", "--header", "authorization=x"], "give one"),
    ],
    ids=str,
)
def test_header_that_cannot_be_set_is_2_and_not_repeated(
    feeds: Callable[..., Ran], world: World, tmp_path: Path, options: list[str], says: str
) -> None:
    file = tmp_path / "password"
    file.write_text(SECRET)
    ran = feeds("set", "1", *(option.format(file=file) for option in options))
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert SECRET not in ran.err
    assert world.values(HEADERS) == []


def test_password_is_read_from_a_file(
    feeds: Callable[..., Ran], world: World, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2\n")
    ran = feeds("set", "1", "--auth", "desk", "--password-file", str(file))
    assert (ran.code, ran.err) == (0, "feed 1 set\n")
    assert world.values(HEADERS) == [{"Authorization": "Basic ZGVzazpodW50ZXIy"}]
    assert feeds("set", "1", "--auth", "").code == 0
    assert world.values(HEADERS) == []


def test_password_is_asked_for_at_a_terminal(
    feeds: Callable[..., Ran], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _: "hunter2")
    assert feeds("set", "1", "--auth", "desk").code == 0
    assert world.values(HEADERS) == [{"Authorization": "Basic ZGVzazpodW50ZXIy"}]


def test_only_names_of_headers_are_shown(
    feeds: Callable[..., Ran], cli: Callable[..., Ran], world: World
) -> None:
    said = [feeds("set", "1", "--header", f"X-Key={SECRET}", "--header", "Cookie=" + SECRET)]
    said += [feeds("show", "1"), feeds("show", "1", "--json"), feeds("list"), feeds("export")]
    said += [cli("failures", "list", DATABASE_URL=world.url)]
    assert said[2].json["headers"] == ["Cookie", "X-Key"]
    assert "Cookie, X-Key" in said[1].out
    assert SECRET not in "".join(ran.out + ran.err for ran in said)
    views = world.values("SELECT viewname FROM pg_views WHERE schemaname = 'news'")
    assert SECRET not in "".join(str(world.rows(f"SELECT * FROM news.{view}")) for view in views)  # noqa: S608 - names of the catalog
