"""The list of feeds: each address once, due when it is new or wanted, gone when it never was one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline import decide, persist
from pipeline.model import Hop
from pipeline.model.listing import ListedFeed
from pipeline.storage import feed_settings, feeds, polls
from tests.pipeline.storage.builders import (
    FEED,
    MINUTE,
    NOW,
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
    from datetime import datetime

    from pipeline.storage.database import Database

TARN = "https://tarn.example/feed"
DESK = {"Authorization": "Basic ZGVzazpodW50ZXIy"}  # desk:hunter2
ALDER = ListedFeed(url=FEED, title="Alder", site_url="https://alder.example/", category="News")
NAMES = "SELECT title, site_url, category FROM ingest.feeds ORDER BY url"
HEADERS = "SELECT headers FROM ingest.feed_headers"
DUE = "SELECT url, next_poll_at, next_poll_reason FROM news.feeds ORDER BY feed_id"


@on_database
async def test_a_new_feed_is_due_at_once(db: Database) -> None:
    (added,) = await feeds.add(db, [FEED], now=NOW, category="Harbours")
    assert added == feeds.Added(feed_id=added.feed_id, url=FEED, state="active", is_new=True)
    assert await rows(db, DUE) == [(FEED, NOW, "new")]
    assert await value(db, "SELECT category FROM news.feeds") == "Harbours"


@on_database
async def test_feeds_are_added_in_the_order_asked_for(db: Database) -> None:
    addresses = [f"https://n{n}.example/feed" for n in range(9)]
    assert [feed.url for feed in await feeds.add(db, addresses, now=NOW)] == addresses


@on_database
async def test_a_known_address_is_not_added_again(db: Database) -> None:
    await feeds.add(db, [FEED], now=NOW)
    again = await feeds.add(db, [TARN, FEED], now=NOW + MINUTE)
    assert [feed.is_new for feed in again] == [True, False]
    assert await rows(db, DUE) == [(FEED, NOW, "new"), (TARN, NOW + MINUTE, "new")]


@on_database
async def test_an_address_asked_for_twice_is_one_feed(db: Database) -> None:
    one, two = await feeds.add(db, [FEED, FEED], now=NOW)
    assert one.feed_id == two.feed_id
    assert await value(db, "SELECT count(*) FROM ingest.feeds") == 1


@on_database
async def test_a_list_says_what_its_feeds_are_called(db: Database) -> None:
    await feeds.register(db, [ALDER], now=NOW)
    assert await rows(db, NAMES) == [("Alder", "https://alder.example/", "News")]


@on_database
async def test_a_list_names_only_what_has_no_name(db: Database) -> None:
    """Category and added time of a known feed stay; its own title wins over that of a list."""
    await feeds.add(db, [FEED, TARN], now=NOW)
    await rows(db, "UPDATE ingest.feeds SET title = 'Own' WHERE url = %s RETURNING 1", TARN)
    tarn = replace(ALDER, url=TARN)
    found = await feeds.register(db, [ALDER, tarn], now=NOW + MINUTE)
    assert [feed.is_new for feed in found] == [False, False]
    assert await rows(db, NAMES) == [
        ("Alder", "https://alder.example/", None),
        ("Own", "https://alder.example/", None),
    ]


@on_database
async def test_the_same_list_again_changes_nothing(db: Database) -> None:
    listed = [ALDER, ListedFeed(url=TARN, headers=DESK), replace(ALDER, title="Other")]
    await feeds.register(db, listed, now=NOW)
    before = await snapshot(db)
    again = await feeds.register(db, listed, now=NOW + MINUTE)
    assert [feed.is_new or feed.is_back for feed in again] == [False] * 3
    assert await snapshot(db) == before


@on_database
async def test_the_first_of_two_with_one_address_counts(db: Database) -> None:
    await feeds.register(db, [ALDER, replace(ALDER, title="Other", category=None)], now=NOW)
    assert await rows(db, NAMES) == [("Alder", "https://alder.example/", "News")]


@on_database
async def test_credentials_of_an_address_go_to_a_feed_without_any(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    await rows(db, "INSERT INTO ingest.feed_headers VALUES (1, %s) RETURNING 1", '{"X-Key": "k"}')
    await feeds.register(db, [ListedFeed(url=FEED, headers=DESK)], now=NOW + MINUTE)
    assert await rows(db, HEADERS) == [({"X-Key": "k", **DESK},)]
    state = "SELECT due_at, etag, last_modified, body_sha256, lease_token FROM ingest.feed_state"
    assert await rows(db, state) == [(NOW + MINUTE, None, None, None, None)]


@on_database
async def test_credentials_of_an_address_replace_none(db: Database) -> None:
    await feeds.register(db, [ListedFeed(url=FEED, headers=DESK)], now=NOW)
    before = await snapshot(db)
    other = ListedFeed(url=FEED, headers={"Authorization": "Basic b3RoZXI6eA=="})
    await feeds.register(db, [other], now=NOW + MINUTE)
    assert await snapshot(db) == before


@on_database
async def test_credentials_do_not_wake_a_paused_feed(db: Database) -> None:
    await feeds.add(db, [FEED], now=NOW)
    await feed_settings.pause(db, [1])
    await feeds.register(db, [ListedFeed(url=FEED, headers=DESK)], now=NOW + MINUTE)
    assert await rows(db, DUE) == [(FEED, None, "paused")]
    assert await rows(db, HEADERS) == [(DESK,)]


@on_database
async def test_a_removed_feed_is_revived_by_its_address(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    await feed_settings.remove(db, [1])
    (found,) = await feeds.register(db, [ALDER], now=NOW + MINUTE)
    assert (found.feed_id, found.is_new, found.is_back, found.state) == (1, False, True, "active")
    assert await rows(db, DUE) == [(FEED, NOW + MINUTE, "added again")]
    (again,) = await feeds.register(db, [ALDER], now=NOW + 2 * MINUTE)
    assert again.is_back is False


@pytest.mark.parametrize("state", ["paused", "gone"])
@on_database
async def test_a_feed_that_is_not_polled_is_not_revived(db: Database, state: str) -> None:
    await feeds.add(db, [FEED], now=NOW)
    await rows(db, "UPDATE ingest.feeds SET state = %s RETURNING 1", state)
    await rows(db, "UPDATE ingest.feed_state SET due_at = NULL RETURNING 1")
    (found,) = await feeds.add(db, [FEED], now=NOW + MINUTE)
    assert (found.is_new, found.is_back, found.state) == (False, False, state)


@on_database
async def test_the_address_of_a_merged_feed_finds_the_other(db: Database) -> None:
    await feeds.add(db, [FEED], now=NOW)
    await feeds.add(db, [TARN], now=NOW)
    await rows(
        db,
        "UPDATE ingest.feeds SET state = 'merged', merged_into = 1 WHERE feed_id = 2 RETURNING 1",
    )
    (found,) = await feeds.add(db, [TARN], now=NOW)
    assert (found.feed_id, found.url, found.is_new) == (1, TARN, False)
    assert await feeds.merged_into(db, [1, 2]) == {2: 1}


@on_database
async def test_the_list_is_handed_on_without_secrets_and_without_what_left_it(db: Database) -> None:
    await feeds.register(db, [replace(ALDER, headers=DESK)], now=NOW)
    await feeds.add(db, [TARN, "https://fell.example/feed"], now=NOW)
    await rows(db, "UPDATE ingest.feeds SET given_title = 'Mine' WHERE url = %s RETURNING 1", TARN)
    await feed_settings.remove(db, [3])
    await feed_settings.pause(db, [1])
    assert await feeds.all_listed(db) == [ALDER, ListedFeed(url=TARN, title="Mine")]


@on_database
async def test_access_says_what_is_known_of_an_address(db: Database) -> None:
    unknown = feeds.Access(feed_id=None, state=None, headers=None, held_until=None)
    assert await feeds.access(db, FEED, now=NOW) == unknown
    await feeds.register(db, [ListedFeed(url=FEED, headers=DESK)], now=NOW)
    known = feeds.Access(feed_id=1, state="active", headers=DESK, held_until=None)
    assert await feeds.access(db, FEED, now=NOW) == known
    assert "ZGVz" not in repr(known)
    await rows(
        db,
        "UPDATE ingest.hosts SET hold_reason = 'rate_limited', next_request_at = %s RETURNING 1",
        NOW + MINUTE,
    )
    held = await feeds.access(db, "https://alder.example/other", now=NOW)
    assert held == replace(unknown, held_until=NOW + MINUTE)
    assert (await feeds.access(db, FEED, now=NOW + MINUTE)).held_until is None


@on_database
async def test_an_address_a_feed_moved_from_finds_it(db: Database) -> None:
    """Three polls over three days were redirected for good; the old address is still known."""
    for day in (0, 2, 4):
        at = NOW + timedelta(days=day)
        feed = await claim_feed(db, FEED, at=at)
        await persist.write_poll(db, feed, moved(feed.url, at), draw=0.5)
        await free(db)
    assert await value(db, "SELECT url FROM news.feeds") == TARN
    (found,) = await feeds.add(db, [FEED], now=NOW + timedelta(days=5))
    assert found.is_new is False
    assert await value(db, "SELECT count(*) FROM ingest.feeds") == 1


def moved(url: str, at: datetime) -> decide.FeedRead:
    read = feed_read(item("https://tarn.example/a"), url=TARN)
    hops = (Hop(url=url, status=301),)
    return replace(read, response=replace(read.response, hops=hops, fetched_at=at))


async def free(db: Database) -> None:
    async with db.session() as session:
        await session.connection.execute(
            "UPDATE ingest.hosts SET leased_until = NULL, lease_token = NULL"
        )


@on_database
async def test_a_feed_is_made_due_once_a_moment(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    number = await value(db, "SELECT feed_id FROM ingest.feeds")
    assert await feeds.make_due(db, [number], now=NOW, reason="asked for") == []
    assert await feeds.make_due(db, None, now=NOW + MINUTE, reason="asked for") == [number]
    assert await rows(db, DUE) == [(FEED, NOW + MINUTE, "asked for")]


@on_database
async def test_a_feed_at_work_is_not_made_due(db: Database) -> None:
    await claim_feed(db)
    assert await feeds.make_due(db, None, now=NOW, reason="asked for") == []


@pytest.mark.parametrize("state", ["paused", "gone"])
@on_database
async def test_a_feed_that_is_not_active_is_not_made_due(db: Database, state: str) -> None:
    await feeds.add(db, [FEED], now=NOW)
    await rows(db, "UPDATE ingest.feeds SET state = %s RETURNING 1", state)
    await rows(db, "UPDATE ingest.feed_state SET due_at = NULL RETURNING 1")
    assert await feeds.make_due(db, None, now=NOW, reason="asked for") == []
    assert await claim_feeds(db) == []


@on_database
async def test_an_address_that_is_no_feed_is_forgotten(db: Database) -> None:
    feed = await claim_feed(db)
    await persist.write_poll(db, feed, failure(FEED, "not_a_feed"), draw=0.5)
    await feeds.forget(db, feed.feed_id)
    assert await rows(db, DUE) == []
    assert await value(db, "SELECT count(*) FROM ingest.feed_urls") == 0


@on_database
async def test_a_feed_with_entries_is_not_forgotten(db: Database) -> None:
    await poll(db, item("https://alder.example/a"))
    await feeds.forget(db, await value(db, "SELECT feed_id FROM ingest.feeds"))
    assert await value(db, "SELECT count(*) FROM ingest.feeds") == 1


@on_database
async def test_a_database_is_live_until_it_is_marked(db: Database) -> None:
    assert await feeds.is_replay(db) is False
    await feeds.mark_replay(db)
    assert await feeds.is_replay(db) is True


async def _moved(db: Database, old: str, new: str) -> None:
    """A feed that was known under one address and lives at another."""
    (added,) = await feeds.add(db, [old], now=NOW)
    feed = await claim_feed(db, old, at=NOW)
    async with db.transaction() as tx:
        await polls.move(tx, feed, url=new, host=new.split("/")[2], now=NOW)
    assert added.feed_id == feed.feed_id


@on_database
async def test_secrets_of_a_former_address_are_not_taken_for_the_present_one(db: Database) -> None:
    old, new = "https://old.example/feed", "https://new.example/feed"
    await _moved(db, old, new)
    await feeds.register(db, [ListedFeed(url=old, headers=DESK)], now=NOW)
    assert await rows(db, HEADERS) == []
    await feeds.register(db, [ListedFeed(url=new, headers=DESK)], now=NOW)
    assert await rows(db, HEADERS) == [(DESK,)]


@on_database
async def test_former_address_is_asked_without_the_secrets_of_the_present_one(db: Database) -> None:
    old, new = "https://old.example/feed", "https://new.example/feed"
    await _moved(db, old, new)
    await feeds.register(db, [ListedFeed(url=new, headers=DESK)], now=NOW)
    assert (await feeds.access(db, old, now=NOW)).headers is None
    assert (await feeds.access(db, new, now=NOW)).headers == DESK
