"""Rounds of work against a news site on loopback, by the installed command."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.storage import embedded, schema
from tests.jobs.site import NEWS, Answer, Site, carried, page, rss
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.storage.embedded import Server
    from tests.jobs.shell import Ran, Shell

LOCAL = {
    "BROADSHEET_ALLOW_NETS": "127.0.0.0/8",
    "BROADSHEET_HOST_INTERVAL_SECONDS": "0",
    "BROADSHEET_WORKERS": "1",
}
FRONT = """<html><head>
<link rel="alternate" type="application/rss+xml" href="/gone.xml">
<link rel="alternate" type="application/rss+xml" href="/weekly.xml">
</head></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command: how it ended, and what each site was asked meanwhile."""

    ran: Ran
    town: list[str]
    coast: list[str]
    validators: list[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Three commands, one after the other, and what is in the database then."""

    world: World
    town: Site
    coast: Site
    added: Step
    first: Step
    second: Step


@pytest.fixture(scope="module")
def new_world(server: Server) -> Callable[[str], World]:
    """Makes databases with the schema and nothing in it."""

    def make(name: str) -> World:
        url = embedded.create(server, name)
        schema.migrate(url)
        return World(url)

    return make


def _build(town: Site, coast: Site) -> None:
    """Two sites: one with a few pages, some of them broken; one that is busy at first."""
    good = town.put_news("harbour", "orchard", "tramway")
    town.put("/news/broken", Answer(status=500, body="Oh dear."))
    town.put("/news/cut", Answer(body=page("quarry")[:300], promised=len(page("quarry"))))
    town.put("/news/private", Answer(body=page("kitchen")))
    town.put("/robots.txt", Answer(body="User-agent: *\nDisallow: /news/private\n"))
    bad = [f"{town.url}/news/{name}" for name in ("broken", "cut", "private")]
    town.put_feed("/daily.xml", [*good[:2], *bad], etag='"daily-1"')
    town.put_feed("/weekly.xml", good[1:], etag='"weekly-1"', title="Plans that failed")
    town.put("/", Answer(body=FRONT))
    busy = Answer(status=503, headers={"Retry-After": "1"}, body="Too many readers.")
    feed = Answer(
        body=rss("Coast", coast.put_news("lighthouse")),
        headers={"Content-Type": "application/rss+xml"},
    )
    coast.put("/feed.xml", busy, feed)


@pytest.fixture(scope="module")
def rounds(shell: Shell, sites: Callable[[], Site], new_world: Callable[[str], World]) -> Rounds:
    """Feeds are added; one round; all are made due; another round."""
    town, coast, world = sites(), sites(), new_world("rounds")
    _build(town, coast)

    def step(*arguments: str) -> Step:
        before = len(town.log()), len(coast.log())
        ran = shell.run(*arguments, "--json", DATABASE_URL=world.url, **LOCAL)
        asked = town.log(before[0])
        return Step(
            ran=ran,
            town=[one.path for one in asked],
            coast=coast.paths(before[1]),
            validators=[one.headers.get("if-none-match") for one in asked],
        )

    addresses = [f"{town.url}/daily.xml", town.url, f"{coast.url}/feed.xml"]
    added = step("feeds", "add", "--all", *addresses)
    first = step("once")
    due = shell.run("poll", "--all", DATABASE_URL=world.url)
    assert (due.code, due.err) == (0, "3 feeds due now\n")
    second = step("once")
    return Rounds(world=world, town=town, coast=coast, added=added, first=first, second=second)


def test_adding_polls_each_feed_once_and_finds_the_feed_of_a_page(rounds: Rounds) -> None:
    added = rounds.added
    assert added.ran.code == 1, added.ran.err  # one feed did not answer yet; it is kept
    assert sorted(added.town[:2]) == ["/", "/daily.xml"]
    assert added.town[2:4] == ["/gone.xml", "/weekly.xml"]
    assert set(Counter(added.town).values()) == {1}
    assert added.coast == ["/feed.xml"]
    rows: list[dict[str, Any]] = added.ran.json
    assert [row["url"].rpartition("/")[2] for row in rows] == [
        "daily.xml",
        "weekly.xml",
        "feed.xml",
    ]
    assert all(row["feed_id"] for row in rows)
    assert rows[0]["message"] == "Feed /daily.xml: 5 entries"
    assert rows[1]["message"] == "Plans that failed: 2 entries"
    assert "rate_limited" in rows[2]["message"]
    # What the page names and is not there, and what was only guessed, is no feed.
    assert rounds.world.value("SELECT count(*) FROM ingest.feeds") == 3


def test_round_asks_robots_txt_once_and_each_page_once_and_no_feed_again(rounds: Rounds) -> None:
    assert rounds.first.ran.code == 0, rounds.first.ran.err
    assert Counter(rounds.first.town) == {
        "/robots.txt": 1,
        "/news/harbour": 1,
        "/news/orchard": 1,
        "/news/tramway": 1,
        "/news/broken": 1,
        "/news/cut": 1,
    }
    assert rounds.first.town[0] == "/robots.txt"
    assert rounds.first.coast == []


def test_round_prints_what_it_did(rounds: Rounds) -> None:
    assert rounds.first.ran.json == {
        "article failed (http_5xx)": 1,
        "article failed (robots)": 1,
        "article failed (truncated_transfer)": 1,
        "article published": 3,
        "article stored": 3,
    }
    assert rounds.first.ran.err == ""


def test_next_round_sends_the_validators_and_asks_for_no_page(rounds: Rounds) -> None:
    assert rounds.second.ran.code == 0, rounds.second.ran.err
    assert sorted(rounds.second.town) == ["/daily.xml", "/weekly.xml"]
    assert sorted(map(str, rounds.second.validators)) == ['"daily-1"', '"weekly-1"']
    assert rounds.second.ran.json == {
        "article published": 1,
        "article stored": 1,
        "poll changed": 1,
        "poll not_modified": 2,
    }


def test_server_that_was_busy_is_polled_when_it_is_due_again(rounds: Rounds) -> None:
    assert rounds.second.coast == ["/feed.xml", "/robots.txt", "/news/lighthouse"]
    polls = rounds.world.rows(
        "SELECT p.outcome, p.status, p.reason FROM news.polls AS p JOIN news.feeds AS f"
        " USING (feed_id) WHERE f.url = %s ORDER BY p.polled_at",
        f"{rounds.coast.url}/feed.xml",
    )
    assert polls == [("failed", 503, "rate_limited"), ("changed", 200, None)]


def test_articles_of_the_site_are_in_the_database(rounds: Rounds) -> None:
    stored = rounds.world.rows("SELECT title, text FROM news.articles ORDER BY title")
    wanted = (NEWS[name] for name in ("harbour", "orchard", "tramway", "lighthouse"))
    assert stored == sorted((title, "\n".join(text)) for title, *text in wanted)
    assert rounds.world.value("SELECT count(*) FROM news.entries") == 8


def test_nothing_is_held_and_every_rule_holds_after_the_rounds(rounds: Rounds) -> None:
    assert rounds.world.leases() == 0
    assert rounds.world.broken() == {}


def test_what_failed_is_tried_again_later(rounds: Rounds) -> None:
    failures = rounds.world.rows(
        "SELECT right(url, 7), reason, attempts, next_attempt_at > last_at FROM news.failures"
        " ORDER BY url"
    )
    assert failures == [
        ("/broken", "http_5xx", 1, True),
        ("ews/cut", "truncated_transfer", 1, True),
        ("private", "robots", 1, True),
    ]


def test_time_that_runs_out_gives_back_the_rest(
    shell: Shell, sites: Callable[[], Site], new_world: Callable[[str], World]
) -> None:
    site, world = sites(), new_world("short_of_time")
    for number in range(3):
        slow = Answer(status=404, slow_seconds=1.0)
        site.put(f"/{number}.xml", slow)
    world.add_feeds(*(f"{site.url}/{number}.xml" for number in range(3)))
    ran = shell.run("once", "--max-seconds", "0.3", DATABASE_URL=world.url, **LOCAL)
    assert ran.code == 1
    assert ran.err == "time ran out: the rest was given back and is due\n"
    assert ran.out.split() == ["1", "poll", "failed", "(http_4xx)"]
    assert len(site.paths()) == 1
    rest = world.rows(
        "SELECT due_at < clock_timestamp(), lease_token, attempts FROM ingest.feed_state"
        " WHERE last_polled_at IS NULL"
    )
    assert rest == [(True, None, 0)] * 2
    assert world.leases() == 0


def test_pages_that_are_not_wanted_are_not_asked_for(
    shell: Shell, sites: Callable[[], Site], new_world: Callable[[str], World]
) -> None:
    site, world = sites(), new_world("feeds_only")
    names = ["harbour", "orchard"]
    links = [f"{site.url}/news/{name}" for name in names]
    contents = {link: carried(name) for link, name in zip(links, names, strict=True)}
    body = rss("Whole texts", links, contents)
    site.put("/feed.xml", Answer(body=body, headers={"Content-Type": "application/rss+xml"}))
    world.add_feeds(f"{site.url}/feed.xml")
    ran = shell.run("once", DATABASE_URL=world.url, BROADSHEET_FETCH_PAGES="false", **LOCAL)
    assert ran.code == 0, ran.err
    assert site.paths() == ["/feed.xml"]
    stored = world.rows("SELECT title, text, text_source FROM news.articles ORDER BY title")
    assert stored == sorted((NEWS[n][0], "\n".join(NEWS[n][1:]), "feed") for n in names)
    assert world.broken() == {}
