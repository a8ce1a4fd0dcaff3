"""Claims and leases: who may work on what, for how long, and what a lost lease may not write."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline import decide, persist
from pipeline.decide import holds
from pipeline.storage import feeds, hosts, leases, pages
from tests.pipeline.storage.builders import (
    FEED,
    MINUTE,
    NOW,
    article_id,
    claim_articles,
    claim_feed,
    claim_feeds,
    execute,
    failure,
    feed_read,
    ingest,
    item,
    on_database,
    page_read,
    poll,
    rows,
    snapshot,
    value,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.decide import Failed, PageRead
    from pipeline.model import DueArticle, DueFeed
    from pipeline.storage.database import Database

PAGE = "https://alder.example/a"
BUSY = [f"https://busy.example/{n:02}" for n in range(20)]


def urls(claimed: Sequence[DueFeed | DueArticle]) -> list[str]:
    return [due.url for due in claimed]


async def age(db: Database, addresses: Sequence[str]) -> None:
    """Let the feeds be due one second after the other, the first one first, all before NOW."""
    for n, address in enumerate(addresses):
        due_at = NOW - timedelta(minutes=5) + timedelta(seconds=n)
        await rows(
            db,
            "UPDATE ingest.feed_state SET due_at = %s FROM ingest.feeds AS f "
            "WHERE f.feed_id = feed_state.feed_id AND f.url = %s RETURNING 1",
            due_at,
            address,
        )


@on_database
async def test_a_claim_takes_a_few_of_a_host_oldest_first(db: Database) -> None:
    await feeds.add(db, BUSY, now=NOW)
    await age(db, BUSY[::-1])
    assert urls(await claim_feeds(db)) == BUSY[::-1][: leases.PER_HOST]


@on_database
async def test_a_claimed_host_is_not_claimed_again(db: Database) -> None:
    await feeds.add(db, BUSY, now=NOW)
    assert len(await claim_feeds(db)) == leases.PER_HOST
    assert await claim_feeds(db) == []


@on_database
async def test_a_busy_host_leaves_room_for_the_others(db: Database) -> None:
    """Fifty feeds of one host are due before the one of another: a claim of two hosts takes both."""
    busy = [f"https://busy.example/{n}" for n in range(50)]
    await feeds.add(db, [*busy, FEED], now=NOW)
    await age(db, [*busy, FEED])
    claimed = await claim_feeds(db, hosts=2)
    assert {feed.host for feed in claimed} == {"busy.example", "alder.example"}
    assert len(claimed) == leases.PER_HOST + 1


@on_database
async def test_a_host_with_more_due_than_a_claim_looks_at_hides_nobody(db: Database) -> None:
    busy = [f"https://busy.example/{n}" for n in range(leases.LEAST_LOOK_AHEAD + 1)]
    await feeds.add(db, busy, now=NOW - MINUTE)
    await feeds.add(db, [FEED], now=NOW)
    claimed = await claim_feeds(db, hosts=2)
    assert {feed.host for feed in claimed} == {"busy.example", "alder.example"}
    assert len(claimed) == leases.PER_HOST + 1


@on_database
async def test_a_host_that_a_writer_refers_to_is_claimed_all_the_same(db: Database) -> None:
    """A poll that finds articles of a host locks its row against deletion only."""
    await feeds.add(db, [FEED], now=NOW)
    async with db.transaction() as other:
        await other.connection.execute(
            "SELECT FROM ingest.hosts WHERE host = 'alder.example' FOR KEY SHARE"
        )
        assert urls(await claim_feeds(db)) == [FEED]


@on_database
async def test_a_host_in_use_does_not_use_up_a_claim(db: Database) -> None:
    await feeds.add(db, [*BUSY, FEED], now=NOW)
    await age(db, [*BUSY, FEED])
    assert {feed.host for feed in await claim_feeds(db, hosts=1)} == {"busy.example"}
    assert urls(await claim_feeds(db, hosts=1)) == [FEED]


@on_database
async def test_a_claim_at_the_same_moment_gets_nothing_of_the_host(db: Database) -> None:
    await feeds.add(db, [*BUSY, FEED], now=NOW)
    async with db.transaction() as other:
        await other.connection.execute(
            "SELECT FROM ingest.hosts WHERE host = 'busy.example' FOR UPDATE"
        )
        assert urls(await claim_feeds(db)) == [FEED]


@on_database
async def test_claims_side_by_side_share_nothing(db: Database) -> None:
    addresses = [f"https://host{n % 10}.example/{n}" for n in range(60)]
    await feeds.add(db, addresses, now=NOW)
    for moment in (NOW, NOW + 2 * MINUTE, NOW + 4 * MINUTE):
        claims = await asyncio.gather(*(claim_feeds(db, at=moment, hosts=4) for _ in range(4)))
        owners: dict[str, uuid.UUID] = {}
        for feed in (feed for claim in claims for feed in claim):
            assert owners.setdefault(feed.host, feed.lease_token) == feed.lease_token
        numbers = [feed.feed_id for claim in claims for feed in claim]
        assert len(numbers) == len(set(numbers))
        assert owners


@on_database
async def test_a_claim_is_a_lease_of_a_minute_with_its_attempt_counted(db: Database) -> None:
    """Nothing was finished: the count stands because the claim is a transaction of its own."""
    await poll(db, item("https://tarn.example/b"))
    (feed,) = await claim_feeds(db, at=NOW + timedelta(days=1))
    (article,) = await claim_articles(db)
    assert await rows(db, "SELECT due_at, lease_token, attempts FROM ingest.feed_state") == [
        (NOW + timedelta(days=1) + MINUTE, feed.lease_token, 1)
    ]
    assert await rows(db, "SELECT due_at, lease_token, attempts FROM ingest.article_state") == [
        (NOW + MINUTE, article.lease_token, 1)
    ]
    assert article.due_at == NOW
    assert article.state.attempts == 1


@on_database
async def test_a_host_waits_for_its_next_request(db: Database) -> None:
    feed = await claim_feed(db)
    await hosts.release(db, feed.host, feed.lease_token, next_request_at=NOW + 3 * MINUTE)
    await leases.give_back(db, [feed], now=NOW)
    assert await claim_feeds(db, at=NOW + 2 * MINUTE) == []
    assert urls(await claim_feeds(db, at=NOW + 3 * MINUTE)) == [FEED]


@on_database
async def test_only_the_holder_gives_a_host_back(db: Database) -> None:
    feed = await claim_feed(db)
    before = await snapshot(db)
    await hosts.release(db, feed.host, uuid.uuid4(), next_request_at=NOW)
    assert await snapshot(db) == before


@on_database
async def test_articles_are_claimed_for_some_feeds_only(db: Database) -> None:
    await poll(db, item(PAGE))
    await poll(db, item("https://tarn.example/b"), url="https://tarn.example/feed")
    feed_id = await value(db, "SELECT feed_id FROM ingest.feeds WHERE url = %s", FEED)
    claimed = await pages.claim(
        db, now=NOW, due_by=NOW, hosts=9, token=uuid.uuid4(), feed_ids=[feed_id]
    )
    assert urls(claimed) == [PAGE]


@on_database
async def test_an_expired_lease_is_claimed_again_and_counted(db: Database) -> None:
    await poll(db, item(PAGE))
    (first,) = await claim_articles(db)
    await pages.begin(db, [first])
    assert await claim_articles(db, at=NOW + MINUTE - timedelta(seconds=1)) == []
    (second,) = await claim_articles(db, at=NOW + MINUTE)
    assert (first.state.expiries, second.state.expiries, second.state.attempts) == (0, 1, 2)
    for n in range(2, 15):
        await pages.begin(db, [second])
        (second,) = await claim_articles(db, at=NOW + n * MINUTE)
        assert second.state.expiries == min(n, 10)


@on_database
async def test_an_article_that_only_waited_in_its_hosts_turn_is_not_to_blame(db: Database) -> None:
    await poll(db, item(PAGE))
    for n in range(3):
        (due,) = await claim_articles(db, at=NOW + n * MINUTE)
        assert due.state.expiries == 0


@on_database
async def test_an_outcome_forgets_expired_leases(db: Database) -> None:
    await poll(db, item(PAGE))
    await claim_articles(db)
    later = NOW + MINUTE
    await ingest(db, page_read(PAGE, words("a"), at=later), at=later)
    assert await rows(db, "SELECT expiries, lease_token FROM ingest.article_state") == [(0, None)]


@on_database
async def test_a_renewed_lease_lasts_a_minute_from_then(db: Database) -> None:
    await poll(db, item(PAGE))
    claimed = await claim_articles(db)
    kept = await leases.renew(db, claimed, now=NOW + MINUTE / 2)
    assert kept == {due.article_id for due in claimed}
    assert await claim_articles(db, at=NOW + MINUTE) == []
    assert await value(db, "SELECT due_at FROM ingest.article_state") == NOW + 1.5 * MINUTE
    assert (
        await value(db, "SELECT leased_until FROM ingest.hosts WHERE host = 'alder.example'")
        == NOW + 1.5 * MINUTE
    )


@on_database
async def test_a_lost_lease_cannot_be_renewed_or_given_back(db: Database) -> None:
    await poll(db, item(PAGE))
    stale_article = await claim_articles(db)
    stale_feed = [await claim_feed(db, "https://tarn.example/feed")]
    await claim_articles(db, at=NOW + MINUTE)
    await claim_feeds(db, at=NOW + MINUTE)
    before = await snapshot(db)
    for stale in (stale_article, stale_feed):
        assert await leases.renew(db, stale, now=NOW + 5 * MINUTE) == set()
        await leases.give_back(db, stale, now=NOW + 5 * MINUTE)
    assert await snapshot(db) == before


@on_database
async def test_what_is_given_back_is_due_at_once_and_was_no_attempt(db: Database) -> None:
    await poll(db, item(PAGE))
    (article,) = await claim_articles(db)
    await leases.give_back(db, [article], now=NOW)
    assert await rows(db, "SELECT due_at, lease_token, attempts FROM ingest.article_state") == [
        (NOW, None, 0)
    ]
    feed = await claim_feed(db, "https://tarn.example/feed")
    await leases.give_back(db, [feed], now=NOW)
    state = "SELECT due_at, lease_token, attempts FROM ingest.feed_state WHERE feed_id = %s"
    assert await rows(db, state, feed.feed_id) == [(NOW, None, 0)]


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(page_read(PAGE, words("late")), id="page"),
        pytest.param(failure(PAGE), id="failure"),
        pytest.param(failure(PAGE, "rate_limited"), id="wish to be left alone"),
    ],
)
@on_database
async def test_a_page_of_an_expired_lease_changes_nothing(
    db: Database, outcome: PageRead | Failed
) -> None:
    await poll(db, item(PAGE))
    (late,) = await claim_articles(db)
    await claim_articles(db, at=NOW + MINUTE)
    before = await snapshot(db)
    assert await persist.write_page(db, late, outcome, draw=0.5) is None
    assert await snapshot(db) == before


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(feed_read(item(PAGE)), id="document"),
        pytest.param(failure(FEED), id="failure"),
    ],
)
@on_database
async def test_a_poll_of_an_expired_lease_changes_nothing(
    db: Database, outcome: decide.FeedRead | Failed
) -> None:
    late = await claim_feed(db)
    await claim_feeds(db, at=NOW + MINUTE)
    before = await snapshot(db)
    assert await persist.write_poll(db, late, outcome, draw=0.5) is None
    assert await snapshot(db) == before


@on_database
async def test_an_outcome_is_written_once(db: Database) -> None:
    await poll(db, item(PAGE))
    (due,) = await claim_articles(db)
    read = page_read(PAGE, words("a"))
    assert await persist.write_page(db, due, read, draw=0.5)
    before = await snapshot(db)
    assert await persist.write_page(db, due, read, draw=0.5) is None
    assert (
        await persist.write_page(db, replace(due, lease_token=uuid.uuid4()), read, draw=0.5) is None
    )
    assert await snapshot(db) == before


@on_database
async def test_a_held_host_is_left_alone_until_the_hold_is_over(db: Database) -> None:
    await poll(db, item(PAGE))
    (due,) = await claim_articles(db)
    await persist.write_page(db, due, failure(PAGE, "rate_limited"), draw=0.5)
    await hosts.release(db, due.host, due.lease_token, next_request_at=NOW)
    await execute(db, "UPDATE ingest.article_state SET due_at = '2026-03-02 08:00Z'")
    number = await article_id(db, PAGE)
    until = NOW + holds.UNSAID_HOLD
    assert await claim_articles(db, at=until - MINUTE) == []
    assert (
        await value(db, "SELECT hold_reason FROM ingest.hosts WHERE host = 'alder.example'")
        == "rate_limited"
    )
    assert [due.article_id for due in await claim_articles(db, at=until)] == [number]
