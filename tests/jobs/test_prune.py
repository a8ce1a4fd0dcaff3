"""broadsheet prune: by the settings, never on a replay, and once at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psycopg
import pytest

from jobs import prune
from pipeline import config
from pipeline.storage.database import connected
from tests.jobs.world import World
from tests.pipeline.storage.builders import item, on_database, page_read, poll, store, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.storage.database import Database
    from tests.jobs.shell import Ran

PAGE = "https://alder.example/page"
COUNTS = "SELECT (SELECT count(*) FROM ingest.bodies), (SELECT count(*) FROM ingest.polls), (SELECT count(*) FROM ingest.fetches)"


@pytest.fixture
def old_url(database_url: str) -> str:
    """A database with a feed and a page fetched on a day in spring, and their poll."""
    filled(database_url=database_url)
    return database_url


@on_database
async def filled(db: Database) -> None:
    await store(db, page_read(PAGE, words("a")))


def shift(url: str, days: int) -> None:
    """Let all have happened this many days before today."""
    with psycopg.connect(url, autocommit=True) as connection:
        (now,) = connection.execute("SELECT now()").fetchone() or (None,)
        for table, column in (
            ("fetches", "fetched_at"),
            ("polls", "polled_at"),
            ("bodies", "stored_at"),
        ):
            connection.execute(
                f"UPDATE ingest.{table} SET {column} = %s::timestamptz - make_interval(days => %s)".encode(),  # noqa: S608 - names above
                (now, days),
            )


@pytest.mark.parametrize(
    ("days", "left"),
    [
        pytest.param(6, (2, 1, 2), id="a week keeps all"),
        pytest.param(8, (1, 1, 2), id="then the document goes"),
        pytest.param(31, (0, 1, 2), id="after a month the page"),
        pytest.param(91, (0, 0, 0), id="after three the fetches and polls"),
    ],
)
def test_everything_has_its_age(
    cli: Callable[..., Ran], old_url: str, days: int, left: tuple[int, ...]
) -> None:
    shift(old_url, days)
    ran = cli("prune", "--json", "--database-url", old_url)
    assert ran.code == 0
    assert World(old_url).rows(COUNTS) == [left]
    gone = [total - rest for total, rest in zip((2, 1, 2), left, strict=True)]
    assert list(ran.json.values()) == [*gone, ran.json["months"]]
    assert f"removed {gone[0]} bodies, {gone[1]} polls, {gone[2]} fetches, " in ran.err


def test_settings_change_the_ages(cli: Callable[..., Ran], old_url: str) -> None:
    shift(old_url, 3)
    own = {"BROADSHEET_KEEP_PAGES_DAYS": "2", "BROADSHEET_KEEP_FEEDS_DAYS": "2"}
    assert cli("prune", "--database-url", old_url, **own).code == 0
    assert World(old_url).rows(COUNTS) == [(0, 1, 2)]


def test_page_bodies_may_be_kept_longer_than_fetches(cli: Callable[..., Ran], old_url: str) -> None:
    """And they can be read again as long as they are kept."""
    shift(old_url, 100)
    World(old_url).rows("UPDATE ingest.articles SET fetched_at = f.fetched_at FROM ingest.fetches AS f WHERE f.article_id = articles.article_id RETURNING 1")  # fmt: skip
    for _ in range(2):
        ran = cli("prune", "--database-url", old_url, BROADSHEET_KEEP_PAGES_DAYS="365")
        assert ran.code == 0
        assert World(old_url).rows(COUNTS) == [(1, 0, 1)]
    again = cli("reextract", "--dry-run", "--json", "--database-url", old_url)
    assert (again.code, again.json["counts"].get("pruned", 0)) == (0, 0)
    assert sum(again.json["counts"].values()) == 1


@pytest.mark.parametrize("days", ["9999999", "36501", "-1"])
def test_an_age_that_no_calendar_has_is_refused(
    cli: Callable[..., Ran], database_url: str, days: str
) -> None:
    ran = cli("prune", "--database-url", database_url, BROADSHEET_KEEP_FETCHES_DAYS=days)
    assert (ran.code, ran.out) == (2, "")
    assert "bad settings: keep_fetches_days (BROADSHEET_KEEP_FETCHES_DAYS)" in ran.err


def test_a_century_is_an_age(cli: Callable[..., Ran], old_url: str) -> None:
    ages = ("PAGES", "FEEDS", "FETCHES")
    own = {f"BROADSHEET_KEEP_{name}_DAYS": "36500" for name in ages}
    assert cli("prune", "--database-url", old_url, **own).code == 0
    assert World(old_url).rows(COUNTS) == [(2, 1, 2)]


def test_a_replay_is_not_pruned(cli: Callable[..., Ran], replayed: World) -> None:
    before = replayed.rows(COUNTS)
    ran = cli("prune", "--database-url", replayed.url)
    assert ran.code == 2
    assert "this database holds a replay" in ran.err
    assert replayed.rows(COUNTS) == before


def test_two_at_once_are_one_too_many(cli: Callable[..., Ran], database_url: str) -> None:
    with psycopg.connect(database_url) as other:
        other.execute("SELECT FROM ingest.singletons WHERE name = 'prune' FOR UPDATE")
        ran = cli("prune", "--database-url", database_url)
    assert (ran.code, ran.err) == (1, "another process is pruning this database\n")


def test_the_service_prunes_too(old_url: str) -> None:
    shift(old_url, 91)
    settings, _ = config.load()

    async def scenario() -> tuple[int, int]:
        async with connected(old_url, connections=1) as db:
            return await prune.scheduled(db, settings), await prune.scheduled(db, settings)

    assert asyncio.run(scenario()) == (5, 0)


def test_a_page_shown_again_after_its_poll_went_is_known(
    cli: Callable[..., Ran], old_url: str
) -> None:
    shift(old_url, 91)
    cli("prune", "--database-url", old_url)

    @on_database
    async def again(db: Database) -> None:
        url = World(old_url).value("SELECT url FROM news.feeds")
        result = await poll(db, item(PAGE), url=url)
        assert (result.counts.new, result.counts.known) == (0, 1)

    again(database_url=old_url)
