"""What polls write besides entries: batches, gaps, audits, doubles, and outages of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline import decide, flow, persist
from pipeline.model import FeedMove, Hop, Request, Response, ValidatorTrust
from pipeline.storage import feeds
from tests.pipeline.storage.builders import (
    FEED,
    MINUTE,
    NOW,
    claim_articles,
    claim_feed,
    claim_feeds,
    failure,
    feed_read,
    item,
    on_database,
    poll,
    rows,
    snapshot,
    value,
)

if TYPE_CHECKING:
    from pipeline.model import DueFeed
    from pipeline.storage.database import Database

A, B, C = (f"https://alder.example/{name}" for name in "abc")
LATER, DAY = NOW + 30 * MINUTE, timedelta(days=1)
STATE = (
    "SELECT failure_streak, poll_interval, entry_rate, last_error_reason, last_error, etag,"
    " last_success_at FROM ingest.feed_state WHERE feed_id = %s"
)


def _same(feed: DueFeed, outcome: str = "not_modified", **fields: object) -> decide.Same:
    status = 304 if outcome == "not_modified" else 200
    response = Response(feed.url, status, {}, b"" if status == 304 else b"x", LATER)
    return decide.Same(response=replace(response, **fields), outcome=outcome)  # type: ignore[arg-type]


async def _two_feeds(db: Database) -> list[DueFeed]:
    """Two feeds that were polled before, claimed again."""
    for name in ("birch", "cedar"):
        url = f"https://{name}.example/feed"
        await poll(db, item(f"https://{name}.example/1"), url=url)
    await feeds.make_due(db, None, now=LATER, reason="test")
    return await claim_feeds(db, at=LATER)


def _moved(feed: DueFeed, url: str) -> DueFeed:
    """The feed after two polls that led elsewhere for good; the third comes now."""
    move = FeedMove(url=url, streak=2, moved_since=LATER - 3 * DAY)
    return replace(feed, state=replace(feed.state, move=move))


def _audited(feed: DueFeed) -> DueFeed:
    """The feed with an audit that is due now."""
    return replace(feed, state=replace(feed.state, trust=ValidatorTrust(audit_at=LATER)))


@on_database
async def test_polls_without_news_are_written_together(db: Database) -> None:
    birch, cedar = await _two_feeds(db)
    batch = [(birch, _same(birch), 0.5), (cedar, _same(cedar, "unchanged"), 0.5)]
    first, second = await persist.write_polls(db, batch)
    assert first
    assert second
    assert await rows(
        db,
        "SELECT p.feed_id, p.outcome, p.status, p.seen, f.status, f.feed_id FROM ingest.polls AS p"
        " JOIN ingest.fetches AS f USING (fetch_id) WHERE p.polled_at = %s ORDER BY 1",
        LATER,
    ) == [
        (birch.feed_id, "not_modified", 304, 0, 304, birch.feed_id),
        (cedar.feed_id, "unchanged", 200, 0, 200, cedar.feed_id),
    ]
    assert await rows(db, "SELECT lease_token FROM ingest.feed_state") == [(None,), (None,)]


@on_database
async def test_poll_without_news_writes_nothing_but_itself_and_its_fetch(db: Database) -> None:
    birch, cedar = await _two_feeds(db)
    before = await snapshot(db)
    await persist.write_polls(db, [(birch, _same(birch, "unchanged"), 0.5)])
    after = await snapshot(db)
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"polls", "fetches", "feed_state"}
    assert len(after["polls"]) == len(before["polls"]) + 1
    assert cedar.feed_id != birch.feed_id


@on_database
async def test_lost_lease_leaves_a_feed_out_of_the_batch(db: Database) -> None:
    birch, cedar = await _two_feeds(db)
    stolen = replace(cedar, lease_token=birch.lease_token.__class__(int=7))
    first, second = await persist.write_polls(
        db, [(birch, _same(birch), 0.5), (stolen, _same(cedar), 0.5)]
    )
    assert first is not None
    assert second is None
    polled = await rows(db, "SELECT feed_id FROM ingest.polls WHERE polled_at = %s", LATER)
    assert polled == [(birch.feed_id,)]


@on_database
async def test_batch_adopts_a_redirect_that_has_lasted(db: Database) -> None:
    birch, cedar = await _two_feeds(db)
    new = "https://birch.example/rss"
    moved = _moved(birch, new)
    hops = (Hop(url=birch.url, status=301),)
    batch = [(moved, _same(birch, url=new, hops=hops), 0.5), (cedar, _same(cedar), 0.5)]
    assert all(await persist.write_polls(db, batch))
    assert await value(db, "SELECT url FROM news.feeds WHERE feed_id = %s", birch.feed_id) == new


@on_database
async def test_a_feed_that_was_ended_in_mid_poll_stays_so(db: Database) -> None:
    birch, _ = await _two_feeds(db)
    await rows(
        db,
        "UPDATE ingest.feed_state SET due_at = NULL, due_reason = 'paused' WHERE feed_id = %s"
        " RETURNING 1",
        birch.feed_id,
    )
    (written,) = await persist.write_polls(db, [(birch, _same(birch), 0.5)])
    assert written is not None
    due = "SELECT due_at, due_reason FROM ingest.feed_state WHERE feed_id = %s"
    assert await rows(db, due, birch.feed_id) == [(None, "paused")]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param([A], [A, B], False, id="one-in-common"),
        pytest.param([A], [B, C], True, id="none-in-common"),
        pytest.param([A], [B, B, C], True, id="none-in-common-but-one-shown-twice"),
        pytest.param([A], [], False, id="empty-document"),
        pytest.param([], [A], False, id="first-entries"),
    ],
)
def test_gap_is_two_documents_without_a_common_entry(
    database_url: str, first: list[str], second: list[str], *, expected: bool
) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        await poll(db, *map(item, first))
        await poll(db, *map(item, second), at=LATER)
        gaps = await rows(db, "SELECT gap FROM news.polls ORDER BY poll_id")
        assert gaps == [(False,), (expected,)]

    scenario(database_url=database_url)


async def _asked(feed: DueFeed) -> Request:
    """What a poll asks for."""
    seen: list[Request] = []

    async def fetch(request: Request) -> Response:
        seen.append(request)
        return Response(request.url, 304, {}, b"", LATER)

    async def run(*_: object) -> None:
        raise AssertionError("nothing to read")

    await flow.poll(feed, fetch, run, lambda _: True, LATER)
    return seen[0]


@on_database
async def test_feed_is_asked_without_validators_when_an_audit_is_due(db: Database) -> None:
    await poll(db, item(A))
    feed = await claim_feed(db, at=LATER)
    assert feed.state.trust.audit_at is not None
    assert DAY <= feed.state.trust.audit_at - NOW <= 7 * DAY
    assert (await _asked(feed)).etag == feed.state.validators.etag is not None
    assert (await _asked(_audited(feed))).etag is None


@on_database
async def test_feed_caught_lying_is_asked_without_validators_from_then_on(db: Database) -> None:
    await poll(db, item(A))
    feed = await claim_feed(db, at=LATER)
    read = feed_read(item(A), item(B), at=LATER)
    lying = replace(
        read, response=replace(read.response, headers={"etag": feed.state.validators.etag or ""})
    )
    await persist.write_poll(db, feed, lying, draw=0.5)
    assert await rows(db, "SELECT distrusted_at, distrust FROM news.feeds") == [
        (LATER, f"etag {feed.state.validators.etag} came again with 1 new entries")
    ]
    again = await claim_feed(db, at=LATER + DAY)
    request = await _asked(again)
    assert (request.etag, request.last_modified) == (None, None)


async def _double(db: Database, url: str, *items: dict[str, object]) -> DueFeed:
    """A second feed, whose first document is here."""
    feed = await claim_feed(db, url, at=LATER)
    await persist.write_poll(db, feed, feed_read(*items, at=LATER, url=url), draw=0.5)
    return feed


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://alder.example/feed", id="scheme"),
        pytest.param("https://www.alder.example/feed", id="www"),
        pytest.param("https://alder.example/feed/", id="slash"),
        pytest.param("http://www.alder.example/feed//", id="all-of-it"),
    ],
)
def test_same_feed_under_another_address_is_merged(database_url: str, url: str) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        await poll(db, item(A), item(B))
        first = int(await value(db, "SELECT feed_id FROM news.feeds"))
        double = await _double(db, url, item(A), item(B))
        assert await rows(db, "SELECT feed_id, url FROM news.feeds") == [(first, FEED)]
        assert await rows(
            db,
            "SELECT state, merged_into, due_at FROM ingest.feeds JOIN ingest.feed_state"
            " USING (feed_id) WHERE feed_id = %s",
            double.feed_id,
        ) == [("merged", first, None)]
        assert await value(db, "SELECT count(*) FROM ingest.entries") == 2
        (again,) = await feeds.add(db, [url], now=LATER)
        assert (again.feed_id, again.is_new) == (first, False)

    scenario(database_url=database_url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("http://alder.example/feed", [C], id="shows-something-else"),
        pytest.param("https://alder.example/feed?lang=de", [A, B], id="another-query"),
        pytest.param("https://birch.example/feed", [A, B], id="another-host"),
    ],
)
def test_other_feeds_are_left_alone(database_url: str, url: str, shown: list[str]) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        await poll(db, item(A), item(B))
        await _double(db, url, *map(item, shown))
        assert await value(db, "SELECT count(*) FROM news.feeds") == 2

    scenario(database_url=database_url)


@pytest.mark.parametrize(
    ("status", "count"),
    [pytest.param(301, 1, id="for-good"), pytest.param(302, 2, id="for-the-time-being")],
)
def test_feed_that_leads_to_another_for_good_is_merged_with_it(
    database_url: str, status: int, count: int
) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        await poll(db, item(A), item(B))
        feed = await claim_feed(db, "https://feeds.example/alder", at=LATER)
        read = feed_read(item(A), item(B), at=LATER, url=FEED)
        hops = (Hop(url=feed.url, status=status),)
        led = replace(read, response=replace(read.response, hops=hops))
        await persist.write_poll(db, feed, led, draw=0.5)
        assert await value(db, "SELECT count(*) FROM news.feeds") == count

    scenario(database_url=database_url)


@on_database
async def test_double_is_stored_when_the_other_feed_was_paused_meanwhile(db: Database) -> None:
    await poll(db, item(A), item(B))
    await rows(db, "UPDATE ingest.feeds SET state = 'paused' RETURNING 1")
    await rows(db, "UPDATE ingest.feed_state SET due_at = NULL RETURNING 1")
    await _double(db, f"{FEED}/", item(A), item(B))
    assert await value(db, "SELECT count(*) FROM ingest.entries") == 4


@on_database
async def test_double_keeps_nothing_to_be_asked_with(db: Database) -> None:
    await poll(db, item(A), item(B))
    double = await _double(db, f"{FEED}/", item(A), item(B))
    state = "SELECT etag, body_sha256, last_success_at FROM ingest.feed_state WHERE feed_id = %s"
    assert await rows(db, state, double.feed_id) == [(None, None, None)]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, "https://new.example/feed", id="no-headers"),
        pytest.param({"Authorization": "Basic eDp5"}, FEED, id="headers-of-its-own"),
    ],
)
def test_feed_with_headers_of_its_own_moves_to_no_other_origin(
    database_url: str, headers: dict[str, str], expected: str
) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        await poll(db, item(A))
        new = "https://new.example/feed"
        feed = await claim_feed(db, at=LATER)
        moved = replace(_moved(feed, new), headers=headers)
        hops = (Hop(url=FEED, status=301),)
        await persist.write_polls(db, [(moved, _same(feed, url=new, hops=hops), 0.5)])
        assert await value(db, "SELECT url FROM news.feeds") == expected

    scenario(database_url=database_url)


@on_database
async def test_adopted_redirect_to_another_feed_merges_the_two(db: Database) -> None:
    await poll(db, item(A))
    old = "https://old.example/feed"
    await poll(db, item(C), url=old)
    feed = await claim_feed(db, old, at=LATER)
    moved = _moved(feed, FEED)
    hops = (Hop(url=old, status=301),)
    await persist.write_polls(db, [(moved, _same(feed, url=FEED, hops=hops), 0.5)])
    assert await rows(db, "SELECT url FROM news.feeds") == [(FEED,)]
    assert await value(db, "SELECT count(*) FROM ingest.entries") == 2
    addresses = await rows(db, "SELECT url FROM news.feed_addresses ORDER BY 1")
    assert addresses == [(FEED,), (old,)]


@on_database
async def test_feed_can_move_to_the_address_of_a_double_of_its_own(db: Database) -> None:
    await poll(db, item(A), item(B))
    slash = f"{FEED}/"
    await _double(db, slash, item(A), item(B))
    feed = await claim_feed(db, FEED, at=LATER + DAY)
    moved = _moved(feed, slash)
    same = _same(feed, url=slash, hops=(Hop(url=FEED, status=301),))
    await persist.write_polls(db, [(moved, same, 0.5)])
    assert await rows(db, "SELECT url FROM news.feeds") == [(slash,)]


@pytest.mark.parametrize("reason", ["network_down", "host_busy"])
def test_nobody_is_charged_for_our_own_troubles(database_url: str, reason: str) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        await poll(db, item(A))
        feed = await claim_feed(db, at=LATER)
        before = await rows(db, STATE, feed.feed_id)
        await persist.write_poll(db, feed, failure(FEED, reason, at=LATER), draw=0.5)
        assert await rows(db, STATE, feed.feed_id) == before
        assert await rows(
            db, "SELECT outcome, reason FROM news.polls WHERE polled_at = %s", LATER
        ) == [("failed", reason)]
        due = await value(db, "SELECT next_poll_at FROM news.feeds")
        assert LATER < due <= LATER + 3 * MINUTE

    scenario(database_url=database_url)


@pytest.mark.parametrize("reason", ["network_down", "host_busy"])
def test_page_is_not_charged_for_our_own_troubles(database_url: str, reason: str) -> None:
    state = "SELECT outcome, stage, attempts, begun, reason, expiries FROM ingest.article_state"

    @on_database
    async def scenario(db: Database) -> None:
        await poll(db, item(A))
        before = await rows(db, state)
        (due,) = await claim_articles(db, at=LATER)
        await persist.write_page(db, due, failure(A, reason, at=LATER), draw=0.5)
        assert await rows(db, state) == before
        assert await value(db, "SELECT due_at FROM ingest.article_state") == LATER + MINUTE
        fetched = await rows(
            db, "SELECT url, reason FROM news.fetches WHERE article_id IS NOT NULL"
        )
        assert fetched == [(A, reason)]

    scenario(database_url=database_url)
