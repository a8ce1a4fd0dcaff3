"""Publishing: numbers that only grow, stories that are never split, and word to who listens."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline import flow, persist
from pipeline.storage import publishing
from tests.pipeline.storage.builders import (
    NOW,
    article_id,
    claim_articles,
    execute,
    ingest,
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
    from pipeline.model import DueArticle
    from pipeline.storage.database import Database

A, B, C = (f"https://{name}.example/page" for name in ("alder", "birch", "cedar"))
LATER = NOW + timedelta(days=2)

NUMBERS = "SELECT url, ingest_seq, change_seq FROM news.articles ORDER BY ingest_seq"
PLACES = "SELECT url, story_id, is_lead, duplicate_kind FROM news.articles ORDER BY article_id"


@on_database
async def test_numbers_are_given_in_the_order_of_the_articles(db: Database) -> None:
    await store(db, page_read(A, words("a")), page_read(B, words("b")))
    await publish(db)
    await store(db, page_read(C, words("c")))
    await publish(db)
    assert [numbers for _, *numbers in await rows(db, NUMBERS)] == [[1, 1], [2, 2], [3, 3]]


@on_database
async def test_nothing_is_visible_before_it_is_published(db: Database) -> None:
    await store(db, page_read(A, words("a")))
    assert await rows(db, NUMBERS) == []
    assert await rows(db, "SELECT FROM news.search('headline')") == []
    assert await publish(db) == 1
    assert await rows(db, NUMBERS) == [(A, 1, 1)]


@on_database
async def test_a_visible_change_moves_change_seq_alone(db: Database) -> None:
    await store(db, page_read(A, words("a")), page_read(B, words("b")))
    await publish(db)
    await ingest(db, page_read(A, words("a"), title="Ferry lost", at=LATER), at=LATER)
    assert await publish(db) == 1
    assert await rows(db, NUMBERS) == [(A, 1, 3), (B, 2, 2)]


@on_database
async def test_a_look_that_finds_the_same_text_is_published_as_checked(db: Database) -> None:
    await store(db, page_read(A, words("a")))
    await publish(db)
    await ingest(db, page_read(A, words("a"), at=LATER), at=LATER)
    await publish(db)
    assert await rows(db, "SELECT change_seq, last_checked_at, changed_at FROM news.articles") == [
        (2, LATER, NOW)
    ]


@on_database
async def test_publishing_with_nothing_to_do_changes_nothing(db: Database) -> None:
    await store(db, page_read(A, words("a")))
    await publish(db)
    before = await snapshot(db)
    assert await flow.publish(db) == 0
    assert await snapshot(db) == before


@on_database
async def test_a_reader_of_change_seq_never_misses_a_row(db: Database) -> None:
    copy: dict[int, str] = {}
    last = 0
    for n in range(4):
        at = NOW + n * timedelta(hours=1)
        if n == 0:
            await store(db, page_read(A, words("0")), page_read(B, words("b")))
        else:
            await ingest(db, page_read(A, words(str(n)), at=at), at=at)
        await publish(db)
        changed = await rows(
            db,
            "SELECT change_seq, article_id, text FROM news.articles WHERE change_seq > %s ORDER BY 1",
            last,
        )
        assert len(changed) == (2 if n == 0 else 1)
        copy |= {number: text for _, number, text in changed}
        last = changed[-1][0]
        assert copy == dict(await rows(db, "SELECT article_id, text FROM news.articles"))


@on_database
async def test_a_lone_article_is_a_story_of_one(db: Database) -> None:
    await store(db, page_read(A, words("a")), page_read(B, words("b")))
    await publish(db)
    assert await rows(db, PLACES) == [(A, 1, True, "original"), (B, 2, True, "original")]


@on_database
async def test_the_same_words_on_two_sites_are_one_story(db: Database) -> None:
    await store(db, page_read(A, words("a")))
    await publish(db)
    await store(db, page_read(B, words("a")))
    await publish(db)
    assert await rows(db, PLACES) == [(A, 1, True, "original"), (B, 1, False, "same_text")]
    one, two = await article_id(db, A), await article_id(db, B)
    assert await rows(
        db, "SELECT article_id, other_article_id, kind, score FROM news.story_links"
    ) == [(two, one, "same_text", 1.0)]
    assert await rows(
        db, "SELECT lead_article_id, article_count, site_count FROM news.stories"
    ) == [(one, 2, 2)]


@on_database
async def test_a_newcomer_does_not_renumber_the_lead(db: Database) -> None:
    await store(db, page_read(A, words("a")))
    await publish(db)
    await store(db, page_read(B, words("a")))
    await publish(db)
    assert await rows(db, NUMBERS) == [(A, 1, 1), (B, 2, 2)]


@on_database
async def test_merged_stories_leave_their_numbers_behind(db: Database) -> None:
    await store(db, page_read(A, words("a")), page_read(B, words("b")), page_read(C, words("c")))
    await publish(db)
    for n, address in enumerate((B, C)):
        at = LATER + n * timedelta(days=2)
        await ingest(db, page_read(address, words("a"), at=at), at=at)
        await publish(db)
    assert await rows(db, "SELECT old_story_id, story_id FROM news.story_ids ORDER BY 1") == [
        (2, 1),
        (3, 1),
    ]
    assert await rows(db, "SELECT story_id, article_count FROM news.stories") == [(1, 3)]
    assert await rows(db, NUMBERS) == [(A, 1, 1), (B, 2, 4), (C, 3, 5)]


@on_database
async def test_numbers_of_merged_stories_follow_a_second_merge(db: Database) -> None:
    """Story 3 went into 2, and 2 into 1: both numbers lead to 1."""
    await store(db, page_read(A, words("a")), page_read(B, words("b")), page_read(C, words("c")))
    await publish(db)
    at = LATER
    await ingest(db, page_read(C, words("b"), at=at), at=at)
    await publish(db)
    assert await rows(db, "SELECT old_story_id, story_id FROM news.story_ids") == [(3, 2)]
    at = LATER + timedelta(days=2)
    await ingest(db, page_read(B, words("a"), at=at), at=at)
    await publish(db)
    assert await rows(db, "SELECT old_story_id, story_id FROM news.story_ids ORDER BY 1") == [
        (2, 1),
        (3, 1),
    ]


@on_database
async def test_a_changed_text_keeps_its_story(db: Database) -> None:
    await store(db, page_read(A, words("a")), page_read(B, words("a")))
    await publish(db)
    await ingest(db, page_read(B, words("z"), at=LATER), at=LATER)
    await publish(db)
    assert await rows(db, "SELECT DISTINCT story_id FROM news.articles") == [(1,)]


@on_database
async def test_a_full_batch_leaves_the_rest_for_the_next(db: Database) -> None:
    await store(db, *(page_read(f"https://n{n}.example/a", words(str(n))) for n in range(7)))
    sizes = []
    async with db.transaction() as tx:
        batch = await publishing.batch(tx)
        sizes.append(len(batch))
    assert sizes == [7]
    assert [article.article_id for article in batch] == sorted(a.article_id for a in batch)
    assert publishing.BATCH > 7


def test_listeners_are_told_after_each_batch(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute("LISTEN news_articles")
        fill(database_url)
        notes = list(listener.notifies(timeout=10, stop_after=2))
        assert [json.loads(note.payload) for note in notes] == [
            {"ingest_seq": 2, "change_seq": 2},
            {"ingest_seq": 2, "change_seq": 3},
        ]
        assert list(listener.notifies(timeout=0)) == []


@on_database
async def published_twice(db: Database) -> None:
    await store(db, page_read(A, words("a")), page_read(B, words("b")))
    await publish(db)
    await ingest(db, page_read(A, words("z"), at=LATER), at=LATER)
    await publish(db)


def fill(url: str) -> None:
    published_twice(database_url=url)


@on_database
async def test_a_second_publisher_goes_away(db: Database) -> None:
    await store(db, page_read(A, words("a")))
    async with db.transaction() as other:
        assert await publishing.lock(other)
        assert await flow.publish(db) == 0
    assert await flow.publish(db) == 1


@on_database
async def test_two_publishers_at_once_do_not_split_a_story(db: Database) -> None:
    """Each stores one of two copies and publishes at once, ten times over."""

    async def copy(due: DueArticle, text: str) -> None:
        await persist.write_page(db, due, page_read(due.url, text), draw=0.5)
        await flow.publish(db)

    for n in range(10):
        links = [item(f"https://{site}{n}.example/a") for site in ("one", "two")]
        await poll(db, *links, at=NOW + n * timedelta(minutes=1))
        one, two = await claim_articles(db, at=NOW + n * timedelta(minutes=1))
        await asyncio.gather(copy(one, words(f"{n}")), copy(two, words(f"{n}")))
        await publish(db)
    assert await rows(db, "SELECT article_count, count(*)::int FROM news.stories GROUP BY 1") == [
        (2, 10)
    ]
    numbers = await rows(db, "SELECT change_seq FROM ingest.publications ORDER BY article_id")
    assert len(set(numbers)) == 20


@on_database
async def test_a_batch_that_fails_gives_no_number(db: Database) -> None:
    """The numbers and the rows are one transaction: what fails is published with the next."""
    await store(db, page_read(A, words("a")))
    await execute(db, "ALTER TABLE ingest.publications ADD CHECK (story_id < 0)")
    before = await snapshot(db)
    with pytest.raises(psycopg.errors.CheckViolation):
        await flow.publish(db)
    assert await snapshot(db) == before
    await execute(db, "ALTER TABLE ingest.publications DROP CONSTRAINT publications_story_id_check")
    await publish(db)
    assert await rows(db, NUMBERS) == [(A, 1, 1)]


@on_database
async def test_every_number_is_given_once(db: Database) -> None:
    for n in range(3):
        reads = [page_read(f"https://s{m}.example/{n}", words(f"{n} {m}")) for m in range(5)]
        await store(db, *reads)
        await publish(db)
    given = [seq for (seq,) in await rows(db, "SELECT ingest_seq FROM news.articles ORDER BY 1")]
    assert given == list(range(1, 16))
    seen = await rows(db, "SELECT change_seq FROM news.articles ORDER BY ingest_seq")
    assert all(one < two for one, two in pairwise(seen))
    assert await value(db, "SELECT change_seq FROM ingest.singletons WHERE name = 'publish'") == 15
