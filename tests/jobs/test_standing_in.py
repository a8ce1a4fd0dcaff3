"""Feeds that carry whole texts, and pages that show none: what stands in, and until when."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.web.recorded_web import INDEX
from tests.jobs.world import World, replayed_into

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://mill.example/feed.json"
PAGE = "https://mill.example/news/harbour"
SHELL = "<html><head><title>Mill</title></head><body><div id='root'></div></body></html>"
PARAGRAPHS = [
    "The old crane of the harbour was taken down on Monday, a hundred years after it was built.",
    "Its blue paint was known to sailors far out, who took their bearings from it in any weather.",
    "The steel goes to the melt, the council said, and the cabin goes to the museum of the town.",
]
IN_FEED = "\n".join(PARAGRAPHS)
MORE = "On Tuesday the driver of the crane told of forty years in the cabin above the water."
SEEN = "SELECT text, text_source, extractor, page_state, revision_count FROM news.articles"


def _page(paragraphs: list[str]) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        "<!DOCTYPE html><html lang='en'><head><title>Crane taken down</title></head>"
        f"<body><article><h1>Crane taken down</h1>{text}</article></body></html>"
    )


def _recorded(folder: Path, *answers: tuple[float, int, str], content: str = "") -> list[Path]:
    """A seeds folder: one feed with one entry, and its page's (hours, status, body)."""
    content = content or "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    item = {"id": "1", "url": PAGE, "title": "Crane taken down", "content_html": content}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Mill", "items": [item]}
    (folder / "feed.json").write_text(json.dumps(feed))
    tables = [f'[[recording]]\nurl = "{FEED}"\nat = {_at(0)}\nfeed = true\nfile = "feed.json"\n']
    for number, (hours, status, body) in enumerate(answers):
        (folder / f"{number}.html").write_text(body)
        tables.append(
            f'[[recording]]\nurl = "{PAGE}"\nat = {_at(hours)}\nstatus = {status}\n'
            f'headers = {{ content-type = "text/html; charset=utf-8" }}\nfile = "{number}.html"\n'
        )
    (folder / INDEX).write_text("\n".join(tables))
    return [folder]


def _at(hours: float) -> str:
    return (START + hours * HOUR).isoformat().replace("+00:00", "Z")


def _reasons(world: World) -> list[str | None]:
    return world.values("SELECT reason FROM news.fetches WHERE article_id IS NOT NULL ORDER BY 1")


@pytest.mark.parametrize(
    ("state", "reason", "answers"),
    [
        pytest.param("live", "no_text", [(0, 200, SHELL)], id="empty"),
        pytest.param("gone", "gone", [(0, 410, "gone")], id="410"),
        pytest.param("unreachable", "http_5xx", [(n, 500, "") for n in (0, 1, 2)], id="500"),
        pytest.param("gone", "http_4xx", [(n, 404, "") for n in (0, 10, 40)], id="404"),
    ],
)
def test_feed_stands_in_for_a_page_without_a_text(
    tmp_path: Path, empty_url: str, state: str, reason: str, answers: list[tuple[float, int, str]]
) -> None:
    world = replayed_into(empty_url, _recorded(tmp_path, *answers))
    assert world.rows(SEEN) == [(IN_FEED, "feed", "feed/1", state, 1)]
    assert set(_reasons(world)) == {reason}
    assert world.values("SELECT title FROM news.articles") == ["Crane taken down"]
    assert world.broken() == {}


@pytest.mark.parametrize(
    ("content", "answers"),
    [
        pytest.param("", [(0, 500, ""), (1, 500, "")], id="two-failures"),
        pytest.param("<p>The crane is down.</p>", [(0, 200, SHELL)], id="summary"),
    ],
)
def test_feed_does_not_stand_in_for_a_page_that_may_come_or_with_a_summary(
    tmp_path: Path, empty_url: str, content: str, answers: list[tuple[float, int, str]]
) -> None:
    world = replayed_into(empty_url, _recorded(tmp_path, *answers, content=content))
    assert world.rows(SEEN) == []
    assert world.values("SELECT count(*) FROM news.failures WHERE kind = 'article'") == [1]


@pytest.mark.parametrize(
    ("paragraphs", "revisions"),
    [
        pytest.param(PARAGRAPHS, ["first"], id="same-words"),
        pytest.param([*PARAGRAPHS, MORE], ["first", "substantive"], id="more"),
    ],
)
def test_page_that_comes_takes_the_place_of_the_feeds_text(
    tmp_path: Path, empty_url: str, paragraphs: list[str], revisions: list[str]
) -> None:
    folders = _recorded(tmp_path, (0, 200, SHELL), (2, 200, SHELL), (23, 200, _page(paragraphs)))
    world = replayed_into(empty_url, folders)
    ((text, source, extractor, state, _),) = world.rows(SEEN)
    assert (text, source, state) == ("\n".join(paragraphs), "page", "live")
    assert extractor != "feed/1"
    kinds = "SELECT change_kind FROM news.revisions ORDER BY revision"
    assert world.values(kinds) == revisions
    assert world.broken() == {}


def test_feeds_text_never_takes_the_place_of_the_pages(tmp_path: Path, empty_url: str) -> None:
    other = [*PARAGRAPHS, MORE]
    world = replayed_into(
        empty_url, _recorded(tmp_path, (0, 200, _page(other)), (2, 200, SHELL), (7, 410, ""))
    )
    ((text, source, _, state, revisions),) = world.rows(SEEN)
    assert (text, source, state, revisions) == ("\n".join(other), "page", "gone", 1)


def test_replay_met_again_changes_nothing(tmp_path: Path, empty_url: str) -> None:
    folders = _recorded(tmp_path, (0, 200, SHELL), (2, 200, SHELL))
    seen = replayed_into(empty_url, folders).rows(SEEN)
    again = replayed_into(empty_url, folders)
    assert again.rows(SEEN) == seen
    assert again.broken() == {}


def test_page_that_fails_twice_is_looked_at_until_it_is_back(
    tmp_path: Path, empty_url: str
) -> None:
    answers = [(0, 200, _page(PARAGRAPHS)), (1, 404, ""), (6, 500, "")]
    back = (24, 200, _page([*PARAGRAPHS, MORE]))
    world = replayed_into(empty_url, _recorded(tmp_path, *answers, back))
    ((text, _, _, state, revisions),) = world.rows(SEEN)
    assert (text, state, revisions) == ("\n".join([*PARAGRAPHS, MORE]), "live", 2)
