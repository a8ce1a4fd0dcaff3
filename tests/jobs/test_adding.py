"""Adding feeds: what is refused before anything is asked or stored, and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.shell import Ran
    from tests.jobs.site import Site


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
        "https://desk:hunter2@news.example/feed.xml",
        "https://hunter2@news.example/feed.xml",
        "ftp://desk:hunter2@news.example/feed.xml",
        "https://desk:hunter2@",
    ],
)
def test_credentials_in_an_address_are_2_and_not_repeated(
    cli: Callable[..., Ran], closed_url: str, address: str
) -> None:
    ran = cli("feeds", "add", address, DATABASE_URL=closed_url)
    assert (ran.code, ran.out) == (2, "")
    assert "hunter2" not in ran.err


def test_feed_at_an_address_that_is_not_public_is_kept_and_never_asked(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    feed = site.put_feed("/feed.xml", [])
    ran = cli("feeds", "add", feed, DATABASE_URL=database_url, BROADSHEET_PORTS=feed_port(feed))
    assert (ran.code, ran.out) == (0, "")
    assert "kept, but its first poll failed: blocked_address" in ran.err
    assert site.log() == []
    world = World(database_url)
    assert world.rows("SELECT outcome, reason, status FROM news.polls") == [
        ("failed", "blocked_address", None)
    ]
    assert world.broken() == {}


def test_feed_of_a_server_that_is_down_is_kept(
    cli: Callable[..., Ran], closed_url: str, database_url: str
) -> None:
    port = closed_url.rpartition(":")[2].removesuffix("/news")
    ran = cli(
        "feeds",
        "add",
        f"http://127.0.0.1:{port}/feed.xml",
        DATABASE_URL=database_url,
        BROADSHEET_ALLOW_NETS="127.0.0.0/8",
    )
    assert ran.code == 0
    assert "feed 1, kept, but its first poll failed: connect" in ran.err
    world = World(database_url)
    assert world.rows("SELECT state, failure_streak FROM news.feeds") == [("active", 1)]


def test_page_with_no_feeds_is_1_and_leaves_nothing(
    cli: Callable[..., Ran], sites: Callable[[], Site], database_url: str
) -> None:
    site = sites()
    (address,) = site.put_news("harbour")
    ran = cli(
        "feeds",
        "add",
        "--json",
        address,
        DATABASE_URL=database_url,
        BROADSHEET_ALLOW_NETS="127.0.0.0/8",
        BROADSHEET_HOST_INTERVAL_SECONDS="0",
        BROADSHEET_WORKERS="1",
    )
    assert ran.code == 1
    assert '"feed_id": null' in ran.out
    assert "no feed, not a feed, and none of" in ran.err
    world = World(database_url)
    assert world.value("SELECT count(*) FROM ingest.feeds") == 0
    assert world.leases() == 0
    assert world.broken() == {}


def feed_port(address: str) -> str:
    return address.split(":")[2].partition("/")[0]
