"""A captured folder, replayed elsewhere, comes to what the service came to."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.storage import embedded, schema
from pipeline.web import recorded_web
from tests.jobs.site import NEWS, Answer, Site, page
from tests.jobs.world import World, replayed_into

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.storage.embedded import Server
    from tests.jobs.shell import Ran, Shell

LOCAL = {
    "BROADSHEET_ALLOW_NETS": "127.0.0.0/8",
    "BROADSHEET_HOST_INTERVAL_SECONDS": "0",
    "BROADSHEET_WORKERS": "1",
}
# What people see of each article, and of each that is none; order and times are those of a run.
OUTCOMES = """
SELECT a.url, s.outcome, s.reason, a.revision_count, r.title, r.text
FROM ingest.articles AS a
JOIN ingest.article_state AS s USING (article_id)
LEFT JOIN ingest.revisions AS r ON r.article_id = a.article_id AND r.is_current
ORDER BY a.url
"""
POLLS = "SELECT outcome, status, seen, new, rejected, reason FROM news.polls ORDER BY polled_at"


def _build(site: Site) -> str:
    """A feed with pages of every sort: good, moved, broken, cut, walled off, behind robots.txt."""
    cookie = {"Set-Cookie": "reader=secret-cookie"}
    site.put_news("harbour", "orchard")
    site.put("/news/orchard", Answer(body=page("orchard"), headers=cookie))
    site.put("/news/broken", Answer(status=500, body="Oh dear."))
    site.put("/news/cut", Answer(body=page("quarry")[:300], promised=len(page("quarry"))))
    site.put("/news/private", Answer(body=page("kitchen")))
    site.put("/news/old", Answer(status=301, headers={"Location": "/news/older"}))
    site.put("/news/older", Answer(status=302, headers={"Location": "/news/tramway"}))
    site.put("/news/tramway", Answer(body=page("tramway")))
    site.put("/robots.txt", Answer(body="User-agent: *\nDisallow: /news/private\n"))
    names = ["harbour", "orchard", "broken", "cut", "private", "old", "missing"]
    return site.put_feed("/feed.xml", [f"{site.url}/news/{name}" for name in names], etag='"f-1"')


@pytest.fixture(scope="module")
def site(sites: Callable[[], Site]) -> Site:
    made = sites()
    _build(made)
    return made


@pytest.fixture(scope="module")
def captured(
    shell: Shell, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Ran, Path, list[str]]:
    """What the command said, the folder it made, and what the site was asked."""
    folder = tmp_path_factory.mktemp("captured") / "incident"
    before = len(site.paths())
    ran = shell.run("capture", f"{site.url}/feed.xml", str(folder), "--json", **LOCAL)
    return ran, folder, site.paths(before)


@pytest.fixture(scope="module")
def live(shell: Shell, site: Site, server: Server) -> World:
    """What the service makes of the same site."""
    url = embedded.create(server, "live_of_capture")
    schema.migrate(url)
    world = World(url)
    world.add_feeds(f"{site.url}/feed.xml")
    ran = shell.run("once", DATABASE_URL=url, **LOCAL)
    assert ran.code == 0, ran.err
    return world


def _recordings(folder: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads((folder / "recordings.toml").read_text())["recording"])


def test_each_address_is_asked_once_and_robots_txt_is_heeded(
    captured: tuple[Ran, Path, list[str]],
) -> None:
    ran, _, asked = captured
    assert ran.code == 0, ran.err
    assert sorted(asked) == [
        "/feed.xml",
        "/news/broken",
        "/news/cut",
        "/news/harbour",
        "/news/missing",
        "/news/old",
        "/news/older",
        "/news/orchard",
        "/news/tramway",
        "/robots.txt",
    ]
    assert ran.json == {"recordings": 10, "pages": 7, "refused": 1, "missing": 0, "error": None}


def test_redirects_statuses_and_failures_are_recorded_one_by_one(
    captured: tuple[Ran, Path, list[str]], site: Site
) -> None:
    _, folder, _ = captured
    told = {
        one["url"].removeprefix(site.url): (
            one.get("status", 200),
            one.get("error"),
            one.get("headers", {}).get("location"),
            one.get("feed", False),
        )
        for one in _recordings(folder)
    }
    assert told == {
        "/feed.xml": (200, None, None, True),
        "/news/broken": (500, None, None, False),
        "/news/cut": (200, "truncated_transfer", None, False),
        "/news/harbour": (200, None, None, False),
        "/news/missing": (404, None, None, False),
        "/news/old": (301, None, "/news/older", False),
        "/news/older": (302, None, "/news/tramway", False),
        "/news/orchard": (200, None, None, False),
        "/news/tramway": (200, None, None, False),
        "/robots.txt": (200, None, None, False),
    }


def test_no_cookie_is_recorded(captured: tuple[Ran, Path, list[str]]) -> None:
    _, folder, _ = captured
    assert "secret-cookie" not in (folder / "recordings.toml").read_text()
    assert '"etag" = "\\"f-1\\""' in (folder / "recordings.toml").read_text()


def test_replay_comes_to_what_the_service_came_to(
    captured: tuple[Ran, Path, list[str]], live: World, empty_url: str
) -> None:
    _, folder, _ = captured
    replayed = replayed_into(empty_url, [folder])
    outcomes = live.rows(OUTCOMES)
    assert replayed.rows(OUTCOMES) == outcomes
    assert replayed.rows(POLLS) == live.rows(POLLS)
    assert {(outcome, reason) for _, outcome, reason, *_ in outcomes} == {
        ("stored", None),
        ("failed", "http_5xx"),
        ("failed", "http_4xx"),
        ("failed", "truncated_transfer"),
        ("failed", "robots"),
    }
    assert NEWS["tramway"][0] in {title for *_, title, _ in outcomes}
    assert replayed.broken() == {}


def test_what_the_service_kept_replays_to_the_same(
    shell: Shell, live: World, empty_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "night"
    ran = shell.run(
        "capture", "--from-database", "1", str(folder), "--json", DATABASE_URL=live.url, **LOCAL
    )
    assert ran.code == 0, ran.err
    assert ran.json["missing"] == 0
    replayed = replayed_into(empty_url, [folder])
    assert replayed.rows(OUTCOMES) == live.rows(OUTCOMES)
    assert replayed.rows(POLLS) == live.rows(POLLS)


def test_body_that_was_pruned_is_said(
    shell: Shell, captured: tuple[Ran, Path, list[str]], empty_url: str, tmp_path: Path
) -> None:
    world = replayed_into(empty_url, [captured[1]])
    world.rows(
        "DELETE FROM ingest.bodies AS b USING ingest.fetches AS f"
        " WHERE f.body_sha256 = b.body_sha256 AND f.url LIKE '%%/harbour'"
    )
    ran = shell.run(
        "capture", "--from-database", "1", str(tmp_path / "night"), DATABASE_URL=empty_url
    )
    assert ran.code == 1
    assert "1 answer missing: pruned" in ran.err
    assert "/harbour" not in (tmp_path / "night" / "recordings.toml").read_text()


def test_feed_of_which_nothing_is_kept_is_refused(
    shell: Shell, database_url: str, tmp_path: Path
) -> None:
    folder = str(tmp_path / "night")
    ran = shell.run("capture", "--from-database", "1", folder, DATABASE_URL=database_url)
    assert (ran.code, ran.out) == (2, "")
    assert "nothing is kept of a feed 1" in ran.err


def test_feed_that_cannot_be_read_is_recorded_all_the_same(
    shell: Shell, sites: Callable[[], Site], empty_url: str, tmp_path: Path
) -> None:
    site = sites()
    site.put("/feed.xml", Answer(body="<html><body>Back soon.</body></html>"))
    ran = shell.run("capture", f"{site.url}/feed.xml", str(tmp_path / "down"), **LOCAL)
    assert ran.code == 1
    assert "the feed could not be read: not_a_feed" in ran.err
    replayed = replayed_into(empty_url, [tmp_path / "down"])
    assert replayed.rows("SELECT outcome, reason FROM news.polls") == [("failed", "not_a_feed")]


def test_folder_with_something_in_it_is_refused(shell: Shell, site: Site, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    before = len(site.paths())
    ran = shell.run("capture", f"{site.url}/feed.xml", str(tmp_path), **LOCAL)
    assert (ran.code, site.paths(before)) == (2, [])
    assert "is not empty: give a new folder" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["harbour"], "give the address of a feed", id="no address"),
        pytest.param(["--from-database", "x7"], "'x7' is no number of a feed", id="no number"),
    ],
)
def test_what_names_no_feed_is_refused(
    cli: Callable[..., Ran], tmp_path: Path, arguments: list[str], said: str, database_url: str
) -> None:
    ran = cli("capture", *arguments, str(tmp_path / "new"), "--database-url", database_url)
    assert ran.code == 2
    assert said in ran.err


def test_seeds_folder_that_was_written_can_be_read(
    captured: tuple[Ran, Path, list[str]], site: Site
) -> None:
    _, folder, _ = captured
    recorded = recorded_web.load([folder])
    assert recorded.feeds() == (f"{site.url}/feed.xml",)
    assert len(recorded.moments()) == 1
