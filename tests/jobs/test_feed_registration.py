"""Adding feeds: what is refused before anything is asked or stored, and what is kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from jobs import feed_registration, queues
from jobs.worker import QueueWorker
from pipeline.model.listing import ListedFeed
from tests.jobs.live import wired
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


@pytest.mark.parametrize(
    "address",
    [
        "ftp://news.example/feed.xml",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "news.example/feed.xml",
        "https://",
        "https:///feed.xml",
        "https://news.example:99999/feed.xml",
        "https://news .example/feed.xml",
        "",
    ],
)
def test_what_is_no_web_address_is_2(
    cli: Callable[..., Ran], closed_url: str, address: str
) -> None:
    ran = cli("feeds", "add", "https://good.example/feed.xml", address, DATABASE_URL=closed_url)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("broadsheet: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://de%3Ask:hunter2@news.example/feed.xml",
        "ftp://desk:hunter2@news.example/feed.xml",
        "https://desk:hunter2@",
        "desk:hunter2@news.example/feed.xml",
    ],
)
def test_credentials_that_cannot_be_sent_are_2_and_not_repeated(
    cli: Callable[..., Ran], closed_url: str, address: str
) -> None:
    ran = cli("feeds", "add", address, DATABASE_URL=closed_url)
    assert (ran.code, ran.out) == (2, "")
    assert "hunter2" not in ran.err


def test_feed_at_an_address_that_is_not_public_is_not_added_and_never_asked(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    feed = site.put_feed("/feed.xml", [])
    ran = cli("feeds", "add", feed, DATABASE_URL=database_url, BROADSHEET_PORTS=feed_port(feed))
    assert (ran.code, ran.out) == (1, "")
    assert "no feed, not added: blocked_address" in ran.err
    assert "BROADSHEET_ALLOW_NETS lists networks to allow" in ran.err
    assert site.log() == []
    _holds_nothing(World(database_url))


def test_feed_of_a_server_that_is_down_is_kept_and_is_1(
    cli: Callable[..., Ran], closed_url: str, database_url: str
) -> None:
    port = closed_url.rpartition(":")[2].removesuffix("/news")
    ran = cli(
        "feeds", "add", f"http://127.0.0.1:{port}/feed.xml", DATABASE_URL=database_url, **HERE
    )
    assert ran.code == 1
    assert "feed 1, kept, but its first poll failed: connect" in ran.err
    world = World(database_url)
    assert world.rows("SELECT state, failure_streak FROM news.feeds") == [("active", 1)]


@pytest.mark.parametrize(
    ("status", "reason", "is_kept"),
    [
        (401, "http_4xx", True),
        (403, "http_4xx", True),
        (429, "rate_limited", True),
        (500, "http_5xx", True),
        (503, "http_5xx", True),
        (404, "http_4xx", False),
        (410, "gone", False),
    ],
)
def test_first_failure_decides_whether_a_feed_is_worth_keeping(
    cli: Callable[..., Ran],
    sites: Callable[[], Site],
    database_url: str,
    *,
    status: int,
    reason: str,
    is_kept: bool,
) -> None:
    site = sites()
    site.put("/feed.xml", Answer(status=status))
    ran = cli("feeds", "add", f"{site.url}/feed.xml", DATABASE_URL=database_url, **HERE)
    assert ran.code == 1
    said = "kept, but its first poll failed" if is_kept else "not added"
    assert f"{said}: {reason}: " in ran.err
    assert site.paths() == ["/feed.xml"]
    world = World(database_url)
    assert world.value("SELECT count(*) FROM ingest.feeds") == int(is_kept)
    assert world.broken() == {}


def test_all_feeds_of_a_page_are_added_one_after_the_other(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    _put_page(site)
    ran = cli(
        "feeds",
        "add",
        "--all",
        site.url,
        DATABASE_URL=database_url,
        **(HERE | {"BROADSHEET_HOST_INTERVAL_SECONDS": "0.3"}),
    )
    assert ran.code == 0, ran.err
    assert site.paths() == ["/", "/daily.xml", "/gone.xml", "/weekly.rss"]
    world = World(database_url)
    assert world.values("SELECT title FROM news.feeds ORDER BY 1") == [
        "Feed /daily.xml",
        "Feed /weekly.rss",
    ]
    gaps = world.values(
        "SELECT polled_at - lag(polled_at) OVER (ORDER BY polled_at) FROM news.polls"
    )
    assert all(gap >= timedelta(seconds=0.3) for gap in gaps[1:])
    assert world.leases() == 0
    assert world.broken() == {}


def test_feed_of_posts_is_added_before_the_comments_and_says_why(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    host = site.url.partition("//")[2]
    site.put_feed("/c.xml", [])
    site.put_feed("/posts.xml", [])
    named = (
        '<link rel="alternate" type="application/rss+xml" title="Post &raquo; {}" href="{}">'.format
    )
    head = named("Comments Feed", "/c.xml") + named("Feed", f"feed://{host}/posts.xml")
    site.put("/", Answer(body=f"<html><head>{head}</head><body>Hello</body></html>"))
    ran = cli("feeds", "add", "--json", site.url, DATABASE_URL=database_url, **HERE)
    assert ran.code == 0, ran.err
    assert [row["url"] for row in ran.json] == [f"{site.url}/posts.xml"]
    why = 'named by the page as "Post » Feed", before a feed of comments'
    assert ran.json[0]["found_by"].startswith(why)
    assert why in ran.err
    assert site.paths() == ["/", "/posts.xml"]


def test_address_of_a_feed_reader_is_an_address(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    feed = site.put_feed("/posts.xml", [])
    written = feed.replace("http:", "feed:")
    ran = cli("feeds", "add", "--json", written, DATABASE_URL=database_url, **HERE)
    assert ran.code == 0, ran.err
    assert [(row["url"], row["found_by"]) for row in ran.json] == [(feed, None)]


def test_first_feed_of_a_page_is_enough_without_all(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    _put_page(site)
    ran = cli("feeds", "add", site.url, DATABASE_URL=database_url, **HERE)
    assert ran.code == 0, ran.err
    assert site.paths() == ["/", "/daily.xml"]


def test_usual_places_are_tried_when_a_page_names_nothing(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    site.put("/", Answer(body="<html><body>No feed is named here.</body></html>"))
    site.put("/feed", Answer(status=500))
    site.put_feed("/rss.xml", [])
    site.put_feed("/atom.xml", [])
    ran = cli("feeds", "add", "--all", site.url, DATABASE_URL=database_url, **HERE)
    assert ran.code == 0, ran.err
    assert site.paths() == ["/", "/feed", "/rss", "/rss.xml"]
    world = World(database_url)
    assert world.values("SELECT url FROM news.feeds") == [f"{site.url}/rss.xml"]


def test_host_that_wants_to_be_left_alone_is_asked_for_no_other_feed(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    _put_page(site)
    site.put("/daily.xml", Answer(status=429, headers={"Retry-After": "3600"}))
    ran = cli("feeds", "add", "--all", site.url, DATABASE_URL=database_url, **HERE)
    assert ran.code == 1
    assert "not a feed, and none of 10 candidates on the page was read as one" in ran.err
    assert site.paths() == ["/", "/daily.xml"]
    _holds_nothing(World(database_url))


def test_host_that_others_talk_to_is_polled_later(
    cli: Callable[..., Ran],
    sites: Callable[[], Site],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = sites()
    feed = site.put_feed("/feed.xml", [])
    world = World(database_url)
    world.rows(
        "INSERT INTO ingest.hosts (host, next_request_at, hold_reason) VALUES (%s, now() + interval '1 hour', 'rate_limited')",
        site.host,
    )
    monkeypatch.setattr(feed_registration, "PATIENCE_SECONDS", 0.0)
    ran = cli("feeds", "add", feed, DATABASE_URL=database_url, **HERE)
    assert (ran.code, ran.err) == (
        0,
        f"{feed}: feed 1, added; its host is busy, it is polled soon\n",
    )
    assert site.log() == []


def test_known_feed_is_good_and_not_asked_again(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    feed = site.put_feed("/feed.xml", [])
    for said in ("Feed /feed.xml: 0 entries", "known already"):
        ran = cli("feeds", "add", feed, feed, DATABASE_URL=database_url, **HERE)
        assert (ran.code, ran.err) == (0, f"{feed}: feed 1, {said}\n")
    assert site.paths() == ["/feed.xml"]


def test_page_with_no_feeds_is_1_and_leaves_nothing(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    (address,) = site.put_news("harbour")
    ran = cli("feeds", "add", "--json", address, DATABASE_URL=database_url, **HERE)
    assert ran.code == 1
    assert ran.json[0]["feed_id"] is None
    assert "no feed, not a feed, and none of" in ran.err
    _holds_nothing(World(database_url))


def test_credentials_of_an_address_are_sent_and_stored_apart(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    site.put_feed("/feed.xml", [])
    address = f"http://desk:hunter2@{site.host}/feed.xml"
    ran = cli("feeds", "add", "--json", address, DATABASE_URL=database_url, **HERE)
    assert (ran.code, ran.json[0]["url"]) == (0, f"{site.url}/feed.xml")
    assert "hunter2" not in ran.out + ran.err
    assert [asked.headers.get("authorization") for asked in site.log()] == [BASIC]
    world = World(database_url)
    assert world.values("SELECT url FROM news.feeds") == [f"{site.url}/feed.xml"]
    assert world.values("SELECT headers FROM ingest.feed_headers") == [{"Authorization": BASIC}]
    told = {name: rows for name, rows in world.snapshot().items() if name != "feed_headers"}
    assert "hunter2" not in str(told)
    assert BASIC.split()[1] not in str(told)


def test_credentials_of_a_page_are_kept_for_feeds_of_its_origin_only(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site, other = sites(), sites()
    near = site.put_feed("/near.xml", [])
    far = other.put_feed("/far.xml", [])
    links = "".join(f'<link rel="feed" href="{url}">' for url in (far, near))
    site.put("/", Answer(body=f"<html><head>{links}</head></html>"))
    address = f"http://desk:hunter2@{site.host}/"
    ran = cli("feeds", "add", "--all", address, DATABASE_URL=database_url, **HERE)
    assert ran.code == 0, ran.err
    assert [asked.headers.get("authorization") for asked in other.log()] == [None]
    assert [asked.headers.get("authorization") for asked in site.log()] == [BASIC, BASIC]
    world = World(database_url)
    assert world.values("SELECT url FROM news.feeds JOIN ingest.feed_headers USING (feed_id)") == [
        near
    ]


def test_news_sitemap_is_found_last(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    """The first sitemap that is asked lists pages: nothing of it is kept."""
    site = sites()
    site.put("/", Answer(body="<html><body>No feed is named here.</body></html>"))
    named = ("/all.xml", "/news-of-2009.xml", "/news.xml", "/pages.xml")
    site.put("/robots.txt", Answer(body="".join(f"Sitemap: {site.url}{p}\n" for p in named)))
    for path in ("/all.xml", "/news-of-2009.xml", "/pages.xml"):
        site.put(path, Answer(body=_sitemap(site, None)))
    site.put("/news.xml", Answer(body=_sitemap(site, "Flood in the valley")))
    ran = cli("feeds", "add", site.url, DATABASE_URL=database_url, **HERE)
    assert ran.code == 0, ran.err
    assert site.paths()[8:] == ["/robots.txt", "/news-of-2009.xml", "/news.xml"]
    world = World(database_url)
    assert world.values("SELECT url FROM ingest.feeds") == [f"{site.url}/news.xml"]
    assert world.values("SELECT title FROM news.entries") == ["Flood in the valley"]
    assert world.leases() == 0
    assert world.broken() == {}


def test_sitemaps_without_news_are_not_tried_by_the_dozen(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    site.put("/", Answer(body="<html><body>No feed is named here.</body></html>"))
    site.put("/robots.txt", Answer(body="".join(f"Sitemap: /{n}.xml\n" for n in range(50))))
    for n in range(50):
        site.put(f"/{n}.xml", Answer(body=_sitemap(site, None)))
    ran = cli("feeds", "add", site.url, DATABASE_URL=database_url, **HERE)
    assert ran.code == 1
    assert site.paths()[8:] == ["/robots.txt", "/0.xml", "/1.xml", "/2.xml"]
    _holds_nothing(World(database_url))


def test_robots_txt_is_not_asked_for_where_the_page_names_a_feed(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    _put_page(site)
    cli("feeds", "add", "--all", site.url, DATABASE_URL=database_url, **HERE)
    assert "/robots.txt" not in site.paths()


def test_sitemap_that_is_asked_for_by_name_is_added_as_it_is(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    site.put("/s.xml", Answer(body=_sitemap(site, None)))
    ran = cli("feeds", "add", f"{site.url}/s.xml", DATABASE_URL=database_url, **HERE)
    assert ran.code == 0, ran.err


@pytest.mark.parametrize("state", ["paused", "gone"])
def test_known_feed_that_is_not_polled_says_how_it_would_be(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str, *, state: str
) -> None:
    feed = sites().put_feed("/feed.xml", [])
    world = World(database_url)
    world.add_feeds(feed)
    world.rows("UPDATE ingest.feeds SET state = %s", state)
    ran = cli("feeds", "add", feed, DATABASE_URL=database_url, **HERE)
    assert ran.code == 0
    assert f"feed 1, known already, but {state}: 'broadsheet feeds resume 1'" in ran.err


def test_feed_under_a_second_address_is_known_already(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    """With a closing slash the same document answers: the first poll finds it to be feed 1."""
    site = sites()
    stories = site.put_news("harbour", "orchard", "tramway")
    feed = site.put_feed("/feed", stories)
    site.put_feed("/feed/", stories, title="Feed /feed")
    assert cli("feeds", "add", feed, DATABASE_URL=database_url, **HERE).code == 0
    for _ in range(2):
        ran = cli("feeds", "add", "--json", f"{feed}/", DATABASE_URL=database_url, **HERE)
        assert (ran.code, ran.json[0]["feed_id"]) == (0, 1), ran.err
        assert "known already" in ran.json[0]["message"]
    assert site.paths() == ["/feed", "/feed/"]
    world = World(database_url)
    assert world.values("SELECT url FROM news.feeds") == [feed]
    assert world.broken() == {}


def test_removed_feed_comes_back_and_is_polled(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    feed = site.put_feed("/feed.xml", [])
    for command in (["add", feed], ["remove", "1"], ["add", feed]):
        ran = cli("feeds", *command, DATABASE_URL=database_url, **HERE)
        assert ran.code == 0, ran.err
    assert site.paths() == ["/feed.xml", "/feed.xml"]
    world = World(database_url)
    assert world.rows("SELECT feed_id, state FROM news.feeds") == [(1, "active")]
    assert world.broken() == {}


def test_removed_feed_that_is_none_any_more_stays_removed(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    (story,) = site.put_news("harbour")
    feed = site.put_feed("/feed.xml", [story])
    for command in (["add", feed], ["remove", "1"]):
        assert cli("feeds", *command, DATABASE_URL=database_url, **HERE).code == 0
    site.put("/feed.xml", Answer(status=404))
    ran = cli("feeds", "add", feed, DATABASE_URL=database_url, **HERE)
    assert ran.code == 1
    assert "no feed, not added: http_4xx" in ran.err
    world = World(database_url)
    assert world.values("SELECT state FROM ingest.feeds") == ["removed"]
    assert world.value("SELECT count(*) FROM ingest.entries") == 1
    assert world.broken() == {}


def _sitemap(site: Site, headline: str | None) -> str:
    """A sitemap of one address, with Google's news tags when there is a headline."""
    news = f"<n:news><n:title>{headline}</n:title></n:news>" if headline else ""
    return (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>{site.url}/news/harbour</loc>{news}</url></urlset>"
    )


def _put_page(site: Site) -> None:
    """A page that names two feeds, one that is gone; a third stands in a usual place unnamed."""
    named = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{path}">'
        for path in ("/daily.xml", "/gone.xml", "/weekly.rss")
    )
    site.put("/", Answer(body=f"<html><head>{named}</head></html>"))
    for path in ("/daily.xml", "/weekly.rss", "/feed"):
        site.put_feed(path, [])


def _holds_nothing(world: World) -> None:
    assert world.value("SELECT count(*) FROM ingest.feeds") == 0
    assert world.leases() == 0
    assert world.broken() == {}


def feed_port(address: str) -> str:
    return address.split(":")[2].partition("/")[0]


def test_running_service_that_is_quicker_does_not_hide_what_was_added(
    sites: Callable[[], Site], database_url: str
) -> None:
    """Whoever polls a new feed first, it is told as added, and no candidate is left behind."""
    site = sites()
    pages = [f"{site.url}/{number}" for number in range(4)]
    for number, page in enumerate(pages):
        feed = site.put_feed(f"/feed-{number}.xml", site.put_news("harbour", path=f"/n{number}"))
        link = f'<link rel="alternate" type="application/rss+xml" href="{feed}">'
        site.put(urlsplit(page).path, Answer(body=f"<html><head>{link}</head></html>"))

    async def serve(tools: queues.Tools, over: asyncio.Event) -> None:
        while not over.is_set():
            drain = QueueWorker(line=queues.feeds(tools), db=tools.db, clock=tools.clock, width=4)
            await drain.run()
            await asyncio.sleep(0.01)

    async def scenario() -> list[feed_registration.Result]:
        async with wired(database_url) as ours, wired(database_url) as theirs:
            over = asyncio.Event()
            service = asyncio.create_task(serve(theirs, over))
            listed = [ListedFeed(url=page) for page in pages]
            results = await feed_registration.add(ours, listed, every=False)
            over.set()
            await service
            return results

    results = asyncio.run(scenario())
    assert [result.is_good for result in results] == [True] * 4
    stored = World(database_url).values("SELECT url FROM news.feeds ORDER BY 1")
    assert stored == [f"{site.url}/feed-{number}.xml" for number in range(4)]
