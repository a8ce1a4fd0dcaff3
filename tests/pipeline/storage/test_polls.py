"""What a poll stores: entries that are new, known or changed, and those that Postgres refuses."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline import persist
from pipeline.model import Counts
from tests.pipeline.storage.builders import (
    FEED,
    MINUTE,
    NOW,
    article_id,
    claim_articles,
    claim_feed,
    failure,
    feed_read,
    ingest,
    item,
    on_database,
    page_read,
    poll,
    publish,
    rows,
    value,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.decide import FeedRead
    from pipeline.model import ParsedEntry
    from pipeline.storage.database import Database

A, B, C = (f"https://alder.example/{name}" for name in "abc")
TARN = "https://tarn.example/feed"
LATER = NOW + 30 * MINUTE

ENTRY = "SELECT to_jsonb(e) FROM ingest.entries AS e WHERE e.url = %s"
COUNTS = "SELECT seen, new, known, updated, skipped, rejected FROM news.polls ORDER BY poll_id"


@on_database
async def test_new_entries_are_stored_and_queue_their_articles(db: Database) -> None:
    result = await poll(db, item(A), item(B))
    assert result.counts == Counts(new=2)
    assert await rows(
        db, "SELECT url, position, article_outcome, first_seen_at FROM news.entries ORDER BY 2"
    ) == [(A, 0, "pending", NOW), (B, 1, "pending", NOW)]
    assert [due.url for due in await claim_articles(db)] == [A, B]


@on_database
async def test_an_unchanged_entry_is_only_touched(db: Database) -> None:
    await poll(db, item(A))
    before = await value(db, ENTRY, A)
    result = await poll(db, item(B), item(A), at=LATER)
    after = await value(db, ENTRY, A)
    assert result.counts == Counts(new=1, known=1)
    assert datetime.fromisoformat(after["last_seen_at"]) == LATER
    assert after == {**before, "position": 1, "last_seen_at": after["last_seen_at"]}


@on_database
async def test_a_changed_entry_keeps_its_identity_and_first_sight(db: Database) -> None:
    await poll(db, item(A, title="Ferry late"))
    result = await poll(db, item(A, title="Ferry lost"), at=LATER)
    assert result.counts == Counts(updated=1)
    assert await rows(
        db, "SELECT entry_id, title, first_seen_at, last_seen_at FROM news.entries"
    ) == [(1, "Ferry lost", NOW, LATER)]


@on_database
async def test_a_changed_entry_makes_its_article_due_again(db: Database) -> None:
    await poll(db, item(A, title="Ferry late"), item(B))
    await ingest(db, page_read(A, words("a")), page_read(B, words("b")))
    assert await claim_articles(db, at=LATER) == []
    await poll(db, item(A, title="Ferry lost"), item(B), at=LATER)
    (due,) = await claim_articles(db, at=LATER)
    assert (due.url, due.state.stage, due.state.outcome) == (A, "recheck", "stored")


@on_database
async def test_a_changed_entry_does_not_touch_an_article_at_work(db: Database) -> None:
    await poll(db, item(A, title="Ferry late"), url=TARN)
    await ingest(db, page_read(A, words("a")))
    ((due_at,),) = await rows(db, "SELECT due_at FROM ingest.article_state")
    (due,) = await claim_articles(db, at=due_at)
    await poll(db, item(A, title="Ferry lost"), at=due_at + MINUTE / 2, url=TARN)
    assert await rows(db, "SELECT due_at, lease_token FROM ingest.article_state") == [
        (due_at + MINUTE, due.lease_token)
    ]


@on_database
async def test_an_entry_that_names_another_page_leads_there(db: Database) -> None:
    await poll(db, item(A, id="tag:1"), item(C))
    await poll(db, item(B, id="tag:1"), item(C), at=LATER)
    other = await article_id(db, B)
    found = "SELECT url, article_id FROM news.entries WHERE guid = 'tag:1'"
    assert await rows(db, found) == [(B, other)]


@on_database
async def test_an_entry_whose_link_alone_changes_stays_with_its_article(db: Database) -> None:
    await poll(db, item(A, id="tag:1", title="Ferry late"), item(C))
    moved = item(B, id="tag:1", title="Ferry late")
    result = await poll(db, moved, item(C), at=LATER)
    assert result.counts == Counts(known=2)
    found = "SELECT url, article_id FROM news.entries WHERE guid = 'tag:1'"
    (((url, known),)) = await rows(db, found)
    assert url == B
    urls = "SELECT url_key FROM ingest.article_urls WHERE article_id = %s ORDER BY 1"
    assert len(await rows(db, urls, known)) == 2
    assert await value(db, "SELECT count(*) FROM ingest.articles") == 2
    assert B in {due.url for due in await claim_articles(db, at=LATER)}


@on_database
async def test_two_feeds_with_one_link_share_the_article(db: Database) -> None:
    await poll(db, item(A))
    await poll(db, item(f"{A}?utm_source=tarn", id="t1"), url=TARN)
    assert await value(db, "SELECT count(*) FROM ingest.articles") == 1
    assert await value(db, "SELECT count(DISTINCT article_id) FROM news.entries") == 1
    assert await value(db, "SELECT count(*) FROM news.entries") == 2


@on_database
async def test_two_feeds_polled_at_once_share_the_article(db: Database) -> None:
    for n in range(10):
        links = [item(f"https://alder.example/{n}/{m}") for m in range(5)]
        one = await claim_feed(db, f"https://one{n}.example/feed")
        two = await claim_feed(db, f"https://two{n}.example/feed")
        await asyncio.gather(
            persist.write_poll(db, one, feed_read(*links, url=one.url), draw=0.5),
            persist.write_poll(db, two, feed_read(*links[::-1], url=two.url), draw=0.5),
        )
    assert await value(db, "SELECT count(*) FROM ingest.articles") == 50
    assert await value(db, "SELECT count(*) FROM ingest.entries") == 100


@on_database
async def test_an_entry_without_a_link_is_stored_with_its_reason(db: Database) -> None:
    result = await poll(db, item(None, id="tag:1"), item("ftp://alder.example/a", id="tag:2"))
    assert result.counts == Counts(new=2)
    assert await rows(db, "SELECT article_id, article_reason FROM news.entries") == [
        (None, "no_link"),
        (None, "no_link"),
    ]
    assert await value(db, "SELECT count(*) FROM news.failures WHERE kind = 'entry'") == 2


@on_database
async def test_an_entry_shown_twice_is_known_the_second_time(db: Database) -> None:
    result = await poll(db, item(A), item(A), item(B))
    assert result.counts == Counts(new=2, known=1, merged=1)
    assert await rows(db, COUNTS) == [(3, 2, 1, 0, 0, 0)]


@on_database
async def test_an_entry_without_identity_is_rejected(db: Database) -> None:
    result = await poll(db, item(A), {})
    assert result.counts == Counts(new=1, rejected=1)
    assert await rows(db, "SELECT position, reason FROM news.rejections") == [(1, "no_identity")]


def with_guid(found: ParsedEntry, guid: str) -> ParsedEntry:
    return replace(found, entry=replace(found.entry, guid=guid))


def with_title(found: ParsedEntry, title: str) -> ParsedEntry:
    return replace(found, entry=replace(found.entry, title=title))


def published_in(found: ParsedEntry, year: int) -> ParsedEntry:
    at = NOW.replace(year=year)
    return replace(found, entry=replace(found.entry, published_at=at))


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(lambda found: with_guid(found, "a\x00b"), id="NUL in a guid"),
        pytest.param(lambda found: with_title(found, "a\x00b"), id="NUL in a title"),
        pytest.param(lambda found: with_title(found, "a\ud800b"), id="surrogate in a title"),
        pytest.param(lambda found: published_in(found, 1888), id="date that is refused"),
        pytest.param(lambda found: replace(found, reason="hearsay"), id="value that is refused"),
    ],
)
@on_database
async def test_what_postgres_refuses_costs_itself_only(
    db: Database, spoilt: Callable[[ParsedEntry], ParsedEntry]
) -> None:
    read = feed_read(item(A), item(B), item(C))
    first, second, third = read.parsed.found
    result = await write(db, read, (first, spoilt(second), third))
    assert result == Counts(new=2, rejected=1)
    assert await rows(db, COUNTS) == [(3, 2, 0, 0, 0, 1)]
    assert await rows(db, "SELECT position, url, reason FROM news.rejections") == [
        (1, B, "database")
    ]
    assert await rows(db, "SELECT url FROM ingest.articles ORDER BY 1") == [(A,), (C,)]


async def write(db: Database, read: FeedRead, found: tuple[ParsedEntry, ...]) -> Counts | None:
    feed = await claim_feed(db)
    spoilt = replace(read, parsed=replace(read.parsed, found=found))
    result = await persist.write_poll(db, feed, spoilt, draw=0.5)
    return result.counts if result else None


@on_database
async def test_a_document_brings_its_validators_and_the_next_poll(db: Database) -> None:
    await poll(db, item(A))
    ((etag, body, success, due_at, token, attempts),) = await rows(
        db,
        "SELECT etag, body_sha256 IS NOT NULL, last_success_at, due_at, lease_token, attempts "
        "FROM ingest.feed_state",
    )
    assert (etag, body, success, token, attempts) == ('"020800"', True, NOW, None, 0)
    assert due_at > NOW


@on_database
async def test_a_failed_poll_keeps_validators_and_says_why(db: Database) -> None:
    await poll(db, item(A))
    feed = await claim_feed(db, at=LATER)
    await persist.write_poll(db, feed, failure(FEED, "timeout", at=LATER), draw=0.5)
    assert await rows(
        db,
        "SELECT etag, failure_streak, last_success_at, last_error_reason FROM ingest.feed_state",
    ) == [('"020800"', 1, NOW, "timeout")]
    assert await rows(
        db, "SELECT kind, url, stage, reason, attempts FROM news.failures WHERE kind = 'feed'"
    ) == [("feed", FEED, "poll", "timeout", 1)]


@on_database
async def test_the_articles_of_a_week_are_those_published_and_each_counts_once(
    db: Database,
) -> None:
    await poll(db, item(A), {**item(A), "id": "again"}, item(B), item(None, id="no link"))
    await ingest(db, page_read(A, words("a")))
    await publish(db)
    assert await rows(db, "SELECT entries_7d, articles_7d FROM news.feeds") == [(4, 1)]


@on_database
async def test_a_poll_finds_articles_for_the_week_before_it(db: Database) -> None:
    await poll(db, item(A), item(B))
    await ingest(db, page_read(A, words("a")))
    assert await rows(db, "SELECT entries_7d, articles_7d FROM news.feeds") == [(2, 0)]
    await poll(db, item(C), at=NOW + timedelta(days=8))
    assert await rows(db, "SELECT entries_7d FROM news.feeds") == [(1,)]
