"""Looking at feeds, and trying an address without storing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.jobs.site import Answer
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.shell import Ran
    from tests.jobs.site import Site

HERE = {
    "BROADSHEET_ALLOW_NETS": "127.0.0.0/8",
    "BROADSHEET_HOST_INTERVAL_SECONDS": "0",
    "BROADSHEET_WORKERS": "1",
}
BASIC = "Basic ZGVzazpodW50ZXIy"  # desk:hunter2


@pytest.fixture
def world(database_url: str) -> World:
    """Four feeds: paused, failing, in a folder, in a folder of that."""
    found = World(database_url)
    for name in ("alder", "birch", "cedar", "elm"):
        found.add_feeds(f"https://{name}.example/feed")
    found.rows("UPDATE ingest.feeds SET state = 'paused' WHERE feed_id = 1")
    found.rows("UPDATE ingest.feed_state SET failure_streak = 2 WHERE feed_id = 2")
    found.rows("UPDATE ingest.feeds SET category = 'News' WHERE feed_id = 3")
    found.rows("UPDATE ingest.feeds SET category = 'News/Europe' WHERE feed_id = 4")
    return found


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ([], [1, 2, 3, 4]),
        (["--state", "paused"], [1]),
        (["--state", "active"], [2, 3, 4]),
        (["--state", "gone"], []),
        (["--failing"], [2]),
        (["--category", "News"], [3, 4]),
        (["--category", " News / Europe/"], [4]),
        (["--category", "New"], []),
        (["--category", "News", "--failing"], []),
    ],
    ids=str,
)
def test_options_narrow_the_list(
    cli: Callable[..., Ran], world: World, options: list[str], numbers: list[int]
) -> None:
    ran = cli("feeds", "list", "--json", *options, DATABASE_URL=world.url)
    assert (ran.code, [feed["id"] for feed in ran.json]) == (0, numbers)


def test_narrow_list_without_rows_does_not_say_how_to_begin(
    cli: Callable[..., Ran], world: World
) -> None:
    ran = cli("feeds", "list", "--state", "gone", DATABASE_URL=world.url)
    assert (ran.code, ran.out, ran.err) == (0, "", "no rows\n")


def test_state_that_is_none_is_2(cli: Callable[..., Ran], closed_url: str) -> None:
    ran = cli("feeds", "list", "--state", "removed", DATABASE_URL=closed_url)
    assert (ran.code, "'active', 'paused', 'gone'" in ran.err) == (2, True)


PLAN = """[
  {"input": "policy", "due_at": "2026-03-02T09:00:00+00:00", "note": "4 entries a day", "wins": false},
  {"input": "cache-control", "due_at": "2026-03-02T10:30:00+00:00", "note": "fresh for 2 h", "wins": true},
  {"input": "jitter", "due_at": null, "note": "3 %", "wins": false}
]"""


def test_feed_is_shown_with_the_plan_of_its_next_poll(
    cli: Callable[..., Ran], world: World
) -> None:
    world.rows("UPDATE ingest.feed_state SET plan = %s WHERE feed_id = 3", PLAN)
    shown = cli("feeds", "show", "3", DATABASE_URL=world.url).out
    lines = [line.split() for line in shown[shown.index("why then") :].splitlines()]
    assert lines[:5] == [
        ["why", "then"],
        ["input", "due_at", "note", "wins"],
        ["─" * 13, "─" * 17, "─" * 15, "─" * 4],
        ["policy", "2026-03-02", "09:00Z", "4", "entries", "a", "day", "no"],
        ["cache-control", "2026-03-02", "10:30Z", "fresh", "for", "2", "h", "yes"],
    ]


def test_feed_as_json_has_its_plan_and_polls(cli: Callable[..., Ran], world: World) -> None:
    world.rows("UPDATE ingest.feed_state SET plan = %s WHERE feed_id = 3", PLAN)
    feed = cli("feeds", "show", "3", "--json", DATABASE_URL=world.url).json
    assert (feed["feed_id"], feed["headers"], feed["polls"]) == (3, [], [])
    assert [(wish["input"], wish["wins"]) for wish in feed["plan"]] == [
        ("policy", False),
        ("cache-control", True),
        ("jitter", False),
    ]
    assert feed["plan"][1]["due_at"] == "2026-03-02T10:30:00+00:00"


def test_new_feed_has_no_plan_to_show(cli: Callable[..., Ran], world: World) -> None:
    ran = cli("feeds", "show", "3", DATABASE_URL=world.url)
    assert ran.code == 0
    assert "why then" not in ran.out


# feeds check


@pytest.fixture
def check(cli: Callable[..., Ran], database_url: str) -> Callable[..., Ran]:
    """Runs `broadsheet feeds check`; afterwards all tables hold what they held before."""

    def run(*arguments: str, **settings: str) -> Ran:
        world = World(database_url)
        before = world.snapshot()
        ran = cli("feeds", "check", *arguments, DATABASE_URL=database_url, **(HERE | settings))
        assert world.snapshot() == before
        return ran

    return run


def rss(*items: str) -> Answer:
    body = f'<rss version="2.0"><channel><title>Alder</title>{"".join(items)}</channel></rss>'
    headers = {"ETag": '"v1"', "Cache-Control": "max-age=7200"}
    return Answer(body=body, headers={"Content-Type": "application/rss+xml", **headers})


def found(ran: Ran) -> list[dict[str, Any]]:
    feeds: list[dict[str, Any]] = ran.json["feeds"]
    return feeds


def test_feed_is_tried_and_nothing_written(
    check: Callable[..., Ran], sites: Callable[[], Site]
) -> None:
    site = sites()
    site.put(
        "/feed",
        rss(
            "<item><title>One</title><link>https://alder.example/1</link>"
            "<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>",
            "<item><title>Two</title></item>",
            "<item><title>Inside</title><link>http://10.0.0.7/secret</link></item>",
            "<item></item>",
        ),
    )
    site.put("/old", Answer(status=301, headers={"Location": "/feed"}))
    ran = check("--json", f"{site.url}/old")
    assert (ran.code, ran.err) == (0, "")
    (feed,) = found(ran)
    assert (feed["format"], feed["title"], feed["etag"]) == ("rss", "Alder", '"v1"')
    assert (feed["known_as"], feed["state"]) == (None, None)
    assert feed["redirects"] == [f"301 {site.url}/old", f"200 {site.url}/feed"]
    assert feed["next_poll_at"] is not None
    said = [(entry["title"], entry["published_at"], entry["without"]) for entry in feed["entries"]]
    assert said == [
        ("One", "2026-03-02T08:00:00+00:00", None),
        ("Two", None, "no_link"),
        ("Inside", None, "blocked_address"),
    ]
    assert [(entry["position"], entry["reason"]) for entry in feed["rejected"]] == [
        (3, "no_identity")
    ]
    assert (feed["new"], feed["unreadable"], feed["beyond_cap"], feed["repeated"]) == (3, 1, 0, 0)


def test_feed_is_shown_for_people(check: Callable[..., Ran], sites: Callable[[], Site]) -> None:
    site = sites()
    items = (
        f"<item><title>T{n}</title><link>https://a.example/{n}</link></item>" for n in range(40)
    )
    site.put("/feed", rss(*items, "<item></item>"))
    ran = check(f"{site.url}/feed")
    assert (ran.code, ran.err) == (0, "and 10 more: --json has them all\n")
    for words in ("Alder", "would be stored", "https://a.example/29", "would be rejected", "40"):
        assert words in ran.out
    assert "https://a.example/30" not in ran.out


def test_page_leads_to_the_feeds_it_names(
    check: Callable[..., Ran], sites: Callable[[], Site]
) -> None:
    site = sites()
    named = "".join(f'<link rel="feed" href="/{path}">' for path in ("a", "gone", "b"))
    site.put("/", Answer(body=f"<html><head>{named}</head></html>"))
    for path in ("/a", "/b", "/feed"):
        site.put(path, rss())
    ran = check("--json", site.url)
    assert ran.code == 0
    assert [(feed["url"], feed["found_by"]) for feed in found(ran)] == [
        (f"{site.url}/a", "named by the page"),
        (f"{site.url}/b", "named by the page"),
    ]
    assert site.paths() == ["/", "/a", "/gone", "/b"]
    ran = check(site.url)
    assert f"{site.url} is no feed\n2 feeds found from there\n" in ran.err


def test_news_sitemap_is_found_and_a_plain_one_is_not(
    check: Callable[..., Ran], sites: Callable[[], Site]
) -> None:
    site = sites()
    site.put("/", Answer(body="<html></html>"))
    site.put("/robots.txt", Answer(body="Sitemap: /all.xml\nSitemap: /news.xml"))
    head = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/1</loc>'
    )
    site.put("/all.xml", Answer(body=f"{head}</url></urlset>"))
    site.put(
        "/news.xml", Answer(body=f"{head}<n:news><n:title>T</n:title></n:news></url></urlset>")
    )
    assert [feed["url"] for feed in found(check("--json", site.url))] == [f"{site.url}/news.xml"]
    site.put("/news.xml", Answer(status=404))
    assert check("--json", site.url).code == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(status=404), "http_4xx"),
        (Answer(status=429), "rate_limited"),
        (Answer(body="<html>no feed"), "not_a_feed"),
        (Answer(status=304), "http_5xx"),
    ],
    ids=["404", "429", "page", "304"],
)
def test_no_feed_is_1_with_the_reason(
    check: Callable[..., Ran], sites: Callable[[], Site], answer: Answer, reason: str
) -> None:
    site = sites()
    site.put("/feed", answer)
    ran = check("--json", f"{site.url}/feed")
    assert (ran.code, ran.json["reason"], ran.json["feeds"]) == (1, reason, [])
    assert site.host in ran.json["message"]
    assert check(f"{site.url}/feed").err.startswith(f"{reason}: ")


def test_address_that_is_not_public_is_not_asked(
    check: Callable[..., Ran], sites: Callable[[], Site]
) -> None:
    site = sites()
    ran = check("--json", f"{site.url}/feed", BROADSHEET_ALLOW_NETS="")
    assert (ran.code, ran.json["reason"]) == (1, "blocked_address")
    assert site.log() == []


def test_host_that_wants_to_be_left_alone_is_not_asked(
    check: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    site.put("/feed", rss())
    World(database_url).rows(
        "INSERT INTO ingest.hosts (host, next_request_at, hold_reason)"
        " VALUES (%s, now() + interval '1 hour', 'rate_limited')",
        site.host,
    )
    ran = check("--json", f"{site.url}/feed")
    assert (ran.code, ran.json["reason"]) == (1, "rate_limited")
    assert f"{site.host} asked to be left alone until 20" in ran.json["message"]
    assert site.log() == []


def test_known_feed_is_asked_with_its_headers_and_without_validators(
    check: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    site.put("/feed", rss())
    world = World(database_url)
    world.add_feeds(f"{site.url}/feed")
    world.rows('INSERT INTO ingest.feed_headers VALUES (1, \'{"X-Key": "hunter2"}\')')
    world.rows("UPDATE ingest.feed_state SET etag = '\"v1\"'")
    ran = check("--json", f"{site.url}/feed")
    assert (ran.code, found(ran)[0]["known_as"], found(ran)[0]["state"]) == (0, 1, "active")
    assert "hunter2" not in ran.out + ran.err
    (asked,) = site.log()
    assert asked.headers["x-key"] == "hunter2"
    assert "if-none-match" not in asked.headers


def test_credentials_go_to_the_origin_of_the_address_only(
    check: Callable[..., Ran], sites: Callable[[], Site]
) -> None:
    site, other = sites(), sites()
    site.put("/near", rss())
    other.put("/far", rss())
    links = "".join(f'<link rel="feed" href="{url}">' for url in (f"{other.url}/far", "/near"))
    site.put("/", Answer(body=f"<html><head>{links}</head></html>"))
    ran = check("--json", f"http://desk:hunter2@{site.host}/")
    assert (ran.code, len(found(ran))) == (0, 2)
    assert "hunter2" not in ran.out + ran.err
    assert [asked.headers.get("authorization") for asked in site.log()] == [BASIC, BASIC]
    assert [asked.headers.get("authorization") for asked in other.log()] == [None]
