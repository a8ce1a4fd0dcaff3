"""broadsheet failures: what fits is listed, and tried again as if it were new."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pipeline import persist
from pipeline.decide import Failed
from pipeline.errors import WorkerDiedError
from pipeline.storage.database import connected
from tests.jobs.world import World
from tests.pipeline.storage.builders import (
    MINUTE,
    NOW,
    claim_articles,
    claim_feed,
    failure,
    item,
    poll,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import DueArticle
    from tests.jobs.shell import Ran

REASONS = {
    "https://a.alder.example/a": "timeout",
    "https://b.alder.example/b": "http_5xx",
    "https://c.tarn.example/c": "timeout",
}
QUARANTINED = "https://d.tarn.example/d"
STATE = """
SELECT a.url, s.stage, s.outcome, s.attempts, s.deaths, s.expiries, s.due_at < clock_timestamp()
FROM ingest.article_state AS s JOIN ingest.articles AS a USING (article_id) ORDER BY a.url
"""


async def _fill(url: str) -> None:
    """Three pages failed, one killed its worker three times, and a feed does not answer."""
    async with connected(url, connections=2) as db:
        await poll(db, *(item(address) for address in [*REASONS, QUARANTINED]))

        async def write(due: DueArticle) -> None:
            died = Failed(error=WorkerDiedError("worker_killed", "SIGKILL"), at=NOW)
            known = due.url in REASONS
            outcome = failure(due.url, REASONS[due.url]) if known else died
            await persist.write_page(db, due, outcome, draw=0.5)

        for due in await claim_articles(db):
            await write(due)
        async with db.session() as session:
            await session.connection.execute(
                "UPDATE ingest.article_state SET deaths = 3, expiries = 10, outcome = 'quarantined',"
                " stage = 'done', due_at = NULL WHERE reason = 'worker_killed'"
            )
        feed = await claim_feed(db, "https://fell.example/feed", at=NOW + MINUTE)
        failed = failure(feed.url, "dns", at=NOW + MINUTE)
        await persist.write_poll(db, feed, failed, draw=0.5)


@pytest.fixture
def world(database_url: str) -> World:
    asyncio.run(_fill(database_url))
    return World(database_url)


@pytest.fixture
def run(cli: Callable[..., Ran], world: World) -> Callable[..., Ran]:
    return lambda *arguments: cli("failures", *arguments, "--database-url", world.url)


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ([], 5),
        (["--kind", "feed"], 1),
        (["--kind", "article", "--reason", "timeout"], 2),
        (["--site", "tarn.example"], 2),
        (["--site", "fell.example"], 1),
        (["--site", "arn.example"], 0),
        (["--reason", "paywall"], 0),
        (["--reason", "timeout", "--site", "alder.example"], 1),
    ],
    ids=str,
)
def test_options_narrow_the_list(run: Callable[..., Ran], options: list[str], count: int) -> None:
    assert len(run("list", "--json", *options).json) == count


@pytest.mark.parametrize(
    ("options", "articles", "feeds"),
    [
        ([], 4, 1),
        (["--kind", "article"], 4, 0),
        (["--kind", "feed"], 0, 1),
        (["--reason", "timeout"], 2, 0),
        (["--reason", "dns"], 0, 1),
        (["--site", "tarn.example"], 2, 0),
        (["--site", "fell.example"], 0, 1),
        (["--reason", "worker_killed"], 1, 0),
        (["--kind", "article", "1", "2"], 2, 0),
        (["--kind", "article", "--reason", "http_5xx", "1", "2", "3", "4"], 1, 0),
    ],
    ids=str,
)
def test_what_fits_is_due_now(
    run: Callable[..., Ran], world: World, options: list[str], articles: int, feeds: int
) -> None:
    ran = run("retry", "--json", *options)
    assert ran.code == (1 if "4" in options else 0), ran.err
    assert {name: len(ids) for name, ids in ran.json.items()} == {
        **({"articles": articles} if "feed" not in options else {}),
        **({"feeds": feeds} if "article" not in options else {}),
    }
    anew = "SELECT count(*) FROM ingest.article_state WHERE attempts = 0 AND due_at <= now()"
    assert world.value(anew) == articles
    polled = "SELECT count(*) FROM ingest.feed_state WHERE due_reason = 'retry' AND due_at <= now()"
    assert world.value(polled) == feeds


def test_page_in_quarantine_is_tried_as_if_it_were_new(
    run: Callable[..., Ran], world: World
) -> None:
    assert (QUARANTINED, "done", "quarantined", 1, 3, 10, None) in world.rows(STATE)
    ran = run("retry", "--reason", "worker_killed", "--kind", "article")
    assert (ran.code, ran.err) == (0, "1 article due now\n")
    assert (QUARANTINED, "fetch", "failed", 0, 0, 0, True) in world.rows(STATE)
    assert world.broken() == {}


def test_what_is_in_hand_is_left(run: Callable[..., Ran], world: World) -> None:
    world.rows(
        "UPDATE ingest.article_state SET lease_token = gen_random_uuid(),"
        " due_at = now() + interval '1 minute', stage = 'fetch'"
    )
    world.rows("UPDATE ingest.feed_state SET lease_token = gen_random_uuid()")
    ran = run("retry")
    assert (ran.code, ran.err) == (0, "0 articles due now\n0 feeds due now\n")


def test_number_that_has_not_failed_is_said(run: Callable[..., Ran]) -> None:
    ran = run("retry", "--kind", "article", "1", "99")
    assert (ran.code, ran.err) == (1, "1 article due now\nnot failed, or being worked on: 99\n")


def test_a_number_that_only_one_kind_has_needs_no_kind(run: Callable[..., Ran]) -> None:
    ran = run("retry", "1")
    assert (ran.code, ran.err) == (0, "1 article due now\n0 feeds due now\n")


def test_numbers_of_both_kinds_are_refused(run: Callable[..., Ran]) -> None:
    ran = run("retry", "2")
    assert ran.code == 2
    assert "say --kind article or feed" in ran.err
