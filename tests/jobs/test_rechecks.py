"""Pages that change, seen again and again: what is a revision, and what never takes a text's place."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

import pytest

from pipeline.web.recorded_web import INDEX
from tests.jobs.site import NEWS
from tests.jobs.world import World, replayed_into

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://mill.example/feed.json"
PAGE = "https://mill.example/news/{}"
HTML = 'headers = { content-type = "text/html; charset=utf-8" }'
NOTICE = "This article has been retracted by the editors of this newspaper."


class Seeds:
    """A seeds folder in the making: one feed, at one moment, and what its pages answer when."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: list[str] = []
        self._names: list[str] = []

    def page(self, name: str, body: str, *, after: timedelta = timedelta()) -> None:
        """A page as it is so long after the feed showed it."""
        if name not in self._names:
            self._names.append(name)
        file = f"{len(self._tables)}.html"
        (self._folder / file).write_text(body)
        self._add(PAGE.format(name), after, HTML, f'file = "{file}"')

    def answer(self, name: str, status: int, *, after: timedelta) -> None:
        """An answer without a body."""
        self._add(PAGE.format(name), after, f"status = {status}")

    def replayed(self, url: str) -> World:
        """Write the folder and replay it."""
        items = [{"id": name, "url": PAGE.format(name)} for name in self._names]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Mill", "items": items}
        (self._folder / "feed.json").write_text(json.dumps(feed))
        self._add(FEED, timedelta(), "feed = true", 'file = "feed.json"')
        (self._folder / INDEX).write_text("\n".join(self._tables))
        return replayed_into(url, [self._folder])

    def _add(self, url: str, after: timedelta, *lines: str) -> None:
        at = (START + after).isoformat().replace("+00:00", "Z")
        self._tables.append(
            "\n".join(["[[recording]]", f'url = "{url}"', f"at = {at}", *lines, ""])
        )


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    return Seeds(tmp_path)


def written(
    headline: str,
    paragraphs: list[str],
    *,
    above: str = "",
    below: str = "",
    head: str = "",
    amid: str = "",
) -> str:
    """A page; `above` and `below` are what surrounds the article, `amid` stands in its text."""
    first, *rest = [f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs]
    text = "\n".join([first, amid, *rest])
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(headline)}</title>'
        f"{head}</head><body>{above}<article><h1>{escape(headline)}</h1>{text}</article>{below}</body></html>"
    )


def story(name: str) -> tuple[str, list[str]]:
    headline, *paragraphs = NEWS[name]
    return headline, paragraphs


REVISIONS = "SELECT revision, change_kind, title FROM news.revisions ORDER BY article_id, revision"


def test_three_versions_are_three_revisions(seeds: Seeds, empty_url: str) -> None:
    headline, paragraphs = story("harbour")
    seeds.page("harbour", written(headline, paragraphs[:2]))
    seeds.page("harbour", written(headline, paragraphs), after=2 * HOUR)
    seeds.page("harbour", written("Blue crane goes to the melt", paragraphs), after=7 * HOUR)
    world = seeds.replayed(empty_url)
    assert world.rows(REVISIONS) == [
        (1, "first", headline),
        (2, "substantive", headline),
        (3, "headline", "Blue crane goes to the melt"),
    ]
    assert world.value("SELECT text FROM news.articles") == "\n".join(paragraphs)
    assert world.broken() == {}


ADVERT = "<div class='ad-slot'>Advertisement</div><aside class='ad'><p>Buy {} boots at once, only today.</p></aside>"
LINKS = (
    "<section class='related'><h3>Related stories</h3><ul>"
    + "".join(
        f"<li><a href='/news/{{0}}-{n}'>Another story, number {{0}}-{n}</a></li>" for n in range(5)
    )
    + "</ul></section>"
)
# What surrounds the text of fifty pages at the look number {}.
CHROME = {
    "adverts": {"above": ADVERT, "below": ADVERT},
    "related links": {"below": LINKS},
    "stamp in the text": {"amid": "<p>Last updated: 2 March 2026, 1{}:05</p>"},
    "link in the text": {"amid": "<p>Related: <a href='/x{}'>Another story, number {}</a></p>"},
    "comment count": {"below": "<div class='comments'><a href='#c'>{} comments</a></div>"},
    "share counter": {"above": "<div class='share'>Shared {}21 times</div>"},
    "stamp": {"above": "<p class='updated'>Updated {} minutes ago</p>"},
    "clock": {
        "above": "<header><p>Monday 2 March 2026, {}:05</p><nav><a href='/'>Home</a></nav></header>"
    },
    "most read": {
        "below": "<aside class='most-read'><ol><li><a href='/x{}'>Most read {}</a></li></ol></aside>"
    },
    "modified": {"head": "<meta property='article:modified_time' content='2026-03-02T1{}:00:00Z'>"},
}


def test_fifty_pages_that_change_their_surroundings_only_have_one_revision_each(
    seeds: Seeds, empty_url: str
) -> None:
    names = [(kind, story_name) for kind in CHROME for story_name in list(NEWS)[:5]]
    assert len(names) == 50
    for after, number in ((0, 1), (2, 3), (8, 7)):
        for kind, name in names:
            around = {place: html.format(number, number) for place, html in CHROME[kind].items()}
            address = f"{name}-{kind.replace(' ', '-')}"
            headline, paragraphs = story(name)
            own = [f"{paragraph} ({kind})" for paragraph in paragraphs]
            seeds.page(address, written(headline, own, **around), after=after * HOUR)
    world = seeds.replayed(empty_url)
    assert world.value("SELECT count(*) FROM news.articles") == 50
    # Each was fetched anew three times, and read.
    assert world.value("SELECT count(*) FROM news.fetches WHERE article_id IS NOT NULL") == 150
    more = "SELECT url, revision_count FROM news.articles WHERE revision_count <> 1 ORDER BY url"
    assert world.rows(more) == []


def test_looks_go_on_while_the_text_changes(seeds: Seeds, empty_url: str) -> None:
    headline, paragraphs = story("orchard")
    for hours in (0, 1, 6, 24, 72):
        new = [*paragraphs, *(f"At {n} o'clock it froze again." for n in range(hours))]
        seeds.page("orchard", written(headline, new), after=hours * HOUR)
    seeds.page("orchard", written(headline, ["Too late to be seen."]), after=100 * HOUR)
    world = seeds.replayed(empty_url)
    looks = world.values(
        "SELECT fetched_at FROM news.fetches WHERE article_id IS NOT NULL ORDER BY fetched_at"
    )
    assert looks == [START + hours * HOUR for hours in (0, 1, 6, 24, 72)]
    assert world.value("SELECT revision_count FROM news.articles") == 5


def test_text_that_rests_is_left_alone_after_two_looks(seeds: Seeds, empty_url: str) -> None:
    for hours in (0, 1, 6, 24, 72):
        seeds.page("quarry", written(*story("quarry")), after=hours * HOUR)
    world = seeds.replayed(empty_url)
    assert world.value("SELECT count(*) FROM news.fetches WHERE article_id IS NOT NULL") == 3
    assert world.rows("SELECT stage, due_at FROM ingest.article_state") == [("done", None)]


@pytest.mark.parametrize("status", [404, 410])
def test_page_that_is_gone_changes_its_state_only(
    seeds: Seeds, empty_url: str, status: int
) -> None:
    headline, paragraphs = story("tramway")
    seeds.page("tramway", written(headline, paragraphs))
    seeds.answer("tramway", status, after=2 * HOUR)
    world = seeds.replayed(empty_url)
    seen = "SELECT title, text, page_state, revision_count FROM news.articles"
    assert world.rows(seen) == [(headline, "\n".join(paragraphs), "gone", 1)]
    assert world.values("SELECT reason FROM news.failures WHERE kind = 'article'") == []


WALL = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",'
    ' "headline": "Keeper\'s log found behind lighthouse stove", "isAccessibleForFree": false}</script>'
)
# The beginning of a text that is not free; long enough to be kept where there is no better one.
BEGUN = [
    "Painters at the Skarv lighthouse have found a log behind a stove that was not moved since 1911.",
    "It was wrapped in sailcloth and lay between two bricks, which had kept it dry for all that time.",
    "The painters were about to mend the chimney. They called the parish, and the parish came at once.",
]
LINKS_ONLY = "".join(f"<li><a href='/n{n}'>Another headline, number {n}</a></li>" for n in range(9))
LESS = {
    "paywall": (
        "live",
        None,
        written(*story("lighthouse")[:1], story("lighthouse")[1][:1], head=WALL),
    ),
    "teaser": ("live", None, written(*story("lighthouse")[:1], BEGUN, head=WALL)),
    "beginning without a word": (
        "live",
        None,
        written(*story("lighthouse")[:1], story("lighthouse")[1][:1]),
    ),
    "soft_404": (
        "gone",
        "soft_404",
        written("Page not found", ["Sorry, the page you asked for is not here."]),
    ),
    "soft_404 by its class": (
        "gone",
        "soft_404",
        f"<html><body class='error404'><h1>Ojoj</h1><p>{BEGUN[1]}</p></body></html>",
    ),
    "consent_wall": (
        "live",
        "consent_wall",
        written("Before you continue", ["We value your privacy. Accept all cookies to go on."]),
    ),
    "bot_wall": (
        "live",
        "bot_wall",
        (
            "<html><head><title>Skarv</title></head><body><script>window._cf_chl_opt={}</script>"
            f"<p>{BEGUN[1]}</p></body></html>"
        ),
    ),
    "listing": ("live", "listing", f"<html><body><ul>{LINKS_ONLY}</ul></body></html>"),
    "listing with a text": (
        "live",
        None,
        f"<html><body class='archive'><h1>Coast</h1><p>{BEGUN[1]}</p></body></html>",
    ),
    "no_text": ("live", "no_text", "<html><body><div id='root'></div></body></html>"),
}


@pytest.mark.parametrize(("state", "reason", "body"), LESS.values(), ids=list(LESS))
def test_lesser_page_never_takes_the_place_of_a_text(
    seeds: Seeds, empty_url: str, state: str, reason: str | None, body: str
) -> None:
    headline, paragraphs = story("lighthouse")
    seeds.page("lighthouse", written(headline, paragraphs))
    seeds.page("lighthouse", body, after=2 * HOUR)
    world = seeds.replayed(empty_url)
    seen = "SELECT title, text, page_kind, page_state, revision_count FROM news.articles"
    assert world.rows(seen) == [(headline, "\n".join(paragraphs), "article", state, 1)]
    looks = "SELECT reason FROM news.fetches WHERE article_id IS NOT NULL ORDER BY fetched_at"
    assert world.values(looks) == [None, reason]
    assert world.broken() == {}


def test_text_that_says_it_is_withdrawn_is_a_retraction(seeds: Seeds, empty_url: str) -> None:
    headline, paragraphs = story("kitchen")
    seeds.page("kitchen", written(headline, paragraphs))
    reason = "The sums it named were wrong, and those named in it had not been asked about them."
    seeds.page("kitchen", written(headline, [NOTICE, reason]), after=2 * HOUR)
    world = seeds.replayed(empty_url)
    assert world.values("SELECT change_kind FROM news.revisions ORDER BY revision") == [
        "first",
        "retraction",
    ]


def test_late_answer_stands_in_its_place_and_replaces_nothing(
    tmp_path: Path, empty_url: str
) -> None:
    """The look of ten o'clock is replayed after that of two in the afternoon."""
    headline, paragraphs = story("harbour")
    folders = [tmp_path / name for name in ("first", "late")]
    for folder in folders:
        folder.mkdir()
    first = Seeds(folders[0])
    first.page("harbour", written(headline, paragraphs[:2]))
    first.page("harbour", written("Crane melts", paragraphs), after=6 * HOUR)
    world = first.replayed(empty_url)
    kinds = "SELECT revision, change_kind, title FROM news.revisions ORDER BY revision"
    assert [kind for _, kind, _ in world.rows(kinds)] == ["first", "substantive"]
    world.rows(
        "UPDATE ingest.article_state SET stage = 'recheck', due_at = '2026-03-02 09:30Z' RETURNING 1"
    )
    late = Seeds(folders[1])
    late.page("harbour", written(headline, paragraphs), after=2 * HOUR)
    late.replayed(empty_url)
    assert world.rows(kinds) == [
        (1, "first", headline),
        (2, "substantive", headline),
        (3, "headline", "Crane melts"),
    ]
    assert world.value("SELECT title FROM news.articles") == "Crane melts"
    assert world.broken() == {}
