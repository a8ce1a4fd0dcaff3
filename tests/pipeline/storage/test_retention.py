"""Retention: what goes at which age, what stays because something needs it, and who waits for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.storage import retention
from pipeline.storage.retention import Horizons, Pruned
from tests.pipeline.storage.builders import (
    NOW,
    execute,
    item,
    on_database,
    page_read,
    poll,
    publish,
    rows,
    snapshot,
    store,
    value,
    words,
)

if TYPE_CHECKING:
    from pipeline.storage.database import Database

DAY = timedelta(days=1)
FOREVER = datetime(2000, 1, 1, tzinfo=UTC)
PAGE = "https://alder.example/page"


def keep(**since: datetime) -> Horizons:
    """Horizons that keep everything, but for the named."""
    names = ("pages_since", "feeds_since", "fetches_since", "fingerprints_since")
    return Horizons(**{**dict.fromkeys(names, FOREVER), **since})


async def pruned(db: Database, horizons: Horizons) -> Pruned | None:
    seen = [done async for done in retention.prune(db, horizons)]
    return seen[-1] if seen else None


async def bodies(db: Database) -> list[str]:
    """For what the kept bodies were fetched."""
    found = await rows(
        db,
        "SELECT f.purpose FROM ingest.bodies AS b JOIN ingest.fetches AS f USING (body_sha256) "
        "ORDER BY f.fetch_id",
    )
    return [purpose for (purpose,) in found]


def test_ages_are_counted_back_from_now() -> None:
    found = retention.horizons(NOW, pages_days=30, feeds_days=7, fetches_days=90)
    assert found == Horizons(
        pages_since=NOW - 30 * DAY,
        feeds_since=NOW - 7 * DAY,
        fetches_since=NOW - 90 * DAY,
        fingerprints_since=NOW - 60 * DAY,
    )


@pytest.mark.parametrize(
    ("since", "kept"),
    [
        pytest.param({}, ["feed", "page"], id="nothing is old"),
        pytest.param({"feeds_since": NOW + DAY}, ["page"], id="feed bodies are old"),
        pytest.param({"pages_since": NOW + DAY}, ["feed"], id="page bodies are old"),
        pytest.param(
            {"pages_since": NOW, "feeds_since": NOW}, ["feed", "page"], id="to the second"
        ),
        pytest.param({"pages_since": NOW + DAY, "feeds_since": NOW + DAY}, [], id="both are old"),
    ],
)
def test_bodies_go_at_the_age_of_what_they_were_fetched_for(
    database_url: str, since: dict[str, datetime], kept: list[str]
) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        await store(db, page_read(PAGE, words("a")))
        assert await bodies(db) == ["feed", "page"]
        await pruned(db, keep(**since))
        assert await bodies(db) == kept
        assert await value(db, "SELECT count(*) FROM ingest.fetches") == 2

    scenario(database_url=database_url)


@on_database
async def test_a_body_that_a_page_needs_outlives_its_feed(db: Database) -> None:
    """The same bytes came as a document and as a page: the longer age counts."""
    await store(db, page_read(PAGE, words("a")))
    await execute(
        db,
        "UPDATE ingest.fetches SET body_sha256 = (SELECT body_sha256 FROM ingest.fetches "
        "WHERE purpose = 'feed') WHERE purpose = 'page'",
    )
    await pruned(db, keep(feeds_since=NOW + DAY))
    assert await bodies(db) == ["feed", "page"]


@on_database
async def test_a_body_seen_again_is_young_again(db: Database) -> None:
    await poll(db, item(PAGE))
    await execute(db, "UPDATE ingest.bodies SET stored_at = '2026-03-20Z'")
    await pruned(db, keep(feeds_since=datetime(2026, 3, 15, tzinfo=UTC)))
    assert await bodies(db) == ["feed"]


@on_database
async def test_polls_and_fetches_go_with_what_they_rejected(db: Database) -> None:
    await poll(db, item(PAGE), at=NOW)
    await poll(db, item(PAGE), at=NOW + DAY)
    await execute(
        db,
        "INSERT INTO ingest.rejections (poll_id, feed_id, position, rejected_at, reason, message) "
        "SELECT poll_id, feed_id, 0, polled_at, 'database', '' FROM ingest.polls",
    )
    old = keep(fetches_since=NOW + DAY, feeds_since=NOW + DAY)
    assert await pruned(db, old) == Pruned(polls=1, fetches=1)
    assert await rows(db, "SELECT polled_at FROM ingest.polls") == [(NOW + DAY,)]
    assert await rows(db, "SELECT fetched_at FROM ingest.fetches") == [(NOW + DAY,)]
    assert await value(db, "SELECT count(*) FROM ingest.rejections") == 1


@pytest.mark.parametrize(
    ("since", "kept"),
    [
        pytest.param({}, ["feed", "page"], id="both bodies are young"),
        pytest.param({"pages_since": NOW + DAY}, ["feed"], id="the page's is old"),
        pytest.param({"feeds_since": NOW + DAY}, ["page"], id="the document's is old"),
    ],
)
def test_a_body_keeps_its_fetch_however_old_fetches_may_be(
    database_url: str, since: dict[str, datetime], kept: list[str]
) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        await store(db, page_read(PAGE, words("a")))
        horizons = keep(fetches_since=NOW + DAY, **since)
        for _ in range(2):
            await pruned(db, horizons)
            assert await value(db, "SELECT count(*) FROM ingest.bodies") == len(kept)
            left = await rows(db, "SELECT purpose FROM ingest.fetches ORDER BY fetch_id")
            assert [purpose for (purpose,) in left] == kept

    scenario(database_url=database_url)


@on_database
async def test_an_answer_without_a_body_goes_with_the_fetches(db: Database) -> None:
    await store(db, page_read(PAGE, words("a")))
    await execute(db, "UPDATE ingest.fetches SET body_sha256 = NULL WHERE purpose = 'page'")
    await pruned(db, keep(fetches_since=NOW + DAY))
    assert await rows(db, "SELECT purpose FROM ingest.fetches") == [("feed",)]


@on_database
async def test_a_body_without_a_fetch_goes_at_the_shorter_age(db: Database) -> None:
    await store(db, page_read(PAGE, words("a")))
    await execute(db, "UPDATE ingest.polls SET fetch_id = NULL")
    await execute(db, "DELETE FROM ingest.fetches")
    assert await pruned(db, keep(feeds_since=NOW + DAY)) == Pruned(bodies=2)


@on_database
async def test_what_was_said_stays_and_is_known_again(db: Database) -> None:
    """Everything of an age is gone; the entry is no news when it is shown again."""
    await store(db, page_read(PAGE, words("a")))
    await publish(db)
    far = NOW + 1000 * DAY
    before = await snapshot(db)
    await pruned(db, keep(pages_since=far, feeds_since=far, fetches_since=far))
    after = await snapshot(db)
    assert {name for name in before if before[name] != after[name]} == {
        *("bodies", "fetches", "polls"),
    }
    again = await poll(
        db, item(PAGE), at=far, url=str(await value(db, "SELECT url FROM ingest.feeds"))
    )
    assert (again.counts.new, again.counts.known) == (0, 1)


@on_database
async def test_months_of_fingerprints_are_dropped_whole(db: Database) -> None:
    for day in ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01"):
        await rows(db, "SELECT ingest.make_fingerprint_month(%s)", day)
    before = datetime(2026, 2, 3, tzinfo=UTC)
    assert await pruned(db, keep(fingerprints_since=before)) == Pruned(months=2)
    left = await rows(
        db,
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ingest.fingerprints'::regclass ORDER BY 1",
    )
    assert left == [("ingest.fingerprints_2026_02",), ("ingest.fingerprints_2026_03",)]


@on_database
async def test_a_second_pruner_goes_away(db: Database) -> None:
    await poll(db, item(PAGE))
    far = NOW + 1000 * DAY
    async with db.transaction() as other:
        assert await other.value("lock_pruning") == "prune"
        assert await pruned(db, keep(fetches_since=far, feeds_since=far)) is None
    assert await value(db, "SELECT count(*) FROM ingest.polls") == 1


@on_database
async def test_many_rows_go_in_small_batches(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for n in range(5):
        await poll(db, item(f"{PAGE}{n}"), at=NOW + n * timedelta(hours=1))
    seen = [
        (done.bodies, done.polls, done.fetches)
        async for done in retention.prune(db, keep(fetches_since=NOW + DAY, feeds_since=NOW + DAY))
    ]
    assert seen == [
        *((2, 0, 0), (4, 0, 0), (5, 0, 0)),
        *((5, 2, 0), (5, 4, 0), (5, 5, 0)),
        *((5, 5, 2), (5, 5, 4), (5, 5, 5)),
        (5, 5, 5),
    ]


def test_what_somebody_writes_now_is_left_for_later(database_url: str) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        await poll(db, item(PAGE), at=NOW)
        await poll(db, item(f"{PAGE}2"), at=NOW + DAY)
        with psycopg.connect(database_url) as writer:
            writer.execute("SELECT FROM ingest.polls WHERE polled_at = %s FOR UPDATE", (NOW,))
            writer.execute("SELECT FROM ingest.bodies ORDER BY stored_at LIMIT 1 FOR UPDATE")
            done = await pruned(db, keep(fetches_since=NOW + 2 * DAY, feeds_since=NOW + 2 * DAY))
        assert done is not None
        assert (done.polls, done.bodies) == (1, 1)

    scenario(database_url=database_url)


def test_a_reader_waits_for_nobody(database_url: str) -> None:
    """In the middle of a batch a reader reads on, what is going included."""

    @on_database
    async def scenario(db: Database) -> None:
        await poll(db, item(PAGE), at=NOW)
        async with db.transaction() as tx:
            await tx.run("prune_polls", fetches_since=NOW + DAY, from_at=FOREVER, most=10)
            with psycopg.connect(database_url, options="-c lock_timeout=100ms") as reader:
                assert reader.execute("SELECT count(*) FROM news.polls").fetchone() == (1,)

    scenario(database_url=database_url)
