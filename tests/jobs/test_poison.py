"""Pages that kill or outlast their worker: quarantined with the cause, bodies kept, others whole."""

from __future__ import annotations

import random
import signal
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from jobs import queues
from jobs.clock import RecordedClock
from pipeline import page_reading
from pipeline.model import Request, Response
from pipeline.storage import pages
from pipeline.storage.database import checks
from pipeline.web import workers
from tests.jobs.site import NEWS, page
from tests.pipeline.storage.builders import (
    NOW,
    claim_articles,
    item,
    on_database,
    poll,
    rows,
    value,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from pipeline import flow
    from pipeline.storage.database import Database

POISON = "https://poison.alder.example/killer"
GOOD = [f"https://{name}.alder.example/{name}" for name in NEWS]
CPU_SECONDS = 1.5  # in place of ten
DAY = timedelta(days=1)

# What reading the poisoned page does to its process.
CAUSES: dict[str, tuple[Callable[..., Any], Any, str, str]] = {
    "killed": (signal.raise_signal, signal.SIGKILL, "worker_killed", "SIGKILL"),
    "stuck": (sum, range(10**15), "worker_timeout", "used over 1.5 s of CPU time"),
    "greedy": (bytes, 4 * 2**30, "worker_killed", "ran out of memory"),
}


async def _answer(request: Request) -> Response:
    if request.purpose == "robots":
        return Response(request.url, fetched_at=NOW)
    name = request.url.rpartition("/")[2]
    body = page(name) if name in NEWS else "<p>poison</p>"
    headers = {"content-type": "text/html; charset=utf-8"}
    return Response(request.url, 200, headers, body.encode(), NOW)


@asynccontextmanager
async def _tools(db: Database, clock: RecordedClock, cause: str) -> AsyncIterator[queues.Tools]:
    """The line of articles, with a pool of two real processes."""
    deadly, argument, _, _ = CAUSES[cause]
    async with workers.started(2, CPU_SECONDS) as pool:

        async def run(function: Callable[..., Any], *arguments: Any) -> Any:
            if function is page_reading.page and arguments[0].requested_url == POISON:
                return await pool.run(deadly, argument)
            return await pool.run(function, *arguments)

        async def fetch(request: Request) -> Response:
            response = await _answer(request)
            return Response(
                response.url, response.status, response.headers, response.body, clock.now()
            )

        yield queues.Tools(
            db=db,
            clock=clock,
            fetch=fetch,
            run=run,
            draws=random.Random(1),  # noqa: S311 - jitter, no secret
            heed_hosts=False,
        )


async def _work_all(tools: queues.Tools, db: Database, clock: RecordedClock) -> None:
    line = queues.articles(tools)
    for due in await claim_articles(db, at=clock.moment):
        await line.handle(due)


@pytest.mark.parametrize("cause", list(CAUSES))
def test_third_death_quarantines_with_its_cause_and_keeps_the_body(
    cause: str, database_url: str
) -> None:
    _, _, reason, said = CAUSES[cause]

    @on_database
    async def scenario(db: Database) -> None:
        clock = RecordedClock(NOW)
        await poll(db, item(POISON), *(item(url) for url in GOOD))
        async with _tools(db, clock, cause) as tools:
            for tries in (1, 2, 3):
                await _work_all(tools, db, clock)
                state = "SELECT outcome, reason, deaths FROM ingest.article_state JOIN ingest.articles USING (article_id) WHERE url = %s"
                outcome = "quarantined" if tries == 3 else "failed"
                assert await rows(db, state, POISON) == [(outcome, reason, tries)]
                clock.moment += 2 * DAY
        assert said in await value(db, "SELECT message FROM news.failures")
        assert await rows(db, "SELECT attempts, final FROM news.failures") == [(3, True)]
        kept = (
            "SELECT count(*) FROM ingest.fetches JOIN ingest.bodies USING (body_sha256)"
            " WHERE url = %s AND reason = %s"
        )
        assert await value(db, kept, POISON, reason) == 3
        stored = "SELECT count(*) FROM ingest.article_state WHERE outcome = 'stored'"
        assert await value(db, stored) == len(GOOD)
        async with db.session() as session:
            assert [name for name in checks() if (await session.check(name)).rows] == []

    scenario(database_url=database_url)


@on_database
async def test_page_whose_service_died_has_the_pool_to_itself(db: Database) -> None:
    """Only what was in the pool is suspected; a look that ends clears it."""
    await poll(db, item(POISON), item(GOOD[0]))
    clock = RecordedClock(NOW)
    fetching, reading = sorted(await claim_articles(db), key=lambda due: due.url == POISON)
    await pages.begin(db, [reading])  # then the service is killed
    clock.moment += timedelta(minutes=2)
    again = {due.url: due for due in await claim_articles(db, at=clock.moment)}
    assert (again[POISON].state.expiries, again[POISON].state.attempts) == (1, 2)
    assert (again[fetching.url].state.expiries, again[fetching.url].state.attempts) == (0, 1)
    async with workers.started(2, CPU_SECONDS) as pool:
        beside: list[str] = []

        @asynccontextmanager
        async def alone() -> AsyncIterator[flow.Run]:
            async with pool.alone() as run:
                beside.append("alone")
                yield run

        async def run(function: Callable[..., Any], *arguments: Any) -> Any:
            beside.append("with others")
            return await pool.run(function, *arguments)

        async with _tools(db, clock, "killed") as tools:
            line = queues.articles(replace(tools, run=run, alone=alone))
            await line.handle(again[POISON])
            assert set(beside) == {"alone"}
            await line.handle(again[fetching.url])
            assert set(beside) == {"alone", "with others"}


@on_database
async def test_killing_the_service_while_pages_are_fetched_quarantines_nothing(
    db: Database,
) -> None:
    """Fifteen services die before the answer is there: nobody is to blame, nothing was tried."""
    await poll(db, item(GOOD[0]))
    clock = RecordedClock(NOW)
    for _ in range(15):
        (_due,) = await claim_articles(db, at=clock.moment)
        clock.moment += timedelta(minutes=2)
    state = "SELECT attempts, deaths, expiries, outcome FROM ingest.article_state"
    assert await rows(db, state) == [(1, 0, 0, "pending")]
    async with _tools(db, clock, "killed") as tools:
        await _work_all(tools, db, clock)
    assert await rows(db, state) == [(0, 0, 0, "stored")]


@on_database
async def test_tenth_service_that_dies_of_a_page_quarantines_it(db: Database) -> None:
    await poll(db, item(GOOD[0]))
    clock = RecordedClock(NOW)
    for _ in range(10):
        (due,) = await claim_articles(db, at=clock.moment)
        await pages.begin(db, [due])
        clock.moment += timedelta(minutes=2)
    async with _tools(db, clock, "killed") as tools:
        await _work_all(tools, db, clock)
    (failure,) = await rows(db, "SELECT reason, message, attempts, final FROM news.failures")
    assert failure[0] == "worker_killed"
    assert "10 claims ended without an outcome" in failure[1]
    assert failure[2:] == (11, True)
